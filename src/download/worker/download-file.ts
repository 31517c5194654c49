import { AlcoveError } from '../../platform/errors.ts';
import { CHUNK_BYTES, type StoredFile } from '../../storage/weights/weight-store.ts';
import { ChunkPipeline } from './chunk-pipeline.ts';
import type { FileTask } from './file-task.ts';
import { gitBlobId } from './git-blob.ts';
import type { RemoteHash } from './hash-client.ts';
import { readBody } from './read-body.ts';
import { repairFile } from './repair-file.ts';
import { Retry } from './retry.ts';

/** Downloads the rest of a file and verifies it. @throws AlcoveError and AbortError; the verified chunks stay */
export async function downloadFile(task: FileTask, file: StoredFile): Promise<void> {
  if (file.verified) return;
  const { store } = task;
  const progress = await store.readProgress(file.modelId, file.path);
  if (progress === undefined) throw new AlcoveError('model-missing', `${file.path} is not planned`);
  if (progress.file.damagedChunks.length > 0 && (await repairFile(task, progress.file))) return;
  await new FileDownload(task, file).run();
}

class FileDownload {
  readonly #task: FileTask;
  readonly #file: StoredFile;
  readonly #retry: Retry;
  /** The host that sent the bytes, after redirects. */
  #host: string;
  /** Whether a later response had another ETag than the first. */
  #validatorChanged = false;
  #mostTakenBytes = 0;

  constructor(task: FileTask, file: StoredFile) {
    this.#task = task;
    this.#file = file;
    this.#retry = new Retry(task.options);
    this.#host = new URL(file.url).host;
  }

  async run(): Promise<void> {
    const pipeline = await this.#openPipeline();
    try {
      let sha256 = await this.#fetchWhole(pipeline);
      if (!(await this.#isRight(sha256))) {
        // All of it again: the hash does not show which bytes are wrong.
        await this.#restart(pipeline);
        sha256 = await this.#fetchWhole(pipeline);
        if (!(await this.#isRight(sha256))) {
          await this.#restart(pipeline);
          throw this.#wrongHash(sha256);
        }
      }
      await this.#task.store.finishFile(this.#file.modelId, this.#file.path, sha256);
    } finally {
      await pipeline.close();
    }
  }

  /** Continues after the stored bytes. */
  async #openPipeline(): Promise<ChunkPipeline> {
    const { store } = this.#task;
    const { modelId, path } = this.#file;
    const progress = await store.readProgress(modelId, path);
    if (progress === undefined) throw new AlcoveError('model-missing', `${path} is not planned`);
    const { committedBytes } = progress.file;
    const isWhole = committedBytes === this.#file.sizeBytes;
    if (committedBytes % CHUNK_BYTES !== 0 && !isWhole) {
      // The last chunk of a file of unknown size: the host has to be asked again whether more follows.
      await this.#drop(Math.floor(committedBytes / CHUNK_BYTES), committedBytes);
      return this.#openPipeline();
    }
    const hash = await this.#openHash(committedBytes, progress.hashState);
    if (hash === undefined) return this.#openPipeline();
    return new ChunkPipeline(this.#task, progress.file, { committedBytes, hash }, this.#task.onStored);
  }

  /** @returns undefined when a chunk is missing; it was dropped with all after it */
  async #openHash(committedBytes: number, state: Uint8Array | undefined): Promise<RemoteHash | undefined> {
    const { hashes, store } = this.#task;
    if (committedBytes === 0) return hashes.open();
    const known = state && (await hashes.openAt(state));
    if (known !== undefined) return known;
    // The state is from another build of the hash: the stored bytes are hashed again, and not fetched again.
    const hash = await hashes.open();
    for (let index = 0; index * CHUNK_BYTES < committedBytes; index++) {
      const blob = (await store.readChunk(this.#file.modelId, this.#file.path, index))?.blob;
      if (blob === undefined) {
        hash.close();
        await this.#drop(index, committedBytes);
        return undefined;
      }
      await hash.update(await blob.arrayBuffer(), blob.size);
    }
    return hash;
  }

  async #fetchWhole(pipeline: ChunkPipeline): Promise<string> {
    while (!(await this.#tryFetch(pipeline))) {
      // tryFetch has waited.
    }
    this.#task.onTaken();
    return pipeline.finish();
  }

  /** @returns true when all bytes have arrived, false after a failure that can be retried */
  async #tryFetch(pipeline: ChunkPipeline): Promise<boolean> {
    const { sizeBytes, url, path } = this.#file;
    if (pipeline.takenBytes === sizeBytes) return true;
    try {
      await this.#fetchRest(pipeline);
      const takenBytes = pipeline.takenBytes;
      if (sizeBytes !== undefined && takenBytes < sizeBytes) {
        throw new AlcoveError('file-truncated', `${url} ends after ${takenBytes} of ${sizeBytes} bytes`, {
          data: { path, expectedBytes: sizeBytes, receivedBytes: takenBytes },
        });
      }
      return true;
    } catch (error) {
      if (this.#task.signal.aborted) throw this.#task.signal.reason;
      this.#task.onWaiting(true);
      await this.#retry.wait(error, this.#task.signal);
      return false;
    }
  }

  async #fetchRest(pipeline: ChunkPipeline): Promise<void> {
    const { options, signal, onReceived, onWaiting } = this.#task;
    const { url, path, sizeBytes } = this.#file;
    const startByte = pipeline.takenBytes;
    await readBody(
      { url, startByte, etag: pipeline.etag, stallTimeoutMs: options.stallTimeoutMs, signal },
      {
        onResponse: (response) => this.#onResponse(pipeline, response),
        onPiece: async (piece) => {
          onWaiting(false);
          onReceived(piece.length);
          if (sizeBytes !== undefined && pipeline.takenBytes + piece.length > sizeBytes) {
            throw new AlcoveError('file-changed', `${url} is longer than ${sizeBytes} bytes`, { data: { path } });
          }
          await pipeline.take(piece);
          // Bytes that had arrived before a restart are no progress when they arrive again.
          if (pipeline.takenBytes > this.#mostTakenBytes) {
            this.#mostTakenBytes = pipeline.takenBytes;
            this.#retry.succeed();
          }
        },
      },
    );
  }

  async #onResponse(pipeline: ChunkPipeline, response: Response): Promise<void> {
    if (response.url !== '') this.#host = new URL(response.url).host;
    // Last-Modified is the one that every host shows to other origins.
    const etag = response.headers.get('ETag') ?? response.headers.get('Last-Modified') ?? undefined;
    const isChanged = etag !== undefined && pipeline.etag !== undefined && etag !== pipeline.etag;
    this.#validatorChanged ||= isChanged;
    // Without a hash nothing else shows that the rest is of another version; with one, hosts may change their validators.
    const isSameFile = !isChanged || this.#file.sha256 !== undefined || this.#file.gitBlobId !== undefined;
    const isRest = response.status === 206 && isSameFile && startsAt(response, pipeline.takenBytes);
    // A whole file, or another range than requested, must not be appended to the stored bytes.
    if (pipeline.takenBytes > 0 && !isRest) await this.#restart(pipeline);
    if (response.status === 416 || (response.status === 206 && !isRest)) {
      const { url, path, sizeBytes } = this.#file;
      throw new AlcoveError('file-truncated', `${url} has no bytes to continue from`, {
        data: { path, expectedBytes: sizeBytes, receivedBytes: 0 },
      });
    }
    pipeline.etag = etag ?? pipeline.etag;
  }

  async #restart(pipeline: ChunkPipeline): Promise<void> {
    await pipeline.settle();
    const { file } = (await this.#task.store.readProgress(this.#file.modelId, this.#file.path)) ?? {};
    await pipeline.restart();
    this.#task.onStored(-(file?.committedBytes ?? 0));
  }

  async #drop(fromIndex: number, committedBytes: number): Promise<void> {
    await this.#task.store.dropChunks(this.#file.modelId, this.#file.path, fromIndex);
    this.#task.onStored(fromIndex * CHUNK_BYTES - committedBytes);
  }

  async #isRight(sha256: string): Promise<boolean> {
    if (this.#file.sha256 !== undefined) return this.#file.sha256 === sha256;
    if (this.#file.gitBlobId === undefined) return true;
    return (await gitBlobId(this.#task.store, this.#file)) === this.#file.gitBlobId;
  }

  #wrongHash(sha256: string): AlcoveError {
    const { path } = this.#file;
    if (this.#validatorChanged) {
      return new AlcoveError('file-changed', `${path} is not what its revision held`, { data: { path } });
    }
    return new AlcoveError('file-corrupt', `the SHA-256 of ${path} from ${this.#host} is wrong`, {
      data: { path, host: this.#host, expected: this.#file.sha256 ?? this.#file.gitBlobId, received: sha256 },
    });
  }
}

/** Hosts may hide Content-Range from other origins: a 206 without it counts as right. */
function startsAt(response: Response, startByte: number): boolean {
  const range = response.headers.get('Content-Range');
  return range === null || range.startsWith(`bytes ${startByte}-`);
}
