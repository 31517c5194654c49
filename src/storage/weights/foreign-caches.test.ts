import { afterEach, expect, test } from 'vitest';
import { findForeignCaches, removeForeignCache } from './foreign-caches.ts';

const MIB = 1024 * 1024;

afterEach(async () => {
  for (const cache of await findForeignCaches()) await removeForeignCache(cache);
  await caches.delete('someone-elses');
});

async function leave(): Promise<void> {
  const cache = await caches.open('webllm/model');
  const headers = { 'Content-Length': String(MIB) };
  await cache.put('https://huggingface.co/a/params_shard_0.bin', new Response(new Uint8Array(MIB), { headers }));
  await (await caches.open('someone-elses')).put('/x', new Response('x'));
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cache', { create: true });
  const file = await (await folder.getFileHandle(`${'0af1'.repeat(10)}_model.gguf`, { create: true })).createWritable();
  await file.write(new Uint8Array(2 * MIB));
  await file.close();
  await new Promise((resolve) => {
    indexedDB.open('webllm/wasm', 1).onsuccess = (event) => {
      (event.target as IDBOpenDBRequest).result.close();
      resolve(undefined);
    };
  });
}

test('finds the caches of web-llm and wllama with their sizes, and no others', async () => {
  await leave();
  const found = await findForeignCaches();
  expect(found).toEqual([
    { kind: 'cache', name: 'webllm/model', madeBy: 'web-llm', sizeBytes: MIB },
    { kind: 'folder', name: 'cache', madeBy: 'wllama', sizeBytes: 2 * MIB },
    { kind: 'database', name: 'webllm/wasm', madeBy: 'web-llm', sizeBytes: undefined },
  ]);
});

test('removes only the given cache', async () => {
  await leave();
  const [cache, folder, database] = await findForeignCaches();
  if (cache === undefined || folder === undefined || database === undefined) throw new Error('three');
  await removeForeignCache(folder);
  expect((await findForeignCaches()).map(({ name }) => name)).toEqual(['webllm/model', 'webllm/wasm']);
  await removeForeignCache(cache);
  await removeForeignCache(database);
  expect(await findForeignCaches()).toEqual([]);
  expect(await caches.has('someone-elses')).toBe(true);
});

test('a folder with files that wllama would not write is the host page’s, and not offered', async () => {
  const root = await navigator.storage.getDirectory();
  for (const name of ['photo.jpg', 'thumbnails']) {
    await leave();
    const folder = await root.getDirectoryHandle('cache');
    if (name === 'thumbnails') await folder.getDirectoryHandle(name, { create: true });
    else await folder.getFileHandle(name, { create: true });
    expect((await findForeignCaches()).map(({ kind }) => kind)).toEqual(['cache', 'database']);
    await root.removeEntry('cache', { recursive: true });
  }
});
