import { createSHA256 } from 'hash-wasm';
import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { untilUnused } from './model-lock.ts';
import { findEvicted, forgetStored, rememberStored } from './stored-model-ids.ts';
import { CHUNK_BYTES, holdModel, type ModelPlan, WeightStore } from './weight-store.ts';

let stores: WeightStore[] = [];

async function openStore(name = `weights-${crypto.randomUUID()}`): Promise<WeightStore> {
  const store = await WeightStore.open(name);
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores) store.close();
  stores = [];
});

function bytesOf(seed: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31 + seed * 7 + (index >> 8)) & 0xff);
}

interface TestFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function planOf(id: string, files: readonly TestFile[], revision = '1'): Promise<ModelPlan> {
  const hasher = await createSHA256();
  return {
    record: madeUpRecord({ id: id }),
    revision,
    files: files.map(({ path, bytes }) => ({
      path,
      url: `https://example.org/${path}`,
      sizeBytes: bytes.length,
      sha256: hasher.init().update(bytes).digest(),
      gitBlobId: undefined,
    })),
  };
}

async function fill(store: WeightStore, modelId: string, { path, bytes }: TestFile): Promise<void> {
  const hasher = await createSHA256();
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES);
    hasher.update(chunk);
    const index = start / CHUNK_BYTES;
    await store.writeChunk({
      modelId,
      path,
      index,
      blob: new Blob([chunk]),
      hashState: hasher.save(),
      etag: undefined,
    });
  }
  await store.finishFile(modelId, path, hasher.digest());
}

const small: TestFile = { path: 'tokenizer.json', bytes: bytesOf(1, 1000) };
const large: TestFile = { path: 'params_shard_0.bin', bytes: bytesOf(2, 2 * CHUNK_BYTES + 5) };

test('a file is readable once it is verified, and the model is complete with its last file', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [small, large]), 5);
  expect(await store.readFile('m', large.path)).toBeUndefined();
  await fill(store, 'm', large);
  expect(await store.getModel('m')).toMatchObject({ complete: false, storedBytes: large.bytes.length, addedAt: 5 });
  await fill(store, 'm', small);
  expect(await store.getModel('m')).toMatchObject({ complete: true, sizeBytes: large.bytes.length + 1000 });
  const blob = await store.readFile('m', large.path);
  expect(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(large.bytes);
});

test('a chunk out of order is refused and leaves no bytes behind', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [large]));
  const chunk = { modelId: 'm', path: large.path, blob: new Blob(['x']), hashState: new Uint8Array(), etag: undefined };
  await expect(store.writeChunk({ ...chunk, index: 1 })).rejects.toMatchObject({ code: 'internal' });
  expect(await store.readChunk('m', large.path, 1)).toBeUndefined();
  expect(await store.getModel('m')).toMatchObject({ storedBytes: 0 });
});

test('a chunk for a deleted model is refused', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [small]));
  await store.deleteModel('m');
  await expect(fill(store, 'm', small)).rejects.toMatchObject({ code: 'model-missing' });
  expect(await store.listModels()).toEqual([]);
});

test('a plan that is added again keeps the stored files, and drops those that a new revision changed', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [small, large]));
  await fill(store, 'm', small);
  await fill(store, 'm', large);
  expect(await store.addModel(await planOf('m', [small, large]))).toMatchObject({ complete: true });
  const changed = { ...small, bytes: bytesOf(3, 1000) };
  await expect(planOf('m', [changed, large]).then((plan) => store.addModel(plan))).rejects.toMatchObject({
    code: 'file-changed',
    data: { path: small.path },
  });
  expect(await store.readFile('m', small.path)).toBeDefined();
  await store.addModel(await planOf('m', [changed, large], '2'));
  expect(await store.readFile('m', small.path)).toBeUndefined();
  expect(await store.readFile('m', large.path)).toBeDefined();
});

test('the model that was used last is the last one by its time, also after the clock was put back', async () => {
  const store = await openStore();
  for (const id of ['m', 'n']) await store.addModel(await planOf(id, [small]), 5);
  await store.markUsed('m', 2_000);
  await store.markUsed('n', 1_000);
  const [m, n] = [await store.getModel('m'), await store.getModel('n')];
  expect(n?.lastUsedAt).toBeGreaterThan(m?.lastUsedAt ?? 0);
});

test('a deletion frees the bytes of its model only', async () => {
  const store = await openStore();
  for (const id of ['m', 'm2']) {
    await store.addModel(await planOf(id, [small]));
    await fill(store, id, small);
  }
  expect(await store.deleteModel('m')).toBe(1000);
  expect((await store.listModels()).map((model) => model.record.id)).toEqual(['m2']);
  expect(await store.readChunk('m', small.path, 0)).toBeUndefined();
  expect(await store.readFile('m2', small.path)).toBeDefined();
});

test('row 24: a model in use is not deleted until it is released', async () => {
  const store = await openStore();
  const id = crypto.randomUUID();
  await store.addModel(await planOf(id, [small]));
  const release = await holdModel(id);
  const releaseOther = await holdModel(id);
  release();
  await expect(store.deleteModel(id)).rejects.toMatchObject({ code: 'model-in-use' });
  releaseOther();
  // The browser grants the lock again a little after its release.
  await untilUnused(id);
  await store.deleteModel(id);
  expect(await store.getModel(id)).toBeUndefined();
});

test('row 8: a verification finds damaged chunks and drops only these', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const store = await openStore(name);
  await store.addModel(await planOf('m', [small, large]));
  await fill(store, 'm', small);
  await fill(store, 'm', large);
  const checked: number[] = [];
  await store.verifyModel('m', { onProgress: (bytes) => checked.push(bytes) });
  expect(checked.at(-1)).toBe(small.bytes.length + large.bytes.length);

  const raw = await openDB(name);
  const key = ['m', large.path, 1];
  const chunk = await raw.get('chunks', key);
  const rotten = large.bytes.slice(CHUNK_BYTES, 2 * CHUNK_BYTES);
  rotten[77] = (rotten[77] ?? 0) ^ 1;
  await raw.put('chunks', { ...chunk, blob: new Blob([rotten]) }, key);
  raw.close();

  await expect(store.verifyModel('m')).rejects.toMatchObject({ code: 'model-damaged', data: { path: large.path } });
  const model = await store.getModel('m');
  expect(model?.storedBytes).toBe(small.bytes.length + large.bytes.length - CHUNK_BYTES);
  expect(model?.complete).toBe(false);
  expect((await store.readProgress('m', large.path))?.file.damagedChunks).toEqual([1]);
  expect(await store.readFile('m', large.path)).toBeUndefined();
});

test('a verification detects by the hash states that a chunk was lost with its record', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const store = await openStore(name);
  await store.addModel(await planOf('m', [large]));
  await fill(store, 'm', large);
  const raw = await openDB(name);
  await raw.delete('chunks', ['m', large.path, 1]);
  raw.close();
  await expect(store.readFile('m', large.path)).rejects.toMatchObject({ code: 'model-damaged' });
  await expect(store.verifyModel('m')).rejects.toMatchObject({ code: 'model-damaged' });
  expect((await store.getModel('m'))?.storedBytes).toBe(CHUNK_BYTES);
});

test('a cancelled verification ends as a cancel and changes nothing', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [large]));
  await fill(store, 'm', large);
  await expect(store.verifyModel('m', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  expect((await store.getModel('m'))?.complete).toBe(true);
});

test('a lost model that was complete counts as evicted, and a deleted one does not', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const store = await openStore(name);
  const id = crypto.randomUUID();
  rememberStored(id, name);
  expect(findEvicted(await store.listModels(), name)).toContain(id);
  await store.addModel(await planOf(id, [small]));
  expect(findEvicted(await store.listModels(), name)).not.toContain(id);
  await store.deleteModel(id);
  expect(findEvicted(await store.listModels(), name)).not.toContain(id);
  forgetStored(id, name);
});

test('row 20: an old connection closes for a newer version, and later calls report that it is too old', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const store = await openStore(name);
  const newer = await openDB(name, 2);
  await expect(store.listModels()).rejects.toMatchObject({ code: 'storage-outdated' });
  newer.close();
});

test('row 15: a chunk without space at its commit counts as not written', async () => {
  const store = await openStore();
  await store.addModel(await planOf('m', [large]));
  // More than the browser allows, without a byte of its own: the same Blob over and over.
  const { quota = 0 } = await navigator.storage.estimate();
  const part = new Blob([new Uint8Array(CHUNK_BYTES)]);
  const blob = new Blob(Array.from({ length: Math.ceil(quota / CHUNK_BYTES) + 1 }, () => part));
  const chunk = { modelId: 'm', path: large.path, index: 0, blob, hashState: new Uint8Array(), etag: undefined };
  await expect(store.writeChunk(chunk)).rejects.toMatchObject({ code: 'quota-exceeded' });
  expect(await store.getModel('m')).toMatchObject({ storedBytes: 0 });
  expect(await store.readChunk('m', large.path, 0)).toBeUndefined();
});
