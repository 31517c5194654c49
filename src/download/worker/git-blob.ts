import { toHex } from '../../platform/hex.ts';
import { CHUNK_BYTES, type StoredFile, type WeightStore } from '../../storage/weights/weight-store.ts';

/**
 * git's blob id of a stored file: the SHA-1 of `blob <size>\0` and its bytes. Reads the file a second time; Hugging Face
 * lists only this id for files of up to some 10 MB, and a SHA-256 for the larger ones in LFS.
 */
export async function gitBlobId(store: WeightStore, file: StoredFile): Promise<string> {
  const committedBytes = (await store.readProgress(file.modelId, file.path))?.file.committedBytes ?? 0;
  const parts: Blob[] = [];
  for (let index = 0; index * CHUNK_BYTES < committedBytes; index++) {
    parts.push((await store.readChunk(file.modelId, file.path, index))?.blob ?? new Blob());
  }
  const bytes = await new Blob([`blob ${committedBytes}\0`, ...parts]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
  return toHex(digest);
}
