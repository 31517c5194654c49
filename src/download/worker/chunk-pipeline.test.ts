import { expect, test } from 'vitest';
import { openWeightStore } from '../../storage/weights/open-weight-store.ts';
import { CHUNK_BYTES } from '../../storage/weights/weight-store.ts';
import { BufferPool } from './buffer-pool.ts';
import { ChunkPipeline } from './chunk-pipeline.ts';
import { HashClient, type RemoteHash } from './hash-client.ts';

/** Takes the buffer, as the transfer to a worker does, and fails. */
const FAILING_HASH: RemoteHash = {
  update: async (buffer) => {
    structuredClone(buffer, { transfer: [buffer] });
    throw new Error('the hash worker failed');
  },
  digest: async () => '',
  close: () => {},
};

test('a hash worker that fails ends its file, and leaves the buffer to the other files', async () => {
  const store = await openWeightStore(`weights-${crypto.randomUUID()}`);
  const hashes = new HashClient();
  const buffers = new BufferPool(1);
  const file = { modelId: 'm', path: 'a', etag: undefined };
  const pipeline = new ChunkPipeline(
    { store, hashes, buffers },
    file,
    { committedBytes: 0, hash: FAILING_HASH },
    () => {},
  );
  await pipeline.take(new Uint8Array(CHUNK_BYTES));
  await expect(pipeline.settle()).rejects.toThrow('the hash worker failed');
  await pipeline.close();
  expect((await buffers.acquire()).byteLength).toBe(CHUNK_BYTES);
  hashes.dispose();
  store.close();
});
