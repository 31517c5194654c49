/** Files that other sites have stored, and those that are offered to them: against a double, since no browser has the API. */
import { expect, onTestFinished, test } from 'vitest';
import { CrossOriginStorageDouble } from '../storage/testing/cross-origin-storage-double.ts';
import { setOffersModels } from '../storage/weights/cross-origin-storage.ts';
import { CHUNK_BYTES } from '../storage/weights/weight-store.ts';
import { FaultHost, type TestFile } from './testing/fault-host.ts';
import { TestTab } from './testing/test-tab.ts';

const FILES: readonly TestFile[] = [
  { path: 'large.bin', size: CHUNK_BYTES + 77, seed: 1 },
  { path: 'small.bin', size: 1_000, seed: 2 },
];
const TOTAL = FILES.reduce((sum, { size }) => sum + size, 0);

/** A model on a host, and its files by hash. */
async function host(): Promise<{
  host: FaultHost;
  record: Awaited<ReturnType<FaultHost['record']>>;
  files: Map<string, Blob>;
}> {
  const faults = new FaultHost();
  const record = await faults.record(FILES);
  const files = new Map<string, Blob>();
  for (const file of FILES) {
    files.set((await faults.hash(file)).sha256, await (await fetch(faults.url(file))).blob());
  }
  await faults.clear();
  return { host: faults, record, files };
}

function agree(): void {
  setOffersModels(true);
  onTestFinished(() => setOffersModels(false));
}

test.each(['getFileHandle', 'requestFileHandle', 'requestFileHandles'] as const)(
  'a model that is there by its hashes is not downloaded, with the draft’s %s',
  async (shape) => {
    const shared = new CrossOriginStorageDouble({ shape });
    const { host: faults, record, files } = await host();
    for (const [hash, file] of files) shared.files.set(hash, file);
    const tab = new TestTab();
    tab.downloader.start(record);
    expect(await tab.rest(record.id)).toEqual({ status: 'complete', totalBytes: TOTAL });
    expect(await faults.requests()).toEqual([]);
    expect(shared.asked.flat().sort()).toEqual([...files.keys()].sort());
    await (await tab.store()).verifyModel(record.id);
  },
);

test('a file with wrong bytes, and one that is not there, are downloaded', async () => {
  const shared = new CrossOriginStorageDouble();
  const { host: faults, record, files } = await host();
  const [[hash = '', whole = new Blob()] = []] = files;
  shared.files.set(hash, new Blob([whole.slice(1), 'x']));
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toEqual({ status: 'complete', totalBytes: TOTAL });
  expect((await faults.requests()).map(({ path }) => path).sort()).toEqual(['large.bin', 'small.bin']);
  const loaded = tab.told.flatMap((status) => (status.status === 'downloading' ? [status.loadedBytes] : []));
  expect(loaded.at(-1)).toBe(TOTAL);
  await (await tab.store()).verifyModel(record.id);
});

test('a file of another size is downloaded', async () => {
  const shared = new CrossOriginStorageDouble();
  const { host: faults, record, files } = await host();
  for (const hash of files.keys()) shared.files.set(hash, new Blob(['short']));
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(await faults.requests()).toHaveLength(2);
});

test('after a refusal everything is downloaded, and the user is asked once', async () => {
  const shared = new CrossOriginStorageDouble({ isRefused: true });
  const { host: faults, record } = await host();
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(await faults.requests()).toHaveLength(2);
  expect(shared.asked).toHaveLength(1);
});

test('a downloaded model is offered to other sites only if the user has agreed', async () => {
  const shared = new CrossOriginStorageDouble();
  const first = await host();
  const tab = new TestTab();
  tab.downloader.start(first.record);
  await tab.rest(first.record.id);
  expect(shared.created).toEqual([]);

  agree();
  const second = await host();
  const another = new TestTab();
  another.downloader.start(second.record);
  await another.rest(second.record.id);
  await expect.poll(() => [...shared.files.keys()].sort()).toEqual([...second.files.keys()].sort());
  expect(shared.created).toEqual([
    { create: true, origins: '*' },
    { create: true, origins: '*' },
  ]);
  for (const [hash, file] of second.files) {
    expect(await shared.files.get(hash)?.arrayBuffer()).toEqual(await file.arrayBuffer());
  }
});

test('a browser without the API downloads as before, also if the user has agreed', async () => {
  agree();
  const { host: faults, record } = await host();
  const tab = new TestTab();
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toEqual({ status: 'complete', totalBytes: TOTAL });
  expect(await faults.requests()).toHaveLength(2);
});
