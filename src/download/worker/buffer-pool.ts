import { CHUNK_BYTES } from '../../storage/weights/weight-store.ts';

/** The chunk buffers of a download, made once and used again: they bound its memory, and slow lanes down by their want. */
export class BufferPool {
  readonly #waiting: ((buffer: ArrayBuffer) => void)[] = [];
  readonly #free: ArrayBuffer[] = [];
  #unmadeCount: number;

  constructor(count: number) {
    this.#unmadeCount = count;
  }

  async acquire(): Promise<ArrayBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#unmadeCount > 0) {
      this.#unmadeCount--;
      return new ArrayBuffer(CHUNK_BYTES);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(buffer: ArrayBuffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(buffer);
    else next(buffer);
  }
}
