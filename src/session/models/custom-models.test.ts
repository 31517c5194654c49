import { afterEach, expect, test } from 'vitest';
import type { ImportedModel } from '../../download/downloader.ts';
import { listingSha256 } from '../../download/wanted-files.ts';
import { parseCatalogue } from '../../models/catalogue/catalogue.ts';
import { LIBRARY_PATH } from '../../models/catalogue/new-library.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { CustomModelStore } from '../../storage/weights/custom-model-store.ts';
import {
  archiveEntries,
  archiveOf as fileOf,
  type ModelArchive,
  readArchive,
} from '../../storage/weights/model-archive.ts';
import type { PlannedFile, StoredModel } from '../../storage/weights/stored-model.ts';
import { WeightStore } from '../../storage/weights/weight-store.ts';
import { type ArchiveProof, proofOf } from './archive-proof.ts';
import { type CustomEntry, CustomModels, type CustomModelsHost } from './custom-models.ts';

const open: CustomModels[] = [];

afterEach(() => {
  for (const models of open.splice(0)) models.dispose();
});

/** The lists that the registry receives. */
class Host implements CustomModelsHost {
  entries: readonly CustomEntry[] = [];
  readonly deleted: string[] = [];
  readonly imported: ImportedModel[] = [];
  #onSet = (): void => {};

  setCustom(entries: readonly CustomEntry[]): void {
    this.entries = entries;
    this.#onSet();
  }

  importFiles(model: ImportedModel): void {
    this.imported.push(model);
  }

  async deleteWeights(modelId: string): Promise<void> {
    this.deleted.push(modelId);
  }

  nextSet(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSet = resolve;
    });
  }
}

function openModels(weightsName: string): { models: CustomModels; host: Host } {
  const host = new Host();
  const models = new CustomModels(weightsName, host);
  open.push(models);
  return { models, host };
}

function record(change: Partial<ModelRecord> = {}): ModelRecord {
  return madeUpRecord({
    id: 'custom-tiny',
    name: 'Tiny',
    engine: 'wllama',
    contextWindow: 256,
    source: { kind: 'huggingface', repo: 'a/b', revision: 'c0ffee', files: 'a.gguf' },
    ...change,
  });
}

function diskRecord(file: File): ModelRecord {
  const files = [{ path: file.name, sizeBytes: file.size, modifiedAt: file.lastModified }];
  return record({ sizeBytes: file.size, source: { kind: 'disk', revision: '1', files } });
}

test('an added model is listed in other tabs and at the next visit, until it is removed', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const { models } = openModels(name);
  const other = openModels(name);
  const told = other.host.nextSet();
  await models.put(record());
  await told;
  expect(other.host.entries.map((entry) => entry.record.name)).toEqual(['Tiny']);
  await models.put(record({ name: 'Renamed' }));
  const next = openModels(name);
  await next.models.refresh();
  expect(next.host.entries).toEqual([{ record: record({ name: 'Renamed' }), closed: undefined }]);
  await models.remove('custom-tiny');
  await next.models.refresh();
  expect(next.host.entries).toEqual([]);
});

test('a record with the id of a catalogue model, or an invalid record, is not added', async () => {
  const { models } = openModels(`weights-${crypto.randomUUID()}`);
  await expect(models.put(record({ id: 'Qwen3.5-0.8B' }))).rejects.toMatchObject({ code: 'record-invalid' });
  await expect(models.put(record({ contextWindow: -1 }))).rejects.toMatchObject({ code: 'record-invalid' });
});

test('a broken record in the database is left out, and the others are listed', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const store = new CustomModelStore(name);
  const broken = { ...record({ id: 'custom-broken' }), licence: { name: 'MIT', url: 'javascript:alert(1)' } };
  await store.put({ id: 'custom-broken', record: broken, addedAt: 1 });
  await store.put({ id: 'custom-tiny', record: record(), addedAt: 2 });
  store.close();
  const { models, host } = openModels(name);
  await models.refresh();
  expect(host.entries.map((entry) => entry.record.id)).toEqual(['custom-tiny']);
});

test('a file without a handle is open for this visit only, and can be opened again with the same file only', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const file = new File(['weights'], 'tiny.gguf', { lastModified: 1_000 });
  const { models, host } = openModels(name);
  await models.put(diskRecord(file), [{ file, handle: undefined }]);
  expect(host.entries[0]?.closed).toBeUndefined();
  const next = openModels(name);
  await next.models.refresh();
  expect(next.host.entries[0]?.closed).toMatchObject({ code: 'file-gone', data: { path: 'tiny.gguf' } });
  const other = new File(['others!'], 'tiny.gguf', { lastModified: 2_000 });
  await expect(next.models.reopen('custom-tiny', [{ file: other, handle: undefined }])).rejects.toMatchObject({
    code: 'file-replaced',
  });
  await next.models.reopen('custom-tiny', [{ file, handle: undefined }]);
  expect(next.host.entries[0]?.closed).toBeUndefined();
});

const OTHER_SOURCE = { kind: 'huggingface', repo: 'evil/b', revision: 'c0ffee', files: 'a.gguf' } as const;

test('a shared model of the same id never replaces the user’s own', async () => {
  const { models, host } = openModels(`weights-${crypto.randomUUID()}`);
  await models.put(record());
  const other = record({ name: 'Another', source: OTHER_SOURCE });
  expect(await models.add(other, { isShared: true })).toBe('custom-tiny-2');
  expect(host.entries.map((entry) => entry.record)).toEqual([record(), { ...other, id: 'custom-tiny-2' }]);

  expect(await models.add(record({ name: 'The same, renamed' }), { isShared: true })).toBe('custom-tiny');
  expect(host.entries.map((entry) => entry.record.name)).toEqual(['Tiny', 'Another']);

  const newer = record({ name: 'Looked up again', source: { ...OTHER_SOURCE, repo: 'a/b', revision: 'beef' } });
  expect(await models.add(newer, { isShared: false })).toBe('custom-tiny');
  expect(host.entries.map((entry) => entry.record.name)).toEqual(['Looked up again', 'Another']);
});

const HASH = 'a'.repeat(64);

function archiveOf(model: ModelRecord, sha256 = HASH): ModelArchive {
  const file = { path: 'a.gguf', url: 'https://nowhere.invalid/', sizeBytes: 1, sha256, gitBlobId: undefined };
  return { plan: { record: model, revision: '1', files: [file] }, blobs: new Map([['a.gguf', new Blob(['x'])]]) };
}

test('an archive is a model of the catalogue if the catalogue’s hashes prove it, or could not and nothing stands there', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const { models, host } = openModels(name);
  const file = { path: 'a.gguf', url: 'https://good.test/a.gguf', sizeBytes: 1, sha256: HASH };
  const listed = record({ id: 'Tiny', source: { kind: 'files', revision: '1', files: [file] } });
  expect(await models.importArchive(archiveOf(listed), listed)).toBe('Tiny');
  // The same record and source, as anyone can write them, with other bytes.
  expect(await models.importArchive(archiveOf(listed, 'b'.repeat(64)), listed)).toBe('custom-Tiny');
  // Nothing is known of this one but its repository.
  const unproven = record({ id: 'Repo' });
  expect(await models.importArchive(archiveOf(unproven), unproven)).toBe('Repo');
  const elsewhere = record({ id: 'Repo', source: OTHER_SOURCE });
  expect(await models.importArchive(archiveOf(elsewhere), unproven)).toBe('custom-Repo');
  expect(host.imported.map(({ plan }) => [plan.record.id, plan.verifiedAgainst])).toEqual([
    ['Tiny', 'catalogue'],
    ['custom-Tiny', 'archive'],
    ['Repo', 'archive'],
    ['custom-Repo', 'archive'],
  ]);
  // What is stored there stays: the same files are the same model, others are another one.
  const store = await WeightStore.open(name);
  await store.addModel({ ...archiveOf(unproven).plan, verifiedAgainst: 'archive' });
  expect(await store.getModel('Repo')).toMatchObject({ verifiedAgainst: 'archive' });
  store.close();
  expect(await models.importArchive(archiveOf(unproven), unproven)).toBe('Repo');
  expect(await models.importArchive(archiveOf(unproven, 'b'.repeat(64)), unproven)).toBe('custom-Repo-2');
});

/** A model as it is stored after its download: of the shipped catalogue's record, with files of one byte. */
function storedModel(listed: ModelRecord): StoredModel {
  const { source } = listed;
  const [known, library] =
    source.kind === 'huggingface'
      ? [[{ path: 'weights', url: 'https://host.test/weights' }], source.library]
      : [source.kind === 'files' || source.kind === 'url' ? source.files : [], undefined];
  const planned = [...known, ...(library === undefined ? [] : [{ path: LIBRARY_PATH, ...library }])];
  const files = planned.map((file) => ({
    sha256: HASH,
    gitBlobId: undefined,
    ...file,
    url: new URL(file.url, 'https://host.test/').href,
    sizeBytes: 1,
    modelId: listed.id,
    etag: undefined,
    storedBytes: 1,
    verified: true,
  }));
  const times = { addedAt: 1, lastUsedAt: undefined, verifiedAt: undefined, pauseReason: undefined };
  return { record: listed, revision: '1', files, sizeBytes: 1, storedBytes: 1, complete: true, ...times };
}

test('an archive of a model of the shipped catalogue is that model, each of them', async () => {
  const url = new URL('/catalogue.json', location.href).href;
  const { models: all } = parseCatalogue(await (await fetch(url)).json(), url);
  // The others have no files.
  const listed = all.filter(({ source }) => source.kind !== 'server');
  expect(listed.length).toBeGreaterThan(200);
  const { models } = openModels(`weights-${crypto.randomUUID()}`);
  const others: string[] = [];
  for (const one of listed) {
    const entries = await archiveEntries(storedModel(one), async () => new Blob(['x']));
    const id = await models.importArchive(await readArchive(fileOf(entries)), one);
    if (id !== one.id) others.push(`${one.id} as ${id}`);
  }
  expect(others).toEqual([]);
});

test('a repository of the catalogue is proven by its listing and the hash of its library', async () => {
  const weights = { path: 'params_shard_0.bin', sizeBytes: 1, sha256: HASH, gitBlobId: undefined };
  const config = { path: 'mlc-chat-config.json', sizeBytes: 2, sha256: HASH, gitBlobId: 'c'.repeat(40) };
  const library = { path: 'library.wasm', sizeBytes: 3, sha256: 'd'.repeat(64), gitBlobId: undefined };
  const listing = await listingSha256([
    { ...weights, gitBlobId: '' },
    { path: config.path, sizeBytes: config.sizeBytes, sha256: undefined, gitBlobId: config.gitBlobId },
  ]);
  const repository = { kind: 'huggingface', repo: 'a/b', revision: 'main', listingSha256: listing } as const;
  const known = record({ source: { ...repository, library: { url: 'https://good.test/l', sha256: library.sha256 } } });
  const proof = (by: ModelRecord, ...files: readonly Partial<PlannedFile>[]): Promise<ArchiveProof> => {
    const planned = files.map((file) => ({ ...weights, url: 'https://nowhere.invalid/', ...file }));
    return proofOf(by, { record: by, revision: 'main', files: planned }, { baseUrl: location.href });
  };
  expect(await proof(known, weights, config, library)).toBe('proven');
  expect(await proof(known, weights, config, { ...library, sha256: 'e'.repeat(64) })).toBe('wrong');
  expect(await proof(known, { ...weights, sha256: 'e'.repeat(64) }, config, library)).toBe('wrong');
  expect(await proof(known, weights, config)).toBe('wrong');
  // Of which only a part is known: that part decides against, not for.
  const { listingSha256: _, ...unlisted } = repository;
  const partly = record({ source: { ...unlisted, library: { url: 'https://good.test/l', sha256: library.sha256 } } });
  expect(await proof(partly, weights, config, library)).toBe('unknown');
  expect(await proof(partly, weights, config, { ...library, sha256: 'e'.repeat(64) })).toBe('wrong');
});

test('an archive of the id of the user’s own model is a new model, unless its files are the same', async () => {
  const name = `weights-${crypto.randomUUID()}`;
  const { models, host } = openModels(name);
  const own = record();
  await models.put(own);
  const store = await WeightStore.open(name);
  await store.addModel({ ...archiveOf(own).plan, record: own });
  store.close();
  expect(await models.importArchive(archiveOf(own), own)).toBe('custom-tiny');
  expect(await models.importArchive(archiveOf(own, 'b'.repeat(64)), own)).toBe('custom-tiny-2');
  expect(host.entries.map((entry) => entry.record.id)).toEqual(['custom-tiny', 'custom-tiny-2']);
});
