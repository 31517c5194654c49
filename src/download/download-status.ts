import type { WireError } from '../platform/errors.ts';

/**
 * Where the download of one model stands, the same in every tab. `loadedBytes` never falls but for a file that has to
 * be fetched again, and never counts a byte twice.
 */
export type DownloadStatus =
  | { readonly status: 'planning' }
  | ({ readonly status: 'downloading' } & DownloadFigures)
  | ({ readonly status: 'paused'; readonly error?: WireError } & DownloadFigures)
  | { readonly status: 'failed'; readonly error: WireError }
  | { readonly status: 'complete'; readonly totalBytes: number }
  | { readonly status: 'cancelled' };

export interface DownloadFigures {
  /** Bytes committed to the store. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; undefined until it can be told. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  /** Set while a lost connection is being waited for. */
  readonly waitingForNetwork: boolean;
}
