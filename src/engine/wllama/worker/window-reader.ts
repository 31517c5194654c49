import type { BufferPool } from './buffer-pool.ts';

/** Of a window, and of what llama.cpp reads ahead for a small read (wllama 3.8.1, cpp/wllama-fs.h). */
export const WINDOW_BYTES = 1024 * 1024;

/** The most that is read at once; a larger read is taken apart, at multiples of it. See inner-worker.ts. */
export const PART_BYTES = 4 * WINDOW_BYTES;

/**
 * Windows kept. Tensors are read layer by layer, within a layer in another order than that of the file, so those that a
 * layer's seven matrices touch must be there: SmolLM2 135M takes 4, a model of 600 million parameters in Q8_0 8.
 */
const KEPT_WINDOWS = 8;

/** As much as a stream of a Blob gives at a time. */
const PIECE_BYTES = 256 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Reads parts of a Blob so that each byte is read about once. llama.cpp reads 1 MiB from wherever a small tensor lies,
 * again and again over the same bytes: 251 MB of a file of 98 MB (SmolLM2 135M Q4_1). So a Blob is cut into windows of
 * 1 MiB, and those that a read took only a part of are kept for the reads that follow.
 *
 * No read makes a buffer of its own: what `Blob.arrayBuffer` gives stays in memory until the garbage collector comes by.
 */
export class WindowReader {
  readonly #blob: Blob;
  readonly #pool: BufferPool;
  readonly #onRead: (sizeBytes: number) => void;
  /** In the order of their last use. */
  readonly #kept = new Map<number, Bytes>();
  readonly #covered = new Set<number>();
  #coveredBytes = 0;
  #piece: Bytes = new Uint8Array(PIECE_BYTES);

  /**
   * @param pool where the results come from, to be given back to it; what is kept comes from there too
   * @param onRead called after each read of the Blob, with its size
   */
  constructor(blob: Blob, pool: BufferPool, onRead: (sizeBytes: number) => void) {
    this.#blob = blob;
    this.#pool = pool;
    this.#onRead = onRead;
  }

  /** Bytes of the windows that were read at least once. */
  get coveredBytes(): number {
    return this.#coveredBytes;
  }

  /**
   * One at a time.
   * @throws what the Blob throws, when the browser has lost what is behind it
   */
  async read(start: number, end: number): Promise<ArrayBuffer> {
    const result = this.#pool.take(end - start);
    const target = new Uint8Array(result);
    const isReadAhead = end - start <= WINDOW_BYTES;
    for (let at = start; at < end; ) {
      const index = Math.floor(at / WINDOW_BYTES);
      const from = at - index * WINDOW_BYTES;
      const rest = target.subarray(at - start);
      if (!isReadAhead && from === 0 && rest.length >= WINDOW_BYTES && !this.#kept.has(index)) {
        at += await this.#readWindow(index, rest);
        continue;
      }
      const part = (await this.#window(index)).subarray(from, from + rest.length);
      rest.set(part);
      at += part.length;
    }
    return result;
  }

  /** Lets go of what is kept. */
  clear(): void {
    for (const { buffer } of this.#kept.values()) this.#pool.giveBack(buffer);
    this.#kept.clear();
  }

  /** A window that is kept from now on. */
  async #window(index: number): Promise<Bytes> {
    const kept = this.#kept.get(index);
    this.#kept.delete(index);
    const window = kept ?? this.#oldestBuffer();
    if (kept === undefined) await this.#readWindow(index, window);
    this.#kept.set(index, window);
    return window;
  }

  /** Of the window whose last use is the longest ago, where there is no room for one more. */
  #oldestBuffer(): Bytes {
    if (this.#kept.size >= KEPT_WINDOWS) {
      for (const [index, window] of this.#kept) {
        this.#kept.delete(index);
        return window;
      }
    }
    return new Uint8Array(this.#pool.take(WINDOW_BYTES));
  }

  /** @returns the size of the window: of a file's last one, what there is */
  async #readWindow(index: number, target: Bytes): Promise<number> {
    const start = index * WINDOW_BYTES;
    const sizeBytes = Math.min(WINDOW_BYTES, this.#blob.size - start);
    await this.#copy(this.#blob.slice(start, start + sizeBytes), target);
    if (!this.#covered.has(index)) {
      this.#covered.add(index);
      this.#coveredBytes += sizeBytes;
    }
    this.#onRead(sizeBytes);
    return sizeBytes;
  }

  async #copy(slice: Blob, target: Bytes): Promise<void> {
    const reader = byteReader(slice);
    if (reader === undefined) {
      target.set(new Uint8Array(await slice.arrayBuffer()));
      return;
    }
    for (let at = 0; at < slice.size; ) {
      const { value, done } = await reader.read(this.#piece);
      if (value === undefined || done) throw new Error(`the Blob ends ${slice.size - at} bytes early`);
      target.set(value, at);
      at += value.length;
      this.#piece = new Uint8Array(value.buffer);
    }
    // Its end is not waited for, which would take one more read.
    reader.cancel().catch(() => {});
  }
}

/** Undefined in browsers whose Blobs cannot be read into a buffer that is there, such as Safari 18. */
function byteReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
