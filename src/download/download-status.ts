import { type AlcoveError, type ErrorCode, toWireError, type WireError } from '../platform/errors.ts';
import type { PauseReason, StoredModel } from '../storage/weights/weight-store.ts';

/** The same in every tab. `loadedBytes` falls only when a file is fetched again, and never counts a byte twice. */
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
  /** Over the last seconds; undefined until it was measured. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  /** True while all slots wait for a lost connection. */
  readonly waitingForNetwork: boolean;
}

/** Failures after which the same download can continue later: it pauses. */
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

/** @param error undefined for a pause that the user asked for */
export function pauseReasonFor(
  error: AlcoveError | undefined,
  model: StoredModel | undefined,
  now = Date.now(),
): PauseReason {
  if (error === undefined) return { status: 'paused', error: undefined, at: now };
  // Before the first byte there is nothing to pause.
  const canContinue = PASSING.has(error.code) && (model?.storedBytes ?? 0) > 0;
  return { status: canContinue ? 'paused' : 'failed', error: toWireError(error), at: now };
}

export function pausedStatus(reason: PauseReason, model: StoredModel | undefined): DownloadStatus {
  if (reason.status === 'failed' && reason.error !== undefined) return { status: 'failed', error: reason.error };
  return {
    status: 'paused',
    ...(reason.error === undefined ? {} : { error: reason.error }),
    loadedBytes: model?.storedBytes ?? 0,
    totalBytes: model?.sizeBytes ?? 0,
    bytesPerSecond: undefined,
    secondsLeft: undefined,
    waitingForNetwork: false,
  };
}
