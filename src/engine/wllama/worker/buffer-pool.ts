/**
 * Buffers that carry bytes to another worker and come back empty, again and again. A buffer for each message would be left
 * to the garbage collector, which is slow to notice what lies outside its heap: loads took more than twice the memory.
 */
export class BufferPool {
  readonly #maxBytes: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param maxBytes of the largest buffer that is used again */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns a buffer of just this size, with anything in it */
  take(sizeBytes: number): ArrayBuffer {
    if (sizeBytes > this.#maxBytes) return new ArrayBuffer(sizeBytes);
    const buffer = this.#free.pop() ?? new ArrayBuffer(sizeBytes, { maxByteLength: this.#maxBytes });
    // Not in browsers before 2024: there each buffer has its size for good.
    if (buffer.resizable) buffer.resize(sizeBytes);
    return buffer;
  }

  giveBack(buffer: ArrayBuffer): void {
    if (buffer.resizable) this.#free.push(buffer);
  }
}
