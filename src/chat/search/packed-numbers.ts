/**
 * Ascending numbers, in about one byte each when they lie close: the differences between them, seven bits a byte, of which the
 * highest is set while another byte follows.
 */
export class PackedNumbers {
  #bytes: Uint8Array;
  #length = 0;
  #last = 0;

  /** @param numbers at least one, ascending */
  constructor(numbers: readonly number[]) {
    this.#bytes = new Uint8Array(numbers.length * 2);
    for (const number of numbers) this.push(number);
  }

  /** @param index only the last number can be read without the others */
  at(_index: -1): number {
    return this.#last;
  }

  /** @param number larger than the last one */
  push(number: number): void {
    let difference = number - this.#last;
    this.#last = number;
    for (; difference > 0x7f; difference >>>= 7) this.#write(0x80 | (difference & 0x7f));
    this.#write(difference);
  }

  forEach(visit: (number: number) => void): void {
    let number = 0;
    for (let at = 0; at < this.#length; at += 1) {
      let difference = 0;
      let shift = 0;
      for (; (this.#bytes[at] ?? 0) > 0x7f; at += 1, shift += 7) difference |= ((this.#bytes[at] ?? 0) & 0x7f) << shift;
      number += difference | ((this.#bytes[at] ?? 0) << shift);
      visit(number);
    }
  }

  #write(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(Math.ceil(this.#length * 1.25));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
