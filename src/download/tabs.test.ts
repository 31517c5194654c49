import { expect, test } from 'vitest';
import { CHUNK_BYTES } from '../storage/weights/weight-store.ts';
import { FaultHost } from './testing/fault-host.ts';
import { FrameTab } from './testing/frame-tab.ts';
import { TestTab } from './testing/test-tab.ts';

const SIZE = 4 * CHUNK_BYTES + 1000;
const FILE = { path: 'params_shard_0.bin', size: SIZE };
/** Each request stops a little after a chunk, so that a tab is killed during its download. */
const HELD = { ...FILE, fault: `hold@${CHUNK_BYTES + 500}` };

test('row 22: two tabs that start the same download fetch each byte once, and both see its end', async () => {
  const host = new FaultHost();
  const record = await host.record([HELD]);
  const first = new TestTab();
  const second = new TestTab({ databaseName: first.databaseName });
  first.downloader.start(record);
  second.downloader.start(record);
  await first.loaded(record.id, CHUNK_BYTES);
  await second.loaded(record.id, CHUNK_BYTES);
  await host.change(FILE);
  expect(await first.rest(record.id)).toEqual({ status: 'complete', totalBytes: SIZE });
  expect(await second.rest(record.id)).toEqual({ status: 'complete', totalBytes: SIZE });
  expect(await host.sentBytes()).toBe(SIZE);
});

test('rows 3 and 23: a waiting tab takes over when the downloading tab is killed', async () => {
  const host = new FaultHost();
  const record = await host.record([{ ...HELD, times: 1 }]);
  const follower = new TestTab();
  const leader = new FrameTab(follower.databaseName, record);
  await leader.loaded(CHUNK_BYTES);
  leader.kill();
  expect(await follower.rest(record.id)).toEqual({ status: 'complete', totalBytes: SIZE });
  await follower.downloader.verify(record.id);
  // Of what the killed tab had not stored, less than a chunk had to be fetched again; the rest was under way to it.
  const [, resumed] = await host.requests();

  expect(resumed?.range).toMatch(/^bytes=\d+-$/);
  expect(Number(resumed?.range?.slice(6, -1))).toBeGreaterThanOrEqual(CHUNK_BYTES);
});

test('row 4: a download that is killed after any committed chunk continues there, and the store is consistent each time', async () => {
  const host = new FaultHost();
  const record = await host.record([{ ...HELD, times: 4 }]);
  const tab = new TestTab({ databaseName: `weights-${crypto.randomUUID()}` });
  tab.downloader.dispose();
  const store = await tab.store();
  for (let chunks = 1; chunks <= 4; chunks++) {
    const frame = new FrameTab(tab.databaseName, record);
    await frame.loaded(chunks * CHUNK_BYTES);
    frame.kill();
    const model = await store.getModel(record.id);
    const storedBytes = model?.storedBytes ?? 0;
    expect(storedBytes).toBeGreaterThanOrEqual(chunks * CHUNK_BYTES);
    for (let index = 0; index * CHUNK_BYTES < storedBytes; index++) {
      const chunk = await store.readChunk(record.id, FILE.path, index);
      expect(chunk?.blob?.size).toBe(Math.min(CHUNK_BYTES, storedBytes - index * CHUNK_BYTES));
    }
    // The killed tab's worker may outlive it for a moment and finish: all of the file is there then, and else none.
    expect([undefined, SIZE]).toContain((await store.readFile(record.id, FILE.path))?.size);
  }
  const last = new TestTab({ databaseName: tab.databaseName });
  last.downloader.start(record);
  expect(await last.rest(record.id)).toEqual({ status: 'complete', totalBytes: SIZE });
  await last.downloader.verify(record.id);
  const starts = (await host.requests()).map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
  // Each request begins where the chunks before it end, and none goes back behind what was stored.
  expect(starts.filter((start) => start % CHUNK_BYTES !== 0)).toEqual([]);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(starts.at(-1)).toBeGreaterThanOrEqual(3 * CHUNK_BYTES);
});

test('pause and cancel work from a waiting tab', async () => {
  const host = new FaultHost();
  const record = await host.record([HELD]);
  const first = new TestTab();
  const second = new TestTab({ databaseName: first.databaseName });
  first.downloader.start(record);
  await second.loaded(record.id, CHUNK_BYTES);
  await second.downloader.pause(record.id);
  expect(second.downloader.status(record.id)).toMatchObject({ status: 'paused' });
  expect(second.downloader.status(record.id)).not.toHaveProperty('error');
  expect(await first.rest(record.id)).toMatchObject({ status: 'paused' });
  await second.downloader.resume(record.id);
  await first.loaded(record.id, CHUNK_BYTES);
  await first.downloader.cancel(record.id);
  expect(first.downloader.status(record.id)).toEqual({ status: 'cancelled' });
  expect(await second.rest(record.id)).toEqual({ status: 'cancelled' });
  expect(await (await first.store()).listModels()).toEqual([]);
});

test('a waiting tab does not repeat a download that failed in the other tab', async () => {
  const host = new FaultHost();
  const record = await host.record([HELD, { path: 'missing.json', size: 10, fault: '404' }]);
  const first = new TestTab();
  const second = new TestTab({ databaseName: first.databaseName });
  first.downloader.start(record);
  second.downloader.start(record);
  expect(await first.rest(record.id)).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
  expect(await second.rest(record.id)).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
  // The second tab has had its turn when this one gets it after it.
  await navigator.locks.request(`alcove-download:${first.databaseName}:${record.id}`, () => {});
  const missing = (await host.requests()).filter(({ path }) => path === 'missing.json');
  expect(missing).toHaveLength(1);
});
