import type { WindowBuffers } from './window-buffers.ts';

/** Size of a window, and of llama.cpp's read-ahead for a small read (wllama 3.13.0, cpp/wllama-fs.h, CACHE_SIZE). */
export const WINDOW_BYTES = 1024 * 1024;

/** The largest read; inner-worker.ts splits larger ones at multiples of it. */
export const PART_BYTES = 4 * WINDOW_BYTES;

/**
 * Number of windows kept. llama.cpp reads tensors layer by layer, but within a layer in another order than the file's, so
 * the windows that a layer's seven matrices touch must be kept: 4 for SmolLM2 135M, 8 for a model of 600 million parameters
 * in Q8_0.
 */
const KEPT_WINDOWS = 8;

/** Chromium's streams of Blobs give at most this much at a time. */
const PIECE_BYTES = 256 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The readers that wait for bytes. Chromium 156 does not keep the byte stream of a Blob alive while a read waits: without
 * this reference the garbage collector takes it, and the read never ends (a load of llama.cpp hung in one run of two
 * whose second page used much memory).
 */
const waiting = new Set<ReadableStreamBYOBReader>();

/**
 * Reads parts of a Blob so that each byte is read about once. llama.cpp reads ahead 1 MiB from each small tensor, over and
 * over the same bytes: 251 MB of a file of 98 MB (SmolLM2 135M Q4_1). So the Blob is divided into windows of 1 MiB, and a
 * window of which a read took only a part is kept for the next reads.
 *
 * No read allocates a buffer of its own: the result of `Blob.arrayBuffer` stays in memory until the garbage collector runs.
 */
export class WindowReader {
  readonly #blob: Blob;
  readonly #pool: WindowBuffers;
  readonly #onRead: (sizeBytes: number) => void;
  /** By index, the least recently used first. */
  readonly #kept = new Map<number, Bytes>();
  readonly #covered = new Set<number>();
  #coveredBytes = 0;
  #piece: Bytes = new Uint8Array(PIECE_BYTES);

  /**
   * @param pool gives the buffers of results, to be given back to it, and of kept windows
   * @param onRead called after each read of the Blob, with its size
   */
  constructor(blob: Blob, pool: WindowBuffers, onRead: (sizeBytes: number) => void) {
    this.#blob = blob;
    this.#pool = pool;
    this.#onRead = onRead;
  }

  /** Bytes of all windows that were read at least once. */
  get coveredBytes(): number {
    return this.#coveredBytes;
  }

  /** Wait for the promise before the next call. @throws the Blob's error when the browser has lost its data */
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

  /** Releases the kept windows. */
  clear(): void {
    for (const { buffer } of this.#kept.values()) this.#pool.giveBack(buffer);
    this.#kept.clear();
  }

  /** Reads a window and keeps it. */
  async #window(index: number): Promise<Bytes> {
    const kept = this.#kept.get(index);
    this.#kept.delete(index);
    const window = kept ?? this.#oldestBuffer();
    if (kept === undefined) await this.#readWindow(index, window);
    this.#kept.set(index, window);
    return window;
  }

  /** The buffer of the least recently used window, or a new one while fewer than KEPT_WINDOWS are kept. */
  #oldestBuffer(): Bytes {
    if (this.#kept.size >= KEPT_WINDOWS) {
      for (const [index, window] of this.#kept) {
        this.#kept.delete(index);
        return window;
      }
    }
    return new Uint8Array(this.#pool.take(WINDOW_BYTES));
  }

  /** @returns the window's size in bytes; the last window of a file may be smaller */
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
    waiting.add(reader);
    try {
      for (let at = 0; at < slice.size; ) {
        const { value, done } = await reader.read(this.#piece);
        if (value === undefined || done) throw new Error(`the Blob ends ${slice.size - at} bytes early`);
        target.set(value, at);
        at += value.length;
        this.#piece = new Uint8Array(value.buffer);
      }
    } finally {
      waiting.delete(reader);
    }
    // Not awaited: the end of the stream would take one more read.
    reader.cancel().catch(() => {});
  }
}

/** Undefined in browsers that cannot read a Blob into an existing buffer, such as Safari 18. */
function byteReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
