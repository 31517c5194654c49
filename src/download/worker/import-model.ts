import { AlcoveError, isAbortError } from '../../platform/errors.ts';
import { openWeightStore } from '../../storage/weights/open-weight-store.ts';
import { CHUNK_BYTES, type ModelPlan, type StoredFile } from '../../storage/weights/weight-store.ts';
import type { DownloadOptions } from '../download-options.ts';
import type { DownloadFigures } from '../download-status.ts';
import { BufferPool } from './buffer-pool.ts';
import { checkRoom } from './check-room.ts';
import { ChunkPipeline, type PipelineTools } from './chunk-pipeline.ts';
import type { FileTask } from './file-task.ts';
import { gitBlobId } from './git-blob.ts';
import { HashClient } from './hash-client.ts';
import { ProgressMeter } from './progress-meter.ts';

/**
 * Stores a model's files from Blobs: files of a disk, or entries of an archive. One after the other, because they come from
 * one disk. Continues where an earlier import stopped.
 * @returns its size in bytes
 * @throws AlcoveError `file-corrupt`, `file-truncated`, `file-changed`, `file-gone`, `quota-exceeded`; AbortError. The
 * verified chunks stay
 */
export async function importModel(
  plan: ModelPlan,
  blobs: ReadonlyMap<string, Blob>,
  options: DownloadOptions,
  signal: AbortSignal,
  onFigures: (figures: DownloadFigures) => void,
): Promise<number> {
  const store = await openWeightStore(options.databaseName);
  const hashes = new HashClient();
  try {
    const model = await store.addModel(plan);
    await checkRoom(model);
    const meter = new ProgressMeter(model, options.progressIntervalMs, onFigures);
    const tools = { store, hashes, buffers: new BufferPool(options.bufferCount) };
    try {
      for (const file of model.files.filter(({ verified }) => !verified)) {
        await importFile(tools, file, blobs.get(file.path), signal, meter.follow(file.path)).finally(() =>
          meter.unfollow(file.path),
        );
      }
    } finally {
      meter.end();
    }
    return (await store.getModel(plan.record.id))?.sizeBytes ?? 0;
  } finally {
    hashes.dispose();
    store.close();
  }
}

/** Stores a file from a Blob and verifies it. @throws AlcoveError; what is stored of a corrupt file is dropped */
export async function importFile(
  tools: PipelineTools,
  file: StoredFile,
  blob: Blob | undefined,
  signal: AbortSignal,
  { onReceived, onStored }: Pick<FileTask, 'onReceived' | 'onStored'>,
): Promise<void> {
  const { modelId, path, sizeBytes } = file;
  if (blob === undefined || (sizeBytes !== undefined && blob.size !== sizeBytes)) {
    throw new AlcoveError('file-truncated', `${path} has ${blob?.size ?? 0} of ${sizeBytes} bytes`, {
      data: { path, expectedBytes: sizeBytes, receivedBytes: blob?.size ?? 0 },
    });
  }
  const pipeline = await openPipeline(tools, file, onStored);
  try {
    while (pipeline.takenBytes < blob.size) {
      if (signal.aborted) throw signal.reason;
      const piece = await readPiece(blob, pipeline.takenBytes, path);
      onReceived(piece.length);
      await pipeline.take(piece);
    }
    const sha256 = await pipeline.finish();
    const isRight = file.sha256 === undefined || file.sha256 === sha256;
    const isRightBlob = file.gitBlobId === undefined || file.gitBlobId === (await gitBlobId(tools.store, file));
    if (!isRight || !isRightBlob) {
      await tools.store.dropChunks(modelId, path);
      onStored(-blob.size);
      throw new AlcoveError('file-corrupt', `the hash of ${path} is wrong`, {
        data: { path, expected: file.sha256, received: sha256 },
      });
    }
    await tools.store.finishFile(modelId, path, sha256);
  } finally {
    await pipeline.close();
  }
}

/** Continues after the stored bytes where their hash state can be loaded; else starts from the first byte. */
async function openPipeline(
  tools: PipelineTools,
  file: StoredFile,
  onStored: (storedBytes: number) => void,
): Promise<ChunkPipeline> {
  const { modelId, path } = file;
  const progress = await tools.store.readProgress(modelId, path);
  const committedBytes = progress?.file.committedBytes ?? 0;
  const isWhole = progress?.file.damagedChunks.length === 0;
  const state = progress?.hashState;
  const known = committedBytes > 0 && isWhole && state ? await tools.hashes.openAt(state) : undefined;
  if (known === undefined && committedBytes > 0) {
    await tools.store.dropChunks(modelId, path);
    onStored(-file.storedBytes);
  }
  const start =
    known === undefined ? { committedBytes: 0, hash: await tools.hashes.open() } : { committedBytes, hash: known };
  return new ChunkPipeline(tools, { modelId, path, etag: undefined }, start, onStored);
}

async function readPiece(blob: Blob, startByte: number, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(startByte, startByte + CHUNK_BYTES).arrayBuffer());
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new AlcoveError('file-gone', `${path} can no longer be read`, { data: { path }, cause: error });
  }
}
