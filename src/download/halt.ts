import { type AlcoveError, type ErrorCode, toWireError } from '../platform/errors.ts';
import type { PauseReason, StoredModel } from '../storage/weights/weight-store.ts';
import type { DownloadStatus } from './download-status.ts';

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
