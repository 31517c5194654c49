import { expect, test } from 'vitest';
import { LIBRARY_PATH } from '../models/catalogue/new-library.ts';
import type { ModelSource } from '../models/model-record.ts';
import { planDownload } from './plan.ts';
import { FaultHost, recordOf } from './testing/fault-host.ts';
import { TestTab } from './testing/test-tab.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const REPO = 'owner/name';
const LIBRARY = { path: 'model.wasm', size: 7000, seed: 50 };

const FILES = [
  { path: '.gitattributes', size: 100, seed: 1, lfs: false },
  { path: 'README.md', size: 100, seed: 2, lfs: false },
  { path: 'mlc-chat-config.json', size: 500, seed: 3, lfs: false },
  { path: 'ndarray-cache.json', size: 600, seed: 4, lfs: false },
  { path: 'tensor-cache.json', size: 600, seed: 5, lfs: false },
  { path: 'params_shard_0.bin', size: 30_000, seed: 6, lfs: true },
  { path: 'params_shard_1.bin', size: 40_000, seed: 7, lfs: true },
  { path: 'tokenizer.json', size: 9000, seed: 8, lfs: false },
  { path: 'logs/params_shard_9.bin', size: 10, seed: 9, lfs: true },
];
const WANTED = [
  'mlc-chat-config.json',
  'tensor-cache.json',
  'params_shard_0.bin',
  'params_shard_1.bin',
  'tokenizer.json',
];

function sourceOf(host: FaultHost, library: Partial<Parameters<FaultHost['url']>[0]> = {}): ModelSource {
  return { kind: 'huggingface', repo: REPO, revision: 'main', library: { url: host.url({ ...LIBRARY, ...library }) } };
}

function plan(host: FaultHost, source = sourceOf(host)) {
  return planDownload(recordOf('m', source), { baseUrl: location.href, huggingFaceUrl: host.huggingFaceUrl });
}

test('a file list in the catalogue is planned without a request, its URLs resolved against the catalogue', async () => {
  const file = { path: 'a.bin', url: 'models/a.bin', sizeBytes: 3, sha256: 'aa' };
  const record = recordOf('m', { kind: 'files', revision: '7', files: [file] });
  expect(await planDownload(record, { baseUrl: 'https://example.org/app/catalogue.json' })).toEqual({
    record,
    revision: '7',
    files: [{ ...file, url: 'https://example.org/app/models/a.bin', gitBlobId: undefined }],
  });
});

test('a repository is planned at its commit from all pages of its listing, with only the files that the engine reads', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const { revision, files } = await plan(host);
  expect(revision).toBe(COMMIT);
  expect(files.map((file) => file.path)).toEqual([...WANTED, LIBRARY_PATH]);
  const shard = files.find((file) => file.path === 'params_shard_1.bin');
  const { sha256 } = await host.hash({ path: '', size: 40_000, seed: 7 });
  expect(shard).toEqual({
    path: 'params_shard_1.bin',
    url: `${host.huggingFaceUrl}/${REPO}/resolve/${COMMIT}/params_shard_1.bin`,
    sizeBytes: 40_000,
    sha256,
    gitBlobId: undefined,
  });
  const { gitBlobId } = await host.hash({ path: '', size: 500, seed: 3 });
  expect(files[0]).toMatchObject({ sha256: undefined, gitBlobId, sizeBytes: 500 });
  expect(files.at(-1)).toMatchObject({ sizeBytes: LIBRARY.size, sha256: undefined, gitBlobId: undefined });
});

test('a model’s manifest is planned, and a repository that lacks the one that its record names is refused', async () => {
  const host = new FaultHost();
  const manifest = { path: 'mlc-model-manifest.json', size: 700, seed: 11, lfs: false };
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const record = { ...recordOf('m', sourceOf(host)), modelManifest: manifest.path };
  const options = { baseUrl: location.href, huggingFaceUrl: host.huggingFaceUrl };
  await expect(planDownload(record, options)).rejects.toMatchObject({ code: 'not-weights' });
  await host.defineRepo(REPO, { commit: COMMIT, files: [...FILES, manifest] });
  const { files } = await planDownload(record, options);
  expect(files.map(({ path }) => path).sort()).toEqual([...WANTED, manifest.path, LIBRARY_PATH].sort());
});

test('a Hugging Face repository is downloaded through its redirects and verified by either kind of hash', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const record = recordOf(crypto.randomUUID(), sourceOf(host));
  const tab = new TestTab({ huggingFaceUrl: host.huggingFaceUrl });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'complete' });
  const store = await tab.store();
  await store.verifyModel(record.id);
  const model = await store.getModel(record.id);
  expect(model?.revision).toBe(COMMIT);
  // The library's hash is known from its first download on.
  const { sha256 } = await host.hash(LIBRARY);
  expect(model?.files.find((file) => file.path === LIBRARY_PATH)?.sha256).toBe(sha256);
});

test('only a newer compiled library is downloaded, without a request for the weights’ listing', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const record = recordOf(crypto.randomUUID(), sourceOf(host));
  const before = new TestTab({ huggingFaceUrl: host.huggingFaceUrl });
  before.downloader.start(record);
  expect(await before.rest(record.id)).toMatchObject({ status: 'complete' });
  await host.clear();

  const newer = { ...LIBRARY, path: 'newer.wasm', seed: 77, size: LIBRARY.size + 10 };
  const listed = { ...record, source: { ...record.source, library: { url: host.url(newer) } } as ModelSource };
  const after = new TestTab({ huggingFaceUrl: host.huggingFaceUrl, databaseName: before.databaseName });
  after.downloader.start(listed);
  expect(await after.rest(record.id)).toMatchObject({ status: 'complete' });
  expect(new Set((await host.requests()).map(({ path }) => path))).toEqual(new Set(['newer.wasm']));
  const store = await after.store();
  await store.verifyModel(record.id);
  const model = await store.getModel(record.id);
  expect(model).toMatchObject({ complete: true, revision: COMMIT, record: listed });
  const { sha256 } = await host.hash(newer);
  expect(model?.files.find(({ path }) => path === LIBRARY_PATH)).toMatchObject({ url: host.url(newer), sha256 });
});

test('a small file that does not match its git hash is refused', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const record = recordOf(crypto.randomUUID(), sourceOf(host));
  const { revision, files } = await planDownload(record, {
    baseUrl: location.href,
    huggingFaceUrl: host.huggingFaceUrl,
  });
  const tab = new TestTab({ huggingFaceUrl: host.huggingFaceUrl });
  const wrong = files.map((file) => (file.path === 'tokenizer.json' ? { ...file, gitBlobId: '0'.repeat(40) } : file));
  await (await tab.store()).addModel({ record, revision, files: wrong });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({
    status: 'failed',
    error: { code: 'file-corrupt', data: { path: 'tokenizer.json' } },
  });
});

test.each([
  ['a repository that is missing or private', { hidden: true }, 'not-found'],
  ['a repository without weights', { files: FILES.slice(0, 3) }, 'not-weights'],
])('the plan recognises %s from its listing', async (_, change, code) => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES, ...change });
  await expect(plan(host)).rejects.toMatchObject({ code });
});

test('a gated repository is refused at its first file', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES, gated: true });
  const record = recordOf(crypto.randomUUID(), sourceOf(host));
  const tab = new TestTab({ huggingFaceUrl: host.huggingFaceUrl });
  tab.downloader.start(record);
  expect(await tab.rest(record.id)).toMatchObject({ status: 'failed', error: { code: 'access-denied' } });
});

test('an unknown revision and a missing library are reported as not found', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const source = sourceOf(host);
  await expect(plan(host, { ...source, revision: 'gone' } as ModelSource)).rejects.toMatchObject({ code: 'not-found' });
  await expect(plan(host, sourceOf(host, { fault: '404' }))).rejects.toMatchObject({ code: 'not-found' });
});

test('a web page instead of a listing is reported as not weights', async () => {
  const host = new FaultHost();
  const options = { baseUrl: location.href, huggingFaceUrl: location.origin };
  await expect(planDownload(recordOf('m', sourceOf(host)), options)).rejects.toMatchObject({ code: 'not-weights' });
});

test('an unreachable host is reported as offline, and a cancelled plan as a cancel', async () => {
  const host = new FaultHost();
  const record = recordOf('m', sourceOf(host));
  const options = { baseUrl: location.href, huggingFaceUrl: 'http://127.0.0.1:1' };
  await expect(planDownload(record, options)).rejects.toMatchObject({ code: 'offline' });
  const signal = AbortSignal.abort();
  await expect(planDownload(record, { ...options, signal })).rejects.toMatchObject({ name: 'AbortError' });
});

const GGUF_FILES = [
  { path: 'README.md', size: 100, seed: 1, lfs: false },
  { path: 'Name-Q4_K_M.gguf', size: 5000, seed: 2, lfs: true },
  { path: 'Name-Q8_0-00001-of-00002.gguf', size: 6000, seed: 3, lfs: true },
  { path: 'Name-Q8_0-00002-of-00002.gguf', size: 7000, seed: 4, lfs: true },
  { path: 'Name-Q5_K_M-00001-of-00002.gguf', size: 6000, seed: 5, lfs: true },
  { path: 'mmproj-Name-Q4_K_M.gguf', size: 800, seed: 6, lfs: true },
];

async function planGguf(files: string, listingSha256?: string) {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: GGUF_FILES });
  const pinned = listingSha256 === undefined ? {} : { listingSha256 };
  return plan(host, { kind: 'huggingface', repo: REPO, revision: 'main', files, ...pinned });
}

test('the GGUF that matches the pattern is planned, with all its parts if it is split', async () => {
  const one = await planGguf('*-q4_k_m.gguf');
  expect(one.revision).toBe(COMMIT);
  expect(one.files.map(({ path }) => path)).toEqual(['Name-Q4_K_M.gguf']);
  const split = await planGguf('*-Q8_0*.gguf');
  expect(split.files.map(({ path }) => path)).toEqual([GGUF_FILES[2]?.path, GGUF_FILES[3]?.path]);
});

test('a projector is planned with its model, and one that is not there, or is several, is refused', async () => {
  const host = new FaultHost();
  const more = { path: 'mmproj-Name-Q8_0.gguf', size: 900, seed: 7, lfs: true };
  await host.defineRepo(REPO, { commit: COMMIT, files: [...GGUF_FILES, more] });
  const planned = (projector: string) =>
    plan(host, { kind: 'huggingface', repo: REPO, revision: 'main', files: '*-Q8_0*.gguf', projector });
  const { files } = await planned('mmproj-*-Q8_0.gguf');
  expect(files.map(({ path }) => path)).toEqual([GGUF_FILES[2]?.path, GGUF_FILES[3]?.path, more.path]);
  for (const projector of ['mmproj-*-F16.gguf', 'mmproj-*.gguf']) {
    await expect(planned(projector)).rejects.toMatchObject({ code: 'not-weights' });
  }
});

test.each([
  ['no file', '*-Q2_K.gguf'],
  ['two models', '*.gguf'],
  ['half of a split one', '*-Q5_K_M*.gguf'],
])('a pattern that matches %s is refused', async (_, files) => {
  await expect(planGguf(files)).rejects.toMatchObject({ code: 'not-weights' });
});

test('a listing that differs from the catalogue’s pins is refused before the first byte', async () => {
  const { files } = await planGguf('*-Q4_K_M.gguf');
  const lines = files.map(({ path, sizeBytes, sha256 }) => `${path} ${sizeBytes} ${sha256}\n`).join('');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines)));
  const listingSha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  await expect(planGguf('*-Q4_K_M.gguf', listingSha256)).resolves.toMatchObject({ revision: COMMIT });
  await expect(planGguf('*-Q8_0*.gguf', listingSha256)).rejects.toMatchObject({ code: 'file-changed' });
});

test('the plan follows the catalogue’s pins: their commit, listing and library', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES });
  const source = sourceOf(host);
  if (source.kind !== 'huggingface') throw new Error('a repository');
  const { sha256 } = await host.hash(LIBRARY);
  const pinned = (listing: object) => {
    const libraries = { [source.library?.url ?? '']: { sizeBytes: LIBRARY.size, sha256 } };
    const json = JSON.stringify({ repos: { [REPO]: { revision: COMMIT, listings: listing } }, libraries });
    return plan(host, { ...source, pinsUrl: `data:application/json,${encodeURIComponent(json)}` });
  };
  const { revision, files } = await pinned({});
  expect(revision).toBe(COMMIT);
  expect(files.at(-1)).toMatchObject({ path: LIBRARY_PATH, sizeBytes: LIBRARY.size, sha256 });
  await expect(pinned({ mlc: { sizeBytes: 1, sha256: 'a'.repeat(64) } })).rejects.toMatchObject({
    code: 'file-changed',
  });
  await expect(pinned({ mlc: { sha256: 'x' } })).rejects.toMatchObject({ code: 'catalogue-invalid' });
});

test('a listing whose pages never end is refused', async () => {
  const host = new FaultHost();
  await host.defineRepo(REPO, { commit: COMMIT, files: FILES, endless: true });
  await expect(plan(host)).rejects.toMatchObject({ code: 'not-weights' });
});
