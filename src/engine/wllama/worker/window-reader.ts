/** Of a window, and of what llama.cpp reads ahead for a small read (wllama 3.8.1, cpp/wllama-fs.h). */
export const WINDOW_BYTES = 1024 * 1024;

/** Windows kept. Tensors are read layer by layer, within a layer in another order than that of the file. */
const KEPT_WINDOWS = 16;

/** Windows that a large read takes at once. */
const RUN_WINDOWS = 8;

/**
 * Reads parts of a Blob so that each byte is read about once. llama.cpp reads 1 MiB from wherever a small tensor lies,
 * again and again over the same bytes: 251 MB of a file of 98 MB (SmolLM2 135M Q4_1). So a Blob is cut into windows of
 * 1 MiB, and those that a read took only a part of are kept for the reads that follow.
 */
export class WindowReader {
  readonly #blob: Blob;
  readonly #onRead: (sizeBytes: number) => void;
  /** In the order of their last use. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #covered = new Set<number>();
  #coveredBytes = 0;

  /** @param onRead called after each read of the Blob, with its size */
  constructor(blob: Blob, onRead: (sizeBytes: number) => void) {
    this.#blob = blob;
    this.#onRead = onRead;
  }

  /** Bytes of the windows that were read at least once. */
  get coveredBytes(): number {
    return this.#coveredBytes;
  }

  /** @throws what the Blob throws, when the browser has lost what is behind it */
  async read(start: number, end: number): Promise<ArrayBuffer> {
    const result = new Uint8Array(end - start);
    for (let at = start; at < end; ) {
      const index = Math.floor(at / WINDOW_BYTES);
      const kept = this.#kept.get(index);
      const count = kept === undefined ? this.#runLength(at, end) : 1;
      const bytes = kept ?? (await this.#readWindows(index, count));
      const from = at - index * WINDOW_BYTES;
      const part = bytes.subarray(from, from + end - at);
      result.set(part, at - start);
      at += part.byteLength;
      if (count === 1) this.#keep(index, bytes);
    }
    return result.buffer;
  }

  /** Lets go of what is kept. */
  clear(): void {
    this.#kept.clear();
  }

  /** How many windows from `at` on are wanted whole and are not there; one where the first is not. */
  #runLength(at: number, end: number): number {
    if (at % WINDOW_BYTES !== 0) return 1;
    const index = at / WINDOW_BYTES;
    let count = 1;
    while (count < RUN_WINDOWS && (index + count + 1) * WINDOW_BYTES <= end && !this.#kept.has(index + count)) count++;
    return count;
  }

  async #readWindows(index: number, count: number): Promise<Uint8Array> {
    const slice = this.#blob.slice(index * WINDOW_BYTES, (index + count) * WINDOW_BYTES);
    const bytes = new Uint8Array(await slice.arrayBuffer());
    for (let window = index; window < index + count; window++) {
      if (this.#covered.has(window)) continue;
      this.#covered.add(window);
      this.#coveredBytes += Math.min(WINDOW_BYTES, this.#blob.size - window * WINDOW_BYTES);
    }
    this.#onRead(bytes.byteLength);
    return bytes;
  }

  #keep(index: number, bytes: Uint8Array): void {
    this.#kept.delete(index);
    this.#kept.set(index, bytes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_WINDOWS && oldest !== undefined) this.#kept.delete(oldest);
  }
}
