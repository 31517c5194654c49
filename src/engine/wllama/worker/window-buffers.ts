/**
 * Buffers that carry a file's bytes to llama.cpp's worker and back, to be used again. Left to the garbage collector they
 * would pile up: it is slow to notice memory outside of its heap, and a load of SmolLM2 135M peaked at 3.96 times the model
 * instead of 3.56 (`npm run bench -- llama-memory`, 25 and 28 November 2026, 2-core Xeon).
 */
export class WindowBuffers {
  readonly #maxBytes: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param maxBytes size of the largest buffer that is kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns a buffer of exactly this size; its content is not defined */
  take(sizeBytes: number): ArrayBuffer {
    if (sizeBytes > this.#maxBytes) return new ArrayBuffer(sizeBytes);
    const buffer = this.#free.pop() ?? new ArrayBuffer(0, { maxByteLength: this.#maxBytes });
    // Browsers before 2024 have no resizable buffers.
    if (!buffer.resizable) return new ArrayBuffer(sizeBytes);
    buffer.resize(sizeBytes);
    return buffer;
  }

  giveBack(buffer: ArrayBuffer): void {
    if (!buffer.resizable) return;
    // Shrinking gives the memory back to the system at once; `transfer(0)` leaves it to the collector in Chromium 156.
    buffer.resize(0);
    this.#free.push(buffer);
  }
}
