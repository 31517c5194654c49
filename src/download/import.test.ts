import { expect, test } from 'vitest';
import type { ModelPlan } from '../storage/weights/stored-model.ts';
import { CHUNK_BYTES } from '../storage/weights/weight-store.ts';
import type { ImportedModel } from './downloader.ts';
import { recordOf } from './testing/fault-host.ts';
import { TestTab } from './testing/test-tab.ts';

/** Bytes that differ from place to place. */
function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 255);
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const LARGE = bytesOf(2 * CHUNK_BYTES + 77, 1);
const SMALL = bytesOf(1_000, 2);

async function imported(change: { sha256?: string; small?: Blob } = {}): Promise<ImportedModel> {
  const record = recordOf(crypto.randomUUID(), {
    kind: 'url',
    revision: '1',
    files: [{ path: 'a.gguf', url: 'https://nowhere.invalid/a.gguf' }],
  });
  const plan: ModelPlan = {
    record: { ...record, engine: 'wllama' },
    revision: '1',
    files: [
      { path: 'large.gguf', sizeBytes: LARGE.length, sha256: await sha256Of(LARGE) },
      { path: 'small.gguf', sizeBytes: SMALL.length, sha256: change.sha256 ?? (await sha256Of(SMALL)) },
    ].map((file) => ({ ...file, url: `https://nowhere.invalid/${file.path}`, gitBlobId: undefined })),
  };
  const blobs = new Map([
    ['large.gguf', new Blob([LARGE])],
    ['small.gguf', change.small ?? new Blob([SMALL])],
  ]);
  return { plan, blobs };
}

test('imported files are stored, verified and readable, as downloaded ones are', async () => {
  const tab = new TestTab();
  const model = await imported();
  const { id } = model.plan.record;
  tab.downloader.import(model);
  expect(await tab.rest(id)).toEqual({ status: 'complete', totalBytes: LARGE.length + SMALL.length });
  const store = await tab.store();
  await store.verifyModel(id);
  expect(new Uint8Array((await (await store.readFile(id, 'large.gguf'))?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(
    LARGE,
  );
});

test('a wrong hash rejects only that file, and the right file completes the model', async () => {
  const tab = new TestTab();
  const model = await imported({ sha256: 'a'.repeat(64) });
  const { id } = model.plan.record;
  tab.downloader.import(model);
  expect(await tab.rest(id)).toMatchObject({
    status: 'failed',
    error: { code: 'file-corrupt', data: { path: 'small.gguf' } },
  });
  const store = await tab.store();
  expect((await store.getModel(id))?.files.map(({ path, storedBytes }) => [path, storedBytes])).toEqual([
    ['large.gguf', LARGE.length],
    ['small.gguf', 0],
  ]);
});

test('a truncated file is reported, and the import continues with the complete file', async () => {
  const tab = new TestTab();
  const cut = await imported({ small: new Blob([SMALL.subarray(0, 10)]) });
  const { id } = cut.plan.record;
  tab.downloader.import(cut);
  expect(await tab.rest(id)).toMatchObject({ status: 'failed', error: { code: 'file-truncated' } });
  // Its part in it has ended.
  await tab.downloader.pause(id);
  const loads: number[] = [];
  tab.downloader.subscribe((_, status) => {
    if (status.status === 'downloading') loads.push(status.loadedBytes);
  });
  tab.downloader.import({ plan: cut.plan, blobs: new Map([['small.gguf', new Blob([SMALL])]]) });
  await tab.until(id, ({ status }) => status === 'complete');
  // What was whole is not brought again: the import had no more of it.
  expect(Math.min(...loads)).toBe(LARGE.length);
});

test('a stopped import continues after its last chunk', async () => {
  const tab = new TestTab();
  const model = await imported();
  const { id } = model.plan.record;
  const store = await tab.store();
  tab.downloader.import(model);
  await tab.loaded(id, CHUNK_BYTES);
  await tab.downloader.pause(id);
  const before = (await store.getModel(id))?.storedBytes ?? 0;
  tab.downloader.import(model);
  const loads: number[] = [];
  tab.downloader.subscribe((_, status) => {
    if (status.status === 'downloading') loads.push(status.loadedBytes);
  });
  await tab.until(id, ({ status }) => status === 'complete');
  expect(Math.min(...loads)).toBeGreaterThanOrEqual(before);
  await store.verifyModel(id);
});

test('a newer archive over a stored model replaces its files and its record', async () => {
  const tab = new TestTab();
  const model = await imported();
  const { id } = model.plan.record;
  tab.downloader.import(model);
  await tab.rest(id);
  const newer = bytesOf(SMALL.length, 9);
  const [large, small] = model.plan.files;
  if (large === undefined || small === undefined) throw new Error('two files');
  const files = [large, { ...small, sha256: await sha256Of(newer) }];
  const record = { ...model.plan.record, name: 'Newer' };
  const blobs = new Map([...model.blobs, ['small.gguf', new Blob([newer])] as const]);
  const ends = tab.told.length;
  tab.downloader.import({ plan: { record, revision: '2', files, verifiedAgainst: 'archive' }, blobs });
  await tab.until(id, (status) => status.status === 'complete' && tab.told.indexOf(status) >= ends);
  const store = await tab.store();
  expect(await store.getModel(id)).toMatchObject({
    record: { name: 'Newer' },
    revision: '2',
    verifiedAgainst: 'archive',
  });
  const stored = (await (await store.readFile(id, 'small.gguf'))?.arrayBuffer()) ?? new ArrayBuffer();
  expect(new Uint8Array(stored)).toEqual(newer);
});
