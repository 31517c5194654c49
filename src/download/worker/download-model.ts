import { hasNewLibrary } from '../../models/catalogue/new-library.ts';
import { isOfSource } from '../../models/catalogue/same-source.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, isAbortError } from '../../platform/errors.ts';
import { estimate } from '../../storage/quota.ts';
import { openWeightStore } from '../../storage/weights/open-weight-store.ts';
import {
  CHUNK_BYTES,
  type StoredFile,
  type StoredModel,
  type WeightStore,
} from '../../storage/weights/weight-store.ts';
import type { DownloadOptions } from '../download-options.ts';
import type { DownloadFigures } from '../download-status.ts';
import { planDownload, planNewLibrary } from '../plan.ts';
import { BufferPool } from './buffer-pool.ts';
import { checkRoom } from './check-room.ts';
import { downloadFile } from './download-file.ts';
import type { FileTask } from './file-task.ts';
import { HashClient } from './hash-client.ts';
import { importFile } from './import-model.ts';
import { ProgressMeter } from './progress-meter.ts';

/** Why a file that was found elsewhere is downloaded after all. */
const WRONG_FILE: ReadonlySet<string> = new Set(['file-corrupt', 'file-truncated', 'file-gone']);

/** Stores the plan of a model's download. @returns the SHA-256 of each file that is not stored yet and has one */
export async function planModel(
  record: ModelRecord,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const store = await openWeightStore(options.databaseName);
  try {
    const { files } = await planOrResume(store, record, options, signal);
    return files.flatMap(({ verified, sha256 }) => (verified || sha256 === undefined ? [] : [sha256]));
  } finally {
    store.close();
  }
}

/**
 * Plans a model's download or resumes the stored one, and fetches all its files.
 * @param found files that need no download, by SHA-256
 * @returns its size in bytes
 * @throws AlcoveError, AbortError; the verified chunks stay
 */
export async function downloadModel(
  record: ModelRecord,
  options: DownloadOptions,
  found: ReadonlyMap<string, Blob>,
  signal: AbortSignal,
  onFigures: (figures: DownloadFigures) => void,
): Promise<number> {
  const store = await openWeightStore(options.databaseName);
  try {
    const model = await planOrResume(store, record, options, signal);
    if (!model.complete) {
      await checkRoom(model);
      await fetchFiles(store, model, options, found, signal, onFigures);
    }
    return (await store.getModel(record.id))?.sizeBytes ?? 0;
  } finally {
    store.close();
  }
}

async function planOrResume(
  store: WeightStore,
  record: ModelRecord,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<StoredModel> {
  const stored = await store.getModel(record.id);
  if (stored?.complete && isOfSource(stored, record)) {
    if (!hasNewLibrary(stored.record, record)) return stored;
    return store.addModel(await planNewLibrary(stored, record, { ...options, signal }));
  }
  // The stored plan has pinned the branch to a commit: it is not resolved again.
  const isPinned = record.source.kind === 'huggingface' && sameSource(stored?.record, record);
  if (stored !== undefined && isPinned) {
    await store.setPauseReason(record.id, undefined);
    return stored;
  }
  return store.addModel(await planDownload(record, { ...options, signal }));
}

function sameSource(a: ModelRecord | undefined, b: ModelRecord): boolean {
  return JSON.stringify(a?.source) === JSON.stringify(b.source);
}

async function fetchFiles(
  store: WeightStore,
  model: StoredModel,
  options: DownloadOptions,
  found: ReadonlyMap<string, Blob>,
  signal: AbortSignal,
  onFigures: (figures: DownloadFigures) => void,
): Promise<void> {
  const hashes = new HashClient();
  const buffers = new BufferPool(options.bufferCount);
  const meter = new ProgressMeter(model, options.progressIntervalMs, onFigures);
  const failure = new AbortController();
  const queue = inOrder(model.files.filter((file) => !file.verified));
  const running: Promise<void>[] = [];
  const slot = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const both = AbortSignal.any([signal, failure.signal]);
      const { path } = file;
      const taken = Promise.withResolvers<void>();
      const task = { store, hashes, buffers, options, signal: both, onTaken: taken.resolve, ...meter.follow(path) };
      const blob = found.get(file.sha256 ?? '');
      const isTaken = blob === undefined ? Promise.resolve(false) : takeFound(task, file, blob);
      const done = isTaken
        .then((isRight) => (isRight ? undefined : downloadFile(task, file)))
        .finally(() => meter.unfollow(path));
      running.push(done);
      // The first failure stops the other files.
      done.catch((error) => failure.abort(error));
      // The connection is used further while the last chunks are hashed, written and flushed to the disk, which takes 150 ms.
      await Promise.race([taken.promise, done]);
    }
  };
  try {
    await Promise.allSettled(Array.from({ length: options.slotCount }, slot));
    // All have settled before the store is closed.
    const results = await Promise.allSettled(running);
    if (results.some((result) => result.status === 'rejected')) {
      const { reason } = signal.aborted ? { reason: abortError() } : failure.signal;
      throw isAbortError(reason) ? reason : await withFigures(reason, store, model.record.id);
    }
  } finally {
    meter.end();
    hashes.dispose();
  }
}

/** Stores a file that was found elsewhere. @returns false if it is not what its hash says, or cannot be read */
async function takeFound(task: FileTask, file: StoredFile, blob: Blob): Promise<boolean> {
  try {
    await importFile(task, file, blob, task.signal, task);
    return true;
  } catch (error) {
    if (task.signal.aborted || !AlcoveError.isInstance(error) || !WRONG_FILE.has(error.code)) throw error;
    return false;
  }
}

/** Small files first, because a wrong model mostly shows there; then the largest, so that the slots end together. */
function inOrder(files: readonly StoredFile[]): StoredFile[] {
  const sizeOf = (file: StoredFile): number => file.sizeBytes ?? 0;
  const small = files.filter((file) => sizeOf(file) <= CHUNK_BYTES);
  const large = files.filter((file) => sizeOf(file) > CHUNK_BYTES).sort((a, b) => sizeOf(b) - sizeOf(a));
  return [...small, ...large];
}

/** Adds the needed and free bytes to the error of a full disk. */
async function withFigures(error: unknown, store: WeightStore, modelId: string): Promise<unknown> {
  if (!AlcoveError.isInstance(error) || error.code !== 'quota-exceeded') return error;
  const model = await store.getModel(modelId).catch(() => undefined);
  const { usageBytes, quotaBytes } = await estimate();
  return new AlcoveError('quota-exceeded', error.message, {
    data: {
      neededBytes: model && model.sizeBytes - model.storedBytes,
      freeBytes:
        quotaBytes !== undefined && usageBytes !== undefined ? Math.max(0, quotaBytes - usageBytes) : undefined,
    },
    cause: error,
  });
}
