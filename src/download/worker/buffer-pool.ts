import { CHUNK_BYTES } from '../../storage/weights/weight-store.ts';

/** The reused chunk buffers of a download. They bound its memory: a slot waits when none is free. */
export class BufferPool {
  readonly #waiting: ((buffer: ArrayBuffer) => void)[] = [];
  readonly #free: ArrayBuffer[] = [];
  #remainingCount: number;

  constructor(count: number) {
    this.#remainingCount = count;
  }

  async acquire(): Promise<ArrayBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#remainingCount > 0) {
      this.#remainingCount--;
      return new ArrayBuffer(CHUNK_BYTES);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes a buffer back, or replaces one that was transferred to a worker and did not return. */
  release(buffer: ArrayBuffer): void {
    const usable = buffer.byteLength === CHUNK_BYTES ? buffer : new ArrayBuffer(CHUNK_BYTES);
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(usable);
    else next(usable);
  }
}
