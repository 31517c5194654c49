/** Calls back once when no byte has come for a while. */
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
    this.#timer = setTimeout(this.#onSilence, this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
