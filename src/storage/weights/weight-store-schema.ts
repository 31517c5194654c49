import type { DBSchema } from 'idb';
import type { ModelRecord } from '../../models/model-record.ts';
import type { PauseReason, StoredFile, StoredModel, VerifiedAgainst } from './stored-model.ts';

/**
 * Bytes of each chunk but the last of a file. A killed download fetches at most one chunk again for each of its slots, and
 * the slots with their pipeline stay within 64 MiB of memory.
 */
export const CHUNK_BYTES = 4 * 1024 * 1024;

export interface WeightSchema extends DBSchema {
  models: { key: string; value: ModelEntry };
  files: { key: [modelId: string, path: string]; value: FileEntry };
  /** In a store of their own, so that listing models reads no Blobs. */
  chunks: { key: [modelId: string, path: string, index: number]; value: ChunkEntry };
}

export interface ModelEntry {
  readonly id: string;
  readonly record: ModelRecord;
  readonly revision: string;
  readonly addedAt: number;
  readonly lastUsedAt: number | undefined;
  readonly verifiedAt: number | undefined;
  readonly verifiedAgainst?: VerifiedAgainst;
  /** `pauseReason` of StoredModel, under the name that it has on users' disks. */
  readonly halt: PauseReason | undefined;
}

export interface FileEntry {
  readonly modelId: string;
  readonly path: string;
  readonly url: string;
  readonly sizeBytes: number | undefined;
  readonly sha256: string | undefined;
  /** SHA-1 of git's `blob <size>\0` and the bytes, where the host lists only that. */
  readonly gitBlobId: string | undefined;
  readonly etag: string | undefined;
  /** Bytes written, from 0 without a gap; a whole number of chunks until the file's end. */
  readonly committedBytes: number;
  /** Indices below `committedBytes` whose Blob was dropped because its bytes were damaged. */
  readonly damagedChunks: readonly number[];
  readonly verified: boolean;
}

export interface ChunkEntry {
  /** Undefined for a damaged chunk that waits to be fetched again. */
  readonly blob: Blob | undefined;
  /**
   * SHA-256's state after this chunk, as hash-wasm saves it. With the states of all chunks a download resumes without a
   * second read, and a check finds each damaged chunk by itself, though hosts list only one hash for the whole file.
   */
  readonly hashState: Uint8Array;
}

/** Bytes of chunk `index` in a file of `sizeBytes`. */
export function chunkSize(sizeBytes: number, index: number): number {
  return Math.min(CHUNK_BYTES, sizeBytes - index * CHUNK_BYTES);
}

export function toStoredFile(entry: FileEntry): StoredFile {
  const { committedBytes, damagedChunks, ...file } = entry;
  const damagedBytes = damagedChunks.reduce((sum, index) => sum + chunkSize(committedBytes, index), 0);
  return { ...file, storedBytes: committedBytes - damagedBytes };
}

export function toStoredModel(entry: ModelEntry, entries: readonly FileEntry[]): StoredModel {
  const { id: _, halt: pauseReason, ...model } = entry;
  const files = entries.map(toStoredFile);
  return {
    ...model,
    pauseReason,
    files,
    sizeBytes: files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0),
    storedBytes: files.reduce((sum, file) => sum + file.storedBytes, 0),
    complete: files.length > 0 && files.every((file) => file.verified),
  };
}
