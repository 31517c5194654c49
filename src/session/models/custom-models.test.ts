import { afterEach, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { CustomModelStore } from '../../storage/weights/custom-model-store.ts';
import { type CustomEntry, CustomModels, type CustomModelsHost } from './custom-models.ts';

const open: CustomModels[] = [];

afterEach(() => {
  for (const models of open.splice(0)) models.dispose();
});

/** The lists that the registry receives. */
class Host implements CustomModelsHost {
  entries: readonly CustomEntry[] = [];
  readonly deleted: string[] = [];
  #onSet = (): void => {};

  setCustom(entries: readonly CustomEntry[]): void {
    this.entries = entries;
    this.#onSet();
  }

  importFiles(): void {}

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
