/**
 * Takes off what an answer begins with if that is the text that it continues: llama.cpp b11364 repeats it, where it
 * knows the chat template. A text may be split over pieces.
 */
export class EchoFilter {
  /** What of the text may still be repeated. */
  #expected: string;
  #held = '';

  /** @param begun the text that is continued; empty for an answer of its own */
  constructor(begun: string) {
    this.#expected = begun;
  }

  push(piece: string): string {
    if (this.#expected === '') return piece;
    this.#held += piece;
    if (this.#expected.startsWith(this.#held) && this.#held !== this.#expected) return '';
    const text = this.#held.startsWith(this.#expected) ? this.#held.slice(this.#expected.length) : this.#held;
    this.#expected = '';
    this.#held = '';
    return text;
  }

  /** What was held back when the answer ended. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
