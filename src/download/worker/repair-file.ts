import { AlcoveError } from '../../platform/errors.ts';
import { isSameState } from '../../storage/weights/hash-state.ts';
import { CHUNK_BYTES } from '../../storage/weights/weight-store.ts';
import { chunkSize, type FileEntry } from '../../storage/weights/weight-store-schema.ts';
import type { FileTask } from './file-task.ts';
import { readBody } from './read-body.ts';
import { Retry } from './retry.ts';

/** Fetches damaged chunks only, checked by the hash states around them. @returns false if it dropped the file */
export async function repairFile(task: FileTask, file: FileEntry): Promise<boolean> {
  const { modelId, path, sha256 } = file;
  for (const index of file.damagedChunks) {
    if (sha256 !== undefined && (await repairChunk(task, file, index, sha256))) continue;
    const stored = (await task.store.getModel(modelId))?.files.find((candidate) => candidate.path === path);
    await task.store.dropChunks(modelId, path);
    task.onStored(-(stored?.storedBytes ?? 0));
    return false;
  }
  await task.store.finishFile(modelId, path, sha256 ?? '');
  return true;
}

async function repairChunk(task: FileTask, file: FileEntry, index: number, sha256: string): Promise<boolean> {
  const { modelId, path } = file;
  const sizeBytes = chunkSize(file.committedBytes, index);
  const before = index === 0 ? undefined : (await task.store.readChunk(modelId, path, index - 1))?.hashState;
  const expected = (await task.store.readChunk(modelId, path, index))?.hashState;
  if (expected === undefined || (index > 0 && before === undefined)) return false;
  const hash = await task.hashes.openAt(before);
  if (hash === undefined) return false;
  let buffer = await task.buffers.acquire();
  try {
    if (!(await fetchChunk(task, file, index, new Uint8Array(buffer, 0, sizeBytes)))) return false;
    const blob = new Blob([new Uint8Array(buffer, 0, sizeBytes)]);
    const updated = await hash.update(buffer, sizeBytes);
    buffer = updated.buffer;
    const isLast = index * CHUNK_BYTES + sizeBytes === file.committedBytes;
    const isRight = isLast ? (await hash.digest()) === sha256 : isSameState(updated.state, expected);
    if (!isRight) return false;
    await task.store.writeChunk({ modelId, path, index, blob, hashState: expected, etag: undefined });
    task.onStored(sizeBytes);
    return true;
  } finally {
    hash.close();
    task.buffers.release(buffer);
  }
}

/** @returns false when the host sends the chunk only with the rest of the file */
async function fetchChunk(task: FileTask, file: FileEntry, index: number, chunk: Uint8Array): Promise<boolean> {
  const retry = new Retry(task.options);
  const startByte = index * CHUNK_BYTES;
  const { url, path } = file;
  const { stallTimeoutMs } = task.options;
  while (true) {
    let takenBytes = 0;
    try {
      await readBody(
        { url, startByte, endByte: startByte + chunk.length, etag: undefined, stallTimeoutMs, signal: task.signal },
        {
          onResponse: async (response) => {
            if (response.status !== 206) throw new WholeFileError();
          },
          onPiece: async (piece) => {
            task.onWaiting(false);
            task.onReceived(piece.length);
            chunk.set(piece.subarray(0, chunk.length - takenBytes), takenBytes);
            takenBytes = Math.min(chunk.length, takenBytes + piece.length);
          },
        },
      );
      if (takenBytes === chunk.length) return true;
      throw new AlcoveError('file-truncated', `${url} gives ${takenBytes} of ${chunk.length} bytes`, {
        data: { path, expectedBytes: chunk.length, receivedBytes: takenBytes },
      });
    } catch (error) {
      if (error instanceof WholeFileError) return false;
      if (task.signal.aborted) throw task.signal.reason;
      task.onWaiting(true);
      await retry.wait(error, task.signal);
    }
  }
}

/** The host does not support Range. */
class WholeFileError extends AlcoveError {
  constructor() {
    super('server-error', 'the host sends the whole file');
  }
}
