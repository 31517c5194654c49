import { type AlcoveError, type ErrorCode, toWireError, type WireError } from '../platform/errors.ts';
import type { PauseReason, StoredModel } from '../storage/weights/weight-store.ts';

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

/** Failures after which the same download may go on later: it pauses. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'offline',
  'stalled',
  'rate-limited',
  'server-error',
  'quota-exceeded',
  'storage-unavailable',
  'storage-blocked',
  'storage-outdated',
  'internal',
]);

/** @param error undefined for a pause that was asked for */
export function pauseReasonFor(
  error: AlcoveError | undefined,
  model: StoredModel | undefined,
  now = Date.now(),
): PauseReason {
  if (error === undefined) return { status: 'paused', error: undefined, at: now };
  // Before the first byte there is nothing to pause.
  const canGoOn = PASSING.has(error.code) && (model?.storedBytes ?? 0) > 0;
  return { status: canGoOn ? 'paused' : 'failed', error: toWireError(error), at: now };
}

export function pausedStatus(halt: PauseReason, model: StoredModel | undefined): DownloadStatus {
  if (halt.status === 'failed' && halt.error !== undefined) return { status: 'failed', error: halt.error };
  return {
    status: 'paused',
    ...(halt.error === undefined ? {} : { error: halt.error }),
    loadedBytes: model?.storedBytes ?? 0,
    totalBytes: model?.sizeBytes ?? 0,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
    waitingForNetwork: false,
  };
}
