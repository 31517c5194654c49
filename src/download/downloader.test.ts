import { expect, test } from 'vitest';
import { CHUNK_BYTES } from '../storage/weights/weight-store.ts';
import { FaultHost, recordOf, type TestFile } from './testing/fault-host.ts';
import { TestTab } from './testing/test-tab.ts';

const MIB = 1024 * 1024;

function shards(count: number, size = 1 * MIB): TestFile[] {
  return Array.from({ length: count }, (_, index) => ({ path: `params_shard_${index}.bin`, seed: index + 1, size }));
}

/** The one file of a model, with a fault. */
function file(fault?: string, times?: number, size = 3 * CHUNK_BYTES + 100): TestFile {
  return { path: 'params_shard_0.bin', size, ...(fault && { fault }), ...(times && { times }) };
}

/** After two chunks and a little, for tests that act during a download. */
const HELD = `hold@${2 * CHUNK_BYTES + 100_000}`;

test('a model is downloaded, verified and readable, and every byte is fetched once', async () => {
  const host = new FaultHost();
  const files = [...shards(6), { path: 'large.bin', size: 3 * CHUNK_BYTES + 77, seed: 9 }, { path: 'empty', size: 0 }];
  const record = await host.record(files);
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toEqual({ status: 'complete', totalBytes });
  expect(await host.sentBytes()).toBe(totalBytes);
  const store = await tab.store();
  expect(await store.getModel(record.id)).toMatchObject({ complete: true, sizeBytes: totalBytes, revision: '1' });
  await store.verifyModel(record.id);
  expect((await store.readFile(record.id, 'large.bin'))?.size).toBe(3 * CHUNK_BYTES + 77);

  await host.clear();
  tab.downloader.start(record);
  await tab.rest(record.id);
  expect(await host.requests()).toEqual([]);
});

test('progress never decreases and ends with all bytes', async () => {
  const host = new FaultHost();
  const record = await host.record(shards(8, 2 * MIB));
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.rest(record.id);
  const loaded = tab.told.flatMap((status) => (status.status === 'downloading' ? [status.loadedBytes] : []));
  expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
  expect(loaded.at(-1)).toBe(16 * MIB);
});

test('row 1: a reset in shard 3 of 8 is retried, and the other shards are fetched once', async () => {
  const host = new FaultHost();
  const files = shards(8).map((shard, index) => (index === 2 ? { ...shard, fault: 'reset@500000', times: 2 } : shard));
  const record = await host.record(files);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  const requests = await host.requests();
  expect(requests.filter(({ path }) => path === 'params_shard_2.bin')).toHaveLength(3);
  expect(requests).toHaveLength(8 + 2);
});

test('a download resumes where a reset cut it off inside a file', async () => {
  const host = new FaultHost();
  const record = await host.record([file(`reset@${CHUNK_BYTES + 12345}`, 1)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  const [first, second, ...others] = await host.requests();
  expect([first?.range, others]).toEqual([undefined, []]);
  // What was on its way when the connection broke is lost: less than a chunk.
  const resumedAt = Number(second?.range?.match(/^bytes=(\d+)-$/)?.[1]);
  expect(resumedAt).toBeGreaterThan(12345);
  expect(resumedAt).toBeLessThanOrEqual(CHUNK_BYTES + 12345);
});

test('row 2: a connection that stalls is dropped and retried, and the wait is reported', async () => {
  const host = new FaultHost();
  const record = await host.record([file('stall@100000', 1)]);
  const tab = new TestTab({ stallTimeoutMs: 1_000, firstRetryDelayMs: 100, longestRetryDelayMs: 100 });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(tab.told.some((status) => status.status === 'downloading' && status.waitingForNetwork)).toBe(true);
});

test('row 2: a host that stalls forever pauses the download, which keeps its stored bytes', async () => {
  const host = new FaultHost();
  const record = await host.record([...shards(1), { path: 'stalls.bin', size: 1000, fault: 'stall@0', seed: 7 }]);
  const tab = new TestTab({ stallTimeoutMs: 1_000, retryLimit: 2, slotCount: 1 });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'paused', error: { code: 'stalled' }, loadedBytes: MIB });
});

test('row 5: a 200 response to a Range request restarts the file and appends nothing', async () => {
  const host = new FaultHost();
  const record = await host.record([file(HELD)]);
  const first = new TestTab();
  first.downloader.start(record);
  await first.loaded(record.id, 2 * CHUNK_BYTES);
  await first.downloader.pause(record.id);
  await host.change(file('200onRange'));
  await host.clear();
  const tab = new TestTab({ databaseName: first.databaseName });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect((await host.requests()).map(({ range, status }) => [range, status])).toEqual([
    [`bytes=${2 * CHUNK_BYTES}-`, 200],
  ]);
  await (await tab.store()).verifyModel(record.id);
});

test('a 416 response to a Range request restarts the file', async () => {
  const host = new FaultHost();
  const record = await host.record([file(HELD)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.pause(record.id);
  await host.change(file('416'));
  tab.downloader.start(record);
  expect(await tab.until(record.id, ({ status }) => status === 'complete')).toBeDefined();
  await (await tab.store()).verifyModel(record.id);
});

test('row 6: a file that changed under its revision is refused, and the verified files stay', async () => {
  const host = new FaultHost();
  const record = await host.record([{ path: 'tokenizer.json', size: 5000, seed: 4 }, file(HELD)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.pause(record.id);
  await host.change({ ...file(), seed: 77 });
  tab.downloader.start(record);
  expect(await tab.until(record.id, ({ status }) => status === 'failed')).toMatchObject({
    error: { code: 'file-changed', data: { path: 'params_shard_0.bin' } },
  });
  const store = await tab.store();
  expect(await store.readFile(record.id, 'tokenizer.json')).toBeDefined();
  expect(await store.readFile(record.id, 'params_shard_0.bin')).toBeUndefined();
});

test('a file without a known hash that changes while it is paused is fetched again, not continued', async () => {
  const host = new FaultHost();
  const { path, size } = file();
  const source = { kind: 'url', revision: 'url', files: [{ path, url: host.url(file(HELD)) }] } as const;
  const record = recordOf(crypto.randomUUID(), source);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.pause(record.id);
  await host.change({ ...file(), seed: 77 });
  tab.downloader.start(record);
  await tab.until(record.id, ({ status }) => status === 'complete');
  const model = await (await tab.store()).getModel(record.id);
  expect(model?.files[0]?.sha256).toBe((await host.hash({ path, size, seed: 77 })).sha256);
});

test('row 7: a bit that flips once costs one retry of the file', async () => {
  const host = new FaultHost();
  const record = await host.record([file('flip@5000000', 1)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(await host.requests()).toHaveLength(2);
});

test('row 7: a bit that flips twice ends in file-corrupt with the file and the host, and no byte of it is kept', async () => {
  const host = new FaultHost();
  const record = await host.record([file('flip@5000000')]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({
    status: 'failed',
    error: { code: 'file-corrupt', data: { path: 'params_shard_0.bin', host: new URL(host.huggingFaceUrl).host } },
  });
  expect(await host.requests()).toHaveLength(2);
  expect(await (await tab.store()).getModel(record.id)).toMatchObject({ storedBytes: 0, complete: false });
});

test('row 8: only the chunk that was damaged on the disk is downloaded again', async () => {
  const host = new FaultHost();
  const record = await host.record([file(), { path: 'tokenizer.json', size: 5000 }]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.rest(record.id);
  await rot(tab.databaseName, [record.id, 'params_shard_0.bin', 1]);
  await expect(tab.downloader.verify(record.id)).rejects.toMatchObject({ code: 'model-damaged' });
  await host.clear();
  tab.downloader.start(record);
  await tab.loaded(record.id, 1);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(await host.sentBytes()).toBe(CHUNK_BYTES);
  await tab.downloader.verify(record.id);
});

test('row 9: a short file with a status of 200 is detected by its length and downloaded to its end', async () => {
  const host = new FaultHost();
  const record = await host.record([file('short', 1)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
});

test('row 9: a file that stays short ends in file-truncated with both lengths', async () => {
  const host = new FaultHost();
  const record = await host.record([file('200onRange')]);
  await host.change({ ...file('200onRange'), size: 1000 });
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({
    status: 'failed',
    error: { code: 'file-truncated', data: { expectedBytes: 3 * CHUNK_BYTES + 100, receivedBytes: 1000 } },
  });
});

test.each([
  ['10', 'html200', 'not-weights'],
  ['11', '404', 'not-found'],
  ['11', '403', 'access-denied'],
])('row %s: %s fails at once as %s', async (_, fault, code) => {
  const host = new FaultHost();
  const record = await host.record([file(fault)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({
    status: 'failed',
    error: { code, data: { url: host.url(file(fault)) } },
  });
  expect(await host.requests()).toHaveLength(1);
});

test('row 11: a download waits after a 429 for as long as Retry-After says', async () => {
  const host = new FaultHost();
  const record = await host.record([file('429@1', 1)]);
  const tab = new TestTab();
  const startedAt = performance.now();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  // Not how fast it is: that the second request did not come too early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
  expect(await host.requests()).toHaveLength(2);
});

test('a host that asks for a wait of hours pauses the download, and says for how long', async () => {
  const host = new FaultHost();
  const record = await host.record([file('429@36000')]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({
    error: { code: 'rate-limited', data: { retryAfterMs: 36_000_000 } },
  });
  expect(await host.requests()).toHaveLength(1);
});

test('a download waits for a lost connection and continues when the network is back', async () => {
  const host = new FaultHost();
  const record = await host.record([file('reset@0')]);
  const tab = new TestTab({ firstRetryDelayMs: 3_600_000, longestRetryDelayMs: 3_600_000 });
  tab.downloader.start(record);
  await tab.until(record.id, (status) => status.status === 'downloading' && status.waitingForNetwork);
  await host.change(file());
  dispatchEvent(new Event('online'));
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
});

test('a server error is retried, then the download fails with it', async () => {
  const host = new FaultHost();
  const record = await host.record([file('503')]);
  const tab = new TestTab({ retryLimit: 2 });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ error: { code: 'server-error', data: { status: 503 } } });
  expect(await host.requests()).toHaveLength(3);
});

test('a compressed response and a redirect to another host give the same bytes', async () => {
  const host = new FaultHost();
  const record = await host.record([
    { path: 'a.bin', size: MIB, fault: 'gzip' },
    { path: 'b.bin', size: MIB, fault: 'redirect', times: 1 },
  ]);
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
});

test('cancel deletes the bytes of a download, and keeps a complete model', async () => {
  const host = new FaultHost();
  const record = await host.record([file(HELD)]);
  const done = await host.record([{ path: 'done.bin', size: 1000 }]);
  const tab = new TestTab();
  tab.downloader.start(done);
  await tab.rest(done.id);
  await tab.downloader.cancel(done.id);
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.cancel(record.id);
  expect(tab.downloader.status(record.id)).toEqual({ status: 'cancelled' });
  expect((await (await tab.store()).listModels()).map((model) => model.record.id)).toEqual([done.id]);
});

test('pause keeps the stored bytes and is recorded in the store, and resume downloads only the rest', async () => {
  const host = new FaultHost();
  const record = await host.record([file(HELD, 1)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.pause(record.id);
  const paused = tab.downloader.status(record.id);
  const model = await (await tab.store()).getModel(record.id);
  expect(paused).toMatchObject({ status: 'paused', loadedBytes: model?.storedBytes });
  expect(model).toMatchObject({ pauseReason: { status: 'paused', error: undefined }, complete: false });
  await host.clear();
  await tab.downloader.resume(record.id);
  await tab.until(record.id, ({ status }) => status === 'complete');
  expect(await host.sentBytes()).toBe(3 * CHUNK_BYTES + 100 - (model?.storedBytes ?? 0));
});

test('a hash state of another build causes a second read, not a second download', async () => {
  const host = new FaultHost();
  const record = await host.record([file(HELD, 1)]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.loaded(record.id, CHUNK_BYTES);
  await tab.downloader.pause(record.id);
  const { openDB } = await import('idb');
  const database = await openDB(tab.databaseName);
  for (const key of await database.getAllKeys('chunks')) {
    const chunk = await database.get('chunks', key);
    await database.put('chunks', { ...chunk, hashState: new Uint8Array(chunk.hashState.length) }, key);
  }
  database.close();
  const storedBytes = (await (await tab.store()).getModel(record.id))?.storedBytes ?? 0;
  await host.clear();
  await tab.downloader.resume(record.id);
  await tab.until(record.id, ({ status }) => status === 'complete');
  expect(await host.sentBytes()).toBe(3 * CHUNK_BYTES + 100 - storedBytes);
  await tab.downloader.verify(record.id);
});

/** Changes one byte of a stored chunk behind the store's back. */
async function rot(databaseName: string, key: [string, string, number]): Promise<void> {
  const { openDB } = await import('idb');
  const database = await openDB(databaseName);
  const chunk = await database.get('chunks', key);
  const bytes = new Uint8Array(await chunk.blob.arrayBuffer());
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  await database.put('chunks', { ...chunk, blob: new Blob([bytes]) }, key);
  database.close();
}

test('a model of the same id from another source is no stored model: its own files are fetched', async () => {
  const [evil, good] = [new FaultHost(), new FaultHost()];
  const foreign = await evil.record([{ path: 'params_shard_0.bin', size: MIB, seed: 7 }], 'same-id');
  const listed = await good.record([{ path: 'params_shard_0.bin', size: MIB, seed: 8 }], 'same-id');
  const tab = new TestTab();
  tab.downloader.start(foreign);
  expect(await tab.rest('same-id')).toMatchObject({ status: 'complete' });
  const after = new TestTab({ databaseName: tab.databaseName });
  after.downloader.start(listed);
  expect(await after.rest('same-id')).toMatchObject({ status: 'complete' });
  expect(await good.requests()).toHaveLength(1);
  const { sha256: right } = await good.hash({ path: '', size: MIB, seed: 8 });
  expect((await (await tab.store()).getModel('same-id'))?.files.map(({ sha256 }) => sha256)).toEqual([right]);
});

test('another record that is started right after the first is complete is downloaded too', async () => {
  const host = new FaultHost();
  const first = await host.record([{ path: 'a.bin', size: 1000, seed: 1 }]);
  const second = await host.record([{ path: 'a.bin', size: 2000, seed: 2 }], first.id);
  const tab = new TestTab();
  const isSecond = Promise.withResolvers<void>();
  tab.downloader.subscribe((_, status) => {
    if (status.status !== 'complete') return;
    if (status.totalBytes === 1000)
      tab.downloader.start({ ...second, source: { ...second.source, revision: '2' } } as typeof second);
    else isSecond.resolve();
  });
  tab.downloader.start(first);
  await isSecond.promise;
  expect(await (await tab.store()).getModel(first.id)).toMatchObject({
    complete: true,
    sizeBytes: 2000,
    revision: '2',
  });
});
