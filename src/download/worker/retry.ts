import { AlcoveError, abortError, type ErrorCode } from '../../platform/errors.ts';
import type { DownloadOptions } from '../download-options.ts';

/** Failures that can pass without the user. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'offline',
  'stalled',
  'rate-limited',
  'server-error',
  'file-truncated',
]);

/** A host that asks for more patience, of hours or days, gets none: the user hears of it, and continues when they like. */
const MOST_PATIENCE_MS = 10 * 60_000;

/** Wakes the retries that wait for the network. */
export const networkWake = new EventTarget();
globalThis.addEventListener('online', () => networkWake.dispatchEvent(new Event('wake')));

type RetryOptions = Pick<DownloadOptions, 'firstRetryDelayMs' | 'longestRetryDelayMs' | 'retryLimit'>;

/** Counts the failures of one file and waits between them, longer each time. */
export class Retry {
  readonly #options: RetryOptions;
  #failureCount = 0;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Called when a new byte has arrived: earlier failures no longer count. */
  succeed(): void {
    this.#failureCount = 0;
  }

  /**
   * Waits for the next try, or throws the error if a retry cannot help. Continues at once when the network comes back; while
   * the browser reports itself offline, it keeps waiting and does not count the failure.
   */
  async wait(error: unknown, signal: AbortSignal): Promise<void> {
    if (!AlcoveError.isInstance(error) || !PASSING.has(error.code)) throw error;
    const isOffline = error.code === 'offline' && !navigator.onLine;
    if (!isOffline && this.#failureCount >= this.#options.retryLimit) throw error;
    const { firstRetryDelayMs, longestRetryDelayMs } = this.#options;
    const delayMs = Math.min(longestRetryDelayMs, firstRetryDelayMs * 2 ** this.#failureCount);
    const jitteredMs = delayMs * (1 - Math.random() / 2);
    const retryAfterMs = Number(error.data['retryAfterMs'] ?? 0);
    if (retryAfterMs > MOST_PATIENCE_MS) throw error;
    if (!isOffline) this.#failureCount++;
    await sleep(Math.max(jitteredMs, retryAfterMs), signal, error.code !== 'rate-limited');
  }
}

async function sleep(delayMs: number, signal: AbortSignal, endsWithNetwork: boolean): Promise<void> {
  const stop = new AbortController();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason), stop);
    if (endsWithNetwork) networkWake.addEventListener('wake', () => resolve(), stop);
    if (signal.aborted) reject(signal.reason ?? abortError());
  }).finally(() => stop.abort());
}
