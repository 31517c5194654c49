/**
 * Calls back once when no byte has come for a while. Time in which this page was frozen does not count: what came meanwhile is
 * read after the timer that was due first.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number, onSilence: () => void) {
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
    this.heard();
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(this.#onSilence, this.#limitMs / 2);
    }, this.#limitMs / 2);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
