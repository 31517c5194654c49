import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { AlcoveError } from '../../platform/errors.ts';
import { Database } from '../database.ts';
import { whileUnused } from './model-lock.ts';
import type { ModelPlan, PauseReason, PlannedFile, StoredModel } from './stored-model.ts';
import { forgetStored } from './stored-model-ids.ts';
import {
  CHUNK_BYTES,
  type ChunkEntry,
  type FileEntry,
  type ModelEntry,
  toStoredModel,
  type WeightSchema,
} from './weight-store-schema.ts';

export { holdModel, modelLockName } from './model-lock.ts';
export type { ModelPlan, PauseReason, PlannedFile, StoredFile, StoredModel } from './stored-model.ts';
export { CHUNK_BYTES } from './weight-store-schema.ts';

/** Where a download continues a file. */
export interface FileProgress {
  readonly file: FileEntry;
  /** The hash state after the last chunk written; undefined before the first. */
  readonly hashState: Uint8Array | undefined;
}

export interface ChunkWrite {
  readonly modelId: string;
  readonly path: string;
  /** The next chunk of the file, or one of its damaged chunks. */
  readonly index: number;
  readonly blob: Blob;
  /** SHA-256's state after this chunk. */
  readonly hashState: Uint8Array;
  /** The host's validator of the response that the chunk came with. */
  readonly etag: string | undefined;
}

/** What the store asks of a database. */
type WeightDatabase = Pick<Database<WeightSchema>, 'name' | 'run' | 'close'>;

const STORES = ['models', 'files', 'chunks'] as const;
type Stores = typeof STORES;

/**
 * The weights of all models, once for all engines, in IndexedDB as Blobs of 4 MiB. For pages and workers. Every write
 * resolves when its transaction is complete.
 *
 * Every method may throw AlcoveError `quota-exceeded`, `storage-unavailable` or `storage-blocked`.
 */
class WeightStoreOverDatabase {
  readonly #database: WeightDatabase;

  constructor(database: WeightDatabase) {
    this.#database = database;
  }

  async listModels(): Promise<StoredModel[]> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(['models', 'files']);
      const [models, files] = await Promise.all([
        transaction.objectStore('models').getAll(),
        transaction.objectStore('files').getAll(),
      ]);
      return models.map((model) =>
        toStoredModel(
          model,
          files.filter((file) => file.modelId === model.id),
        ),
      );
    });
  }

  async getModel(modelId: string): Promise<StoredModel | undefined> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(['models', 'files']);
      const [model, files] = await Promise.all([
        transaction.objectStore('models').get(modelId),
        transaction.objectStore('files').getAll(keysOf(modelId)),
      ]);
      return model === undefined ? undefined : toStoredModel(model, files);
    });
  }

  /**
   * Stores a plan before the first byte. What is stored of the same files stays; a file that the plan no longer
   * has, or has with another hash, size or address, is dropped.
   * @throws AlcoveError `file-changed` when the plan lists other bytes than before under the same revision
   */
  async addModel(plan: ModelPlan, now = Date.now()): Promise<StoredModel> {
    const modelId = plan.record.id;
    return this.#write(STORES, 'strict', async (transaction) => {
      const models = transaction.objectStore('models');
      const files = transaction.objectStore('files');
      const [before, oldFiles] = await Promise.all([models.get(modelId), files.getAll(keysOf(modelId))]);
      const sameRevision = before?.revision === plan.revision;
      const entries = plan.files.map((file) => mergeFile(modelId, file, sameRevision, oldFiles));
      const kept = new Set(entries.filter((file) => file.committedBytes > 0).map((file) => file.path));
      const verifiedAgainst = plan.verifiedAgainst ?? (kept.size > 0 ? before?.verifiedAgainst : undefined);
      const model: ModelEntry = {
        ...(verifiedAgainst !== undefined && { verifiedAgainst }),
        id: modelId,
        record: plan.record,
        revision: plan.revision,
        addedAt: before?.addedAt ?? now,
        lastUsedAt: before?.lastUsedAt,
        verifiedAt: before?.verifiedAt,
        halt: undefined,
      };
      const dropped = oldFiles.filter((file) => !kept.has(file.path));
      await Promise.all([
        models.put(model),
        ...dropped.map((file) => files.delete([modelId, file.path])),
        ...dropped.map((file) => transaction.objectStore('chunks').delete(keysOf(modelId, file.path))),
        ...entries.map((file) => files.put(file)),
      ]);
      return toStoredModel(model, entries);
    });
  }

  /** Records why a download is paused or failed; undefined says that it runs. Does nothing for a model that was deleted. */
  async setPauseReason(modelId: string, pauseReason: PauseReason | undefined): Promise<void> {
    await this.#updateModel(modelId, (model) => ({ ...model, halt: pauseReason }));
  }

  /** @returns undefined when the file is not planned */
  async readProgress(modelId: string, path: string): Promise<FileProgress | undefined> {
    return this.#database.run(async (database) => {
      const file = await database.get('files', [modelId, path]);
      if (file === undefined) return undefined;
      if (file.committedBytes === 0) return { file, hashState: undefined };
      const last = Math.ceil(file.committedBytes / CHUNK_BYTES) - 1;
      return { file, hashState: (await database.get('chunks', [modelId, path, last]))?.hashState };
    });
  }

  /** @returns undefined when the chunk was never written */
  async readChunk(modelId: string, path: string, index: number): Promise<ChunkEntry | undefined> {
    return this.#database.run((database) => database.get('chunks', [modelId, path, index]));
  }

  /**
   * Stores one chunk and the file's progress in one transaction.
   *
   * The transaction is relaxed: a killed tab or browser loses nothing of it, and after a power failure the database
   * comes back to an earlier transaction, each of which is whole. `finishFile` is strict and flushes them all.
   * @throws AlcoveError `model-missing` when the model was deleted meanwhile, `internal` for a chunk out of order
   */
  async writeChunk({ modelId, path, index, blob, hashState, etag }: ChunkWrite): Promise<void> {
    await this.#write(['files', 'chunks'], 'relaxed', async (transaction) => {
      const files = transaction.objectStore('files');
      const file = await files.get([modelId, path]);
      if (file === undefined) throw new AlcoveError('model-missing', `${modelId}/${path} is not in the store`);
      const isNext = index * CHUNK_BYTES === file.committedBytes;
      if (!isNext && !file.damagedChunks.includes(index)) {
        throw new AlcoveError('internal', `chunk ${index} of ${path} does not follow ${file.committedBytes} bytes`);
      }
      await Promise.all([
        transaction.objectStore('chunks').put({ blob, hashState }, [modelId, path, index]),
        files.put({
          ...file,
          etag: file.etag ?? etag,
          committedBytes: isNext ? file.committedBytes + blob.size : file.committedBytes,
          damagedChunks: file.damagedChunks.filter((damaged) => damaged !== index),
        }),
      ]);
    });
  }

  /** Drops what is stored of a file, all of it or the chunks from `fromIndex` on. */
  async dropChunks(modelId: string, path: string, fromIndex = 0): Promise<void> {
    await this.#write(['files', 'chunks'], 'strict', async (transaction) => {
      const files = transaction.objectStore('files');
      const file = await files.get([modelId, path]);
      if (file === undefined) return;
      await Promise.all([
        transaction.objectStore('chunks').delete(keysOf(modelId, path, fromIndex)),
        files.put({
          ...file,
          etag: fromIndex === 0 ? undefined : file.etag,
          committedBytes: Math.min(file.committedBytes, fromIndex * CHUNK_BYTES),
          damagedChunks: file.damagedChunks.filter((index) => index < fromIndex),
          verified: false,
        }),
      ]);
    });
  }

  /** Drops the bytes of damaged chunks and keeps their hash states, so that only these are fetched again. */
  async markDamaged(modelId: string, path: string, indices: readonly number[]): Promise<void> {
    await this.#write(['files', 'chunks'], 'strict', async (transaction) => {
      const files = transaction.objectStore('files');
      const chunks = transaction.objectStore('chunks');
      const file = await files.get([modelId, path]);
      if (file === undefined) return;
      const damagedChunks = [...new Set([...file.damagedChunks, ...indices])].sort((a, b) => a - b);
      const emptied = indices.map(async (index) => {
        const chunk = await chunks.get([modelId, path, index]);
        if (chunk !== undefined) await chunks.put({ ...chunk, blob: undefined }, [modelId, path, index]);
      });
      await Promise.all([...emptied, files.put({ ...file, damagedChunks, verified: false })]);
    });
  }

  /**
   * Marks a file as complete and verified, after all its chunks.
   * @param sha256 of its bytes, kept for a file that had none
   * @returns true if the model is complete with it
   */
  async finishFile(modelId: string, path: string, sha256: string, now = Date.now()): Promise<boolean> {
    return this.#write(['models', 'files'], 'strict', async (transaction) => {
      const files = transaction.objectStore('files');
      const models = transaction.objectStore('models');
      const [model, entries] = await Promise.all([models.get(modelId), files.getAll(keysOf(modelId))]);
      const file = entries.find((entry) => entry.path === path);
      if (model === undefined || file === undefined) {
        throw new AlcoveError('model-missing', `${modelId}/${path} is not in the store`);
      }
      const complete = entries.every((entry) => entry === file || entry.verified);
      await Promise.all([
        files.put({ ...file, sizeBytes: file.committedBytes, sha256, verified: true }),
        complete ? models.put({ ...model, verifiedAt: now, halt: undefined }) : undefined,
      ]);
      return complete;
    });
  }

  /**
   * A file as one Blob over its stored chunks. Reads no bytes: they are read when the Blob is.
   * @returns undefined when the file is not stored or not verified
   * @throws AlcoveError `model-damaged` when bytes are missing
   */
  async readFile(modelId: string, path: string): Promise<Blob | undefined> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(['files', 'chunks']);
      const [file, chunks] = await Promise.all([
        transaction.objectStore('files').get([modelId, path]),
        transaction.objectStore('chunks').getAll(keysOf(modelId, path)),
      ]);
      if (!file?.verified) return undefined;
      const whole = new Blob(chunks.flatMap((chunk) => chunk.blob ?? []));
      if (whole.size === file.committedBytes) return whole;
      throw new AlcoveError('model-damaged', `${path} has ${whole.size} of ${file.committedBytes} bytes`, {
        data: { path },
      });
    });
  }

  /** Notes that a model was used later than all others, also after the user's clock was put back. */
  async markUsed(modelId: string, now = Date.now()): Promise<void> {
    const models = await this.listModels();
    const last = Math.max(0, ...models.map(({ record, lastUsedAt = 0 }) => (record.id === modelId ? 0 : lastUsedAt)));
    await this.#updateModel(modelId, (model) => ({ ...model, lastUsedAt: Math.max(now, last + 1) }));
  }

  async markVerified(modelId: string, now = Date.now()): Promise<void> {
    await this.#updateModel(modelId, (model) => ({ ...model, verifiedAt: now }));
  }

  /**
   * Deletes a model and its unfinished download. Cancel a running download first; else it ends with `model-missing`.
   * @returns the bytes that were freed, 0 for an unknown model
   * @throws AlcoveError `model-in-use` while a tab or worker holds it (see holdModel)
   */
  async deleteModel(modelId: string): Promise<number> {
    let freedBytes = 0;
    const deleted = await whileUnused(modelId, async () => {
      freedBytes = (await this.getModel(modelId))?.storedBytes ?? 0;
      await this.#write(STORES, 'strict', async (transaction) => {
        await Promise.all([
          transaction.objectStore('models').delete(modelId),
          transaction.objectStore('files').delete(keysOf(modelId)),
          transaction.objectStore('chunks').delete(keysOf(modelId)),
        ]);
      });
      forgetStored(modelId, this.#database.name);
    });
    if (!deleted) throw new AlcoveError('model-in-use', `${modelId} is loaded somewhere`);
    return freedBytes;
  }

  /**
   * Reads all verified files and compares them with their hashes. Of a damaged file only the chunks that are wrong are
   * dropped; the next download fetches just these. Costs about 5 ms a MiB of the calling thread: prefer
   * `Downloader.verify` on a page.
   * @param options.onProgress called after every chunk with the bytes checked, of `StoredModel.storedBytes`
   * @throws AlcoveError `model-damaged` once all files are checked, `model-missing`; AbortError
   */
  async verifyModel(
    modelId: string,
    options: { signal?: AbortSignal; onProgress?: (checkedBytes: number) => void } = {},
  ): Promise<void> {
    // Loaded on demand: a page that only lists its models does not need the hash's WebAssembly.
    const { verifyStoredModel } = await import('./verify-model.ts');
    await verifyStoredModel(this, modelId, options);
  }

  close(): void {
    this.#database.close();
  }

  async #updateModel(modelId: string, update: (model: ModelEntry) => ModelEntry): Promise<void> {
    await this.#write(['models'], 'strict', async (transaction) => {
      const models = transaction.objectStore('models');
      const model = await models.get(modelId);
      if (model !== undefined) await models.put(update(model));
    });
  }

  /** Runs `work` in one transaction: all of it is written, or after a throw nothing. */
  async #write<const Names extends readonly Stores[number][], Result>(
    names: Names,
    durability: IDBTransactionDurability,
    work: (transaction: IDBPTransaction<WeightSchema, [...Names], 'readwrite'>) => Promise<Result>,
  ): Promise<Result> {
    return this.#database.run(async (database: IDBPDatabase<WeightSchema>) => {
      const transaction = database.transaction([...names], 'readwrite', { durability });
      // Handled also when `work` throws first: an aborted transaction then rejects as expected.
      const done = transaction.done.catch((error: unknown) => {
        throw transaction.error ?? error;
      });
      done.catch(() => {});
      try {
        const result = await work(transaction);
        // A full disk shows here at the earliest: the requests may all have succeeded.
        await done;
        return result;
      } catch (error) {
        abort(transaction);
        // Requests of an aborted transaction reject with AbortError; the transaction has the reason.
        throw transaction.error ?? error;
      }
    });
  }
}

/** Without its private members: a worker may have a store that is elsewhere (page-weights.ts). */
export type WeightStore = Pick<WeightStoreOverDatabase, keyof WeightStoreOverDatabase>;

export const WeightStore = {
  /** In IndexedDB. @throws AlcoveError `storage-unavailable`, `storage-blocked` */
  async open(name = 'alcove-weights'): Promise<WeightStore> {
    const database = new Database<WeightSchema>(name, 1, (upgraded) => {
      upgraded.createObjectStore('models', { keyPath: 'id' });
      upgraded.createObjectStore('files', { keyPath: ['modelId', 'path'] });
      upgraded.createObjectStore('chunks');
    });
    await database.run(async () => {});
    return weightStoreOver(database);
  },
};

export function weightStoreOver(database: WeightDatabase): WeightStore {
  return new WeightStoreOverDatabase(database);
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

function mergeFile(
  modelId: string,
  file: PlannedFile,
  sameRevision: boolean,
  oldFiles: readonly FileEntry[],
): FileEntry {
  const fresh = { ...file, modelId, etag: undefined, committedBytes: 0, damagedChunks: [], verified: false };
  const old = oldFiles.find((candidate) => candidate.path === file.path);
  if (old === undefined) return fresh;
  const isKnown = old.sha256 !== undefined && old.sha256 === file.sha256;
  // Another address is another file, whatever its source calls the revision: a library that was compiled again, or the
  // weights of another catalogue.
  if (!isKnown && old.url !== file.url) return fresh;
  const sameBytes =
    agree(old.sha256, file.sha256) && agree(old.gitBlobId, file.gitBlobId) && agree(old.sizeBytes, file.sizeBytes);
  if (sameRevision && !sameBytes) {
    throw new AlcoveError('file-changed', `${file.path} differs under the same revision`, {
      data: { path: file.path },
    });
  }
  if (!isKnown && !(sameRevision && sameBytes)) return fresh;
  return { ...old, url: file.url, sizeBytes: file.sizeBytes ?? old.sizeBytes, sha256: file.sha256 ?? old.sha256 };
}

/** Two values of which one or both may be unknown. */
function agree<Value>(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** All keys of a model, of one of its files, or of that file's chunks from one on. */
function keysOf(modelId: string, path?: string, fromIndex?: number): IDBKeyRange {
  const lower = [modelId, path, fromIndex].filter((part) => part !== undefined);
  const upper = path === undefined ? [modelId] : [modelId, path];
  // An array sorts after every number and string, so [...upper, []] is past the last key that begins like `upper`.
  return IDBKeyRange.bound(lower, [...upper, []]);
}
