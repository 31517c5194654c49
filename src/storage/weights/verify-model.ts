import { createSHA256 } from 'hash-wasm';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import { isSameState, loadState } from './hash-state.ts';
import type { StoredFile, StoredModel } from './stored-model.ts';
import { CHUNK_BYTES, type ChunkEntry, chunkSize } from './weight-store-schema.ts';

/** The part of WeightStore that verification uses. */
interface CheckedStore {
  getModel(modelId: string): Promise<StoredModel | undefined>;
  readChunk(modelId: string, path: string, index: number): Promise<ChunkEntry | undefined>;
  markDamaged(modelId: string, path: string, indices: readonly number[]): Promise<void>;
  dropChunks(modelId: string, path: string, fromIndex: number): Promise<void>;
  markVerified(modelId: string): Promise<void>;
}

/** The damage of a file: single chunks, or all chunks from one on where their hash states are lost as well. */
type Damage = { readonly chunks: readonly number[] } | { readonly fromIndex: number };

/** Implements WeightStore.verifyModel. */
export async function verifyStoredModel(
  store: CheckedStore,
  modelId: string,
  options: { signal?: AbortSignal; onProgress?: (checkedBytes: number) => void },
): Promise<void> {
  const model = await store.getModel(modelId);
  if (model === undefined) throw new AlcoveError('model-missing', `${modelId} is not in the store`);
  const damagedPaths: string[] = [];
  let checkedBytes = 0;
  for (const file of model.files.filter((candidate) => candidate.verified)) {
    const damage = await findDamage(store, file, (chunkBytes) => {
      if (options.signal?.aborted) throw abortError();
      checkedBytes += chunkBytes;
      options.onProgress?.(checkedBytes);
    });
    if (damage === undefined) continue;
    damagedPaths.push(file.path);
    if ('chunks' in damage) await store.markDamaged(modelId, file.path, damage.chunks);
    else await store.dropChunks(modelId, file.path, damage.fromIndex);
  }
  const [path] = damagedPaths;
  if (path !== undefined) {
    throw new AlcoveError('model-damaged', `damaged: ${damagedPaths.join(', ')}`, { data: { path } });
  }
  if (model.complete) await store.markVerified(modelId);
}

async function findDamage(
  store: CheckedStore,
  file: StoredFile,
  onChunk: (chunkBytes: number) => void,
): Promise<Damage | undefined> {
  const sizeBytes = file.sizeBytes ?? 0;
  // A new one for each file: a saved state holds what an earlier file left in the buffer.
  const hasher = (await createSHA256()).init();
  const damaged: number[] = [];
  for (let index = 0; index * CHUNK_BYTES < sizeBytes; index++) {
    const chunk = await store.readChunk(file.modelId, file.path, index);
    if (chunk === undefined) return { fromIndex: index };
    const bytes = await readBytes(chunk.blob, chunkSize(sizeBytes, index));
    if (bytes !== undefined) hasher.update(bytes);
    const isLast = (index + 1) * CHUNK_BYTES >= sizeBytes;
    const isRight = isLast ? hasher.digest() === file.sha256 : isSameState(hasher.save(), chunk.hashState);
    if (bytes === undefined || !isRight) {
      damaged.push(index);
      // States of another build of the hash cannot be compared: then the whole file is wrong or right.
      if (!loadState(hasher, chunk.hashState)) return verifyWithoutStates(store, file);
    }
    onChunk(chunkSize(sizeBytes, index));
  }
  return damaged.length > 0 ? { chunks: damaged } : undefined;
}

async function verifyWithoutStates(store: CheckedStore, file: StoredFile): Promise<Damage | undefined> {
  const sizeBytes = file.sizeBytes ?? 0;
  const hasher = (await createSHA256()).init();
  for (let index = 0; index * CHUNK_BYTES < sizeBytes; index++) {
    const chunk = await store.readChunk(file.modelId, file.path, index);
    const bytes = await readBytes(chunk?.blob, chunkSize(sizeBytes, index));
    if (bytes === undefined) return { fromIndex: index };
    hasher.update(bytes);
  }
  return hasher.digest() === file.sha256 ? undefined : { fromIndex: 0 };
}

/** @returns undefined for bytes that are not all there or cannot be read */
async function readBytes(blob: Blob | undefined, sizeBytes: number): Promise<Uint8Array | undefined> {
  if (blob?.size !== sizeBytes) return undefined;
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    // NotFoundError or NotReadableError: the file behind the Blob is gone.
    return undefined;
  }
}
