import { expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import { WeightStore } from '../../storage/weights/weight-store.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import { ModelFiles } from './worker/model-files.ts';
import { webLlmRecord } from './worker/webllm-record.ts';

async function openFiles(rename: Readonly<Record<string, string>> = {}) {
  const storeName = `weights-${crypto.randomUUID()}`;
  const toy = await fetchToyRecord();
  if (toy.source.kind !== 'files') throw new Error('the toy model lists its files');
  const files = toy.source.files.map((file) => ({ ...file, path: rename[file.path] ?? file.path }));
  const record = { ...toy, source: { ...toy.source, files } };
  await storeToyModel(storeName, record);
  const store = await WeightStore.open(storeName);
  const stored = await store.getModel(toy.id);
  if (stored === undefined) throw new Error('nothing was stored');
  const reads: [path: string, sizeBytes: number][] = [];
  const opened = new ModelFiles(store, stored, (path, sizeBytes) => reads.push([path, sizeBytes]));
  return { files: opened, reads, store };
}

test('a file is read when its body is used, not when it is matched', async () => {
  const { files, reads, store } = await openFiles();
  const url = `${files.baseUrl}params_shard_0.bin`;
  const response = files.find(url);
  files.find(url);
  expect(reads).toEqual([]);
  expect((await response?.arrayBuffer())?.byteLength).toBe(720_896);
  expect(reads).toEqual([['params_shard_0.bin', 720_896]]);
  store.close();
});

test('a URL that is no file of the model has no match', async () => {
  const { files, store } = await openFiles();
  expect(files.find(`${files.baseUrl}tokenizer.model`)).toBeUndefined();
  expect(files.find(`${location.origin}/models/toy/tokenizer.json`)).toBeUndefined();
  store.close();
});

test('an older package’s ndarray-cache.json is found as tensor-cache.json', async () => {
  const { files, store } = await openFiles({ 'tensor-cache.json': 'ndarray-cache.json' });
  const index: unknown = await files.find(`${files.baseUrl}tensor-cache.json`)?.json();
  expect(index).toMatchObject({ records: expect.any(Array) });
  store.close();
});

test('web-llm gets a model’s manifest if it is stored, and can read it', async () => {
  const modelManifest = 'mlc-model-manifest.json';
  const record = { ...(await fetchToyRecord()), modelManifest };
  const { files, store } = await openFiles({ 'mlc-chat-config.json': modelManifest });
  const told = webLlmRecord(record, files);
  expect(told.model_manifest).toBe(modelManifest);
  expect(files.find(new URL(modelManifest, told.model).href)).toBeDefined();
  store.close();
  const before = await openFiles();
  expect(webLlmRecord(record, before.files)).not.toHaveProperty('model_manifest');
  before.store.close();
});

test('web-llm makes a KV cache of the record’s context window, unless nothing is known of the checkpoint', async () => {
  const { trainedContextWindow: _, ...unknown } = await fetchToyRecord();
  const { files, store } = await openFiles();
  const windowOf = (record: ModelRecord): unknown => webLlmRecord(record, files).overrides?.context_window_size;
  expect(windowOf({ ...unknown, trainedContextWindow: 2_048, contextWindow: 512 })).toBe(512);
  const configured = { context_window_size: 1_024 };
  expect(windowOf({ ...unknown, overrides: configured, contextWindow: 512 })).toBe(512);
  expect(windowOf(unknown)).toBeUndefined();
  store.close();
});

test('a file that was deleted in the meantime is reported missing, with its path', async () => {
  const { files, store } = await openFiles();
  const response = files.find(files.libraryUrl);
  for (const model of await store.listModels()) await store.deleteModel(model.record.id);
  await expect(response?.arrayBuffer()).rejects.toMatchObject({
    code: 'model-missing',
    data: { path: 'library.wasm' },
  });
  store.close();
});
