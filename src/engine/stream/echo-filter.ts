/**
 * Removes the beginning of an answer if it repeats the text that the answer continues: llama.cpp b11364 repeats it for chat
 * templates that it knows. A text may be split over pieces.
 */
export class EchoFilter {
  /** The text that may still be repeated. */
  #expected: string;
  #held = '';

  /** @param start the text that is continued; empty for an answer of its own */
  constructor(start: string) {
    this.#expected = start;
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

  /** Ends the answer. @returns the text that was held back */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
