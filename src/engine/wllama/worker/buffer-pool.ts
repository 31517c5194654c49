/**
 * Buffers that carry bytes, to another worker and back, and are used again and again. Others would be left to the garbage
 * collector, which is slow to notice what lies outside its heap; and nothing but this frees a buffer at once.
 */
export class BufferPool {
  readonly #maxBytes: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param maxBytes of the largest buffer that is used again */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns a buffer of just this size */
  take(sizeBytes: number): ArrayBuffer {
    if (sizeBytes > this.#maxBytes) return new ArrayBuffer(sizeBytes);
    const buffer = this.#free.pop() ?? new ArrayBuffer(0, { maxByteLength: this.#maxBytes });
    // Browsers before 2024 give each buffer its size for good.
    if (!buffer.resizable) return new ArrayBuffer(sizeBytes);
    buffer.resize(sizeBytes);
    return buffer;
  }

  giveBack(buffer: ArrayBuffer): void {
    if (!buffer.resizable) return;
    // Its memory goes back to the system; `transfer(0)` would leave it to the collector.
    buffer.resize(0);
    this.#free.push(buffer);
  }
}
