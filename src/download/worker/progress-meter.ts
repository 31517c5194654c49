import type { StoredModel } from '../../storage/weights/weight-store.ts';
import type { DownloadFigures } from '../download-status.ts';
import type { FileTask } from './file-task.ts';

/** The rate is an average over so long: steady, and still following a change of network. */
const RATE_WINDOW_MS = 5_000;
const LEAST_RATE_WINDOW_MS = 500;

/** Turns the reports of the download slots into the figures of the whole download, at regular intervals. */
export class ProgressMeter {
  readonly #totalBytes: number;
  readonly #onFigures: (figures: DownloadFigures) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #active = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #samples: { readonly at: number; readonly receivedBytes: number }[] = [];
  #loadedBytes: number;
  #receivedBytes = 0;

  constructor(model: StoredModel, intervalMs: number, onFigures: (figures: DownloadFigures) => void) {
    this.#totalBytes = model.sizeBytes;
    this.#loadedBytes = model.storedBytes;
    this.#onFigures = onFigures;
    this.#timer = setInterval(() => this.#report(), intervalMs);
    this.#report();
  }

  /** The callbacks of the slot that fetches `path`. */
  follow(path: string): Pick<FileTask, 'onReceived' | 'onStored' | 'onWaiting'> {
    this.#active.add(path);
    return {
      onReceived: (receivedBytes) => {
        this.#receivedBytes += receivedBytes;
      },
      onStored: (storedBytes) => {
        this.#loadedBytes += storedBytes;
      },
      onWaiting: (waiting) => {
        if (waiting) this.#waiting.add(path);
        else this.#waiting.delete(path);
      },
    };
  }

  unfollow(path: string): void {
    this.#active.delete(path);
    this.#waiting.delete(path);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#report();
  }

  #report(): void {
    const bytesPerSecond = this.#rate(performance.now());
    // A file whose host reports no size has one only when it has arrived.
    const totalBytes = Math.max(this.#totalBytes, this.#loadedBytes);
    this.#onFigures({
      loadedBytes: this.#loadedBytes,
      totalBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond ? (totalBytes - this.#loadedBytes) / bytesPerSecond : undefined,
      waitingForNetwork: this.#waiting.size > 0 && this.#waiting.size === this.#active.size,
    });
  }

  #rate(now: number): number | undefined {
    this.#samples.push({ at: now, receivedBytes: this.#receivedBytes });
    while (this.#samples.length > 1 && now - (this.#samples[0]?.at ?? now) > RATE_WINDOW_MS) this.#samples.shift();
    const [oldest] = this.#samples;
    if (oldest === undefined || now - oldest.at < LEAST_RATE_WINDOW_MS) return undefined;
    return ((this.#receivedBytes - oldest.receivedBytes) / (now - oldest.at)) * 1000;
  }
}
