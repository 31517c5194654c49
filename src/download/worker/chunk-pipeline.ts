import { CHUNK_BYTES, type WeightStore } from '../../storage/weights/weight-store.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { HashClient, RemoteHash } from './hash-client.ts';

export interface PipelineTools {
  readonly store: WeightStore;
  readonly hashes: HashClient;
  readonly buffers: BufferPool;
}

/** Cuts a file's bytes into chunks, hashes each in the other worker while the next fills, and stores them in order. */
export class ChunkPipeline {
  readonly #tools: PipelineTools;
  readonly #modelId: string;
  readonly #path: string;
  readonly #onStored: (storedBytes: number) => void;
  #hash: RemoteHash;
  #index: number;
  /** Counted, not derived from `#index`: the last chunk is short, and a file may be whole already. */
  #takenBytes: number;
  #buffer: ArrayBuffer | undefined;
  #filledBytes = 0;
  #etag: string | undefined;
  /** Settles when all chunks that were handed over are stored. */
  #writes: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** Continues after `committedBytes`, a whole number of chunks or the whole file, with their hash. */
  constructor(
    tools: PipelineTools,
    file: { readonly modelId: string; readonly path: string; readonly etag: string | undefined },
    start: { readonly committedBytes: number; readonly hash: RemoteHash },
    onStored: (storedBytes: number) => void,
  ) {
    this.#tools = tools;
    this.#modelId = file.modelId;
    this.#path = file.path;
    this.#etag = file.etag;
    this.#onStored = onStored;
    this.#index = Math.ceil(start.committedBytes / CHUNK_BYTES);
    this.#takenBytes = start.committedBytes;
    this.#hash = start.hash;
  }

  /** Bytes taken so far: the offset of the next one. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  get etag(): string | undefined {
    return this.#etag;
  }

  set etag(etag: string | undefined) {
    this.#etag = etag;
  }

  async take(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#buffer ??= await this.#tools.buffers.acquire();
      const part = rest.subarray(0, CHUNK_BYTES - this.#filledBytes);
      new Uint8Array(this.#buffer).set(part, this.#filledBytes);
      this.#filledBytes += part.length;
      this.#takenBytes += part.length;
      rest = rest.subarray(part.length);
      if (this.#filledBytes === CHUNK_BYTES) this.#handOver();
    }
  }

  /** Stores the last chunk and waits for all of them. @returns the SHA-256 of the file */
  async finish(): Promise<string> {
    if (this.#filledBytes > 0) this.#handOver();
    await this.settle();
    return this.#hash.digest();
  }

  /** Waits until all chunks that were handed over are stored. @throws the error that prevented it */
  async settle(): Promise<void> {
    await this.#writes;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Drops all bytes of the file, stored or not, to start again from its first byte. */
  async restart(): Promise<void> {
    await this.settle();
    await this.#tools.store.dropChunks(this.#modelId, this.#path);
    this.#hash.close();
    this.#hash = await this.#tools.hashes.open();
    this.#index = 0;
    this.#takenBytes = 0;
    this.#filledBytes = 0;
    this.#etag = undefined;
  }

  /** Releases the buffer after the last write. */
  async close(): Promise<void> {
    await this.#writes;
    this.#hash.close();
    if (this.#buffer !== undefined) this.#tools.buffers.release(this.#buffer);
    this.#buffer = undefined;
  }

  #handOver(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    const sizeBytes = this.#filledBytes;
    const index = this.#index;
    this.#buffer = undefined;
    this.#filledBytes = 0;
    this.#index++;
    // The Blob takes its copy before the buffer goes to the hash worker, and is written meanwhile.
    const blob = new Blob([new Uint8Array(buffer, 0, sizeBytes)]);
    const hashed = this.#hash.update(buffer, sizeBytes);
    // Awaited only after the writes before it: until then a failure must not count as unhandled.
    hashed.catch(() => {});
    const etag = this.#etag;
    this.#writes = this.#writes
      .then(async () => {
        // Without a buffer from the hash worker, which has failed: the pool replaces one that was given away.
        let returned = buffer;
        try {
          const result = await hashed;
          returned = result.buffer;
          if (this.#failure !== undefined) return;
          const key = { modelId: this.#modelId, path: this.#path, index };
          await this.#tools.store.writeChunk({ ...key, blob, hashState: result.state, etag });
          this.#onStored(sizeBytes);
          hintAtGarbage();
        } finally {
          this.#tools.buffers.release(returned);
        }
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      });
  }
}

/**
 * Makes the garbage collector run every few chunks. A stored Blob's bytes stay in the browser's process until the collector
 * drops the Blob, and it counts a Blob as a few bytes: after 256 MiB all of them were still in memory (Chromium 156). It does
 * count buffers. This one is never written to, so it takes no memory. With it at most 70 MiB stay, at no cost in time.
 */
function hintAtGarbage(): void {
  try {
    hint[0] = new ArrayBuffer(2 * CHUNK_BYTES);
  } catch {
    // No address space is left: the collector runs anyway.
  }
}

/** Keeps the last buffer until the next: a buffer dropped at once goes in a minor collection, which leaves Blobs alone. */
const hint: ArrayBuffer[] = [];
