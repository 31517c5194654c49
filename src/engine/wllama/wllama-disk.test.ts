import { afterEach, describe, expect, test } from 'vitest';
import { blobSource } from '../../models/gguf/byte-source.ts';
import { readGguf } from '../../models/gguf/read-gguf.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { CustomModelStore } from '../../storage/weights/custom-model-store.ts';
import { FileLender } from '../../storage/weights/disk-files.ts';
import { ask, drain, failure, textOf } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { createFaultyEngine } from './testing/faulty-engine.ts';
import { WllamaEngine } from './wllama-engine.ts';

const { signal } = new AbortController();
const toy = await fetchToyRecord('wllama');
const toyBytes = new Uint8Array(await (await fetch('/models/toy/toy-f32.gguf')).arrayBuffer());

let engine: WllamaEngine | undefined;
let names: string[] = [];

afterEach(async () => {
  engine?.dispose();
  const root = await navigator.storage.getDirectory();
  for (const name of names) await root.removeEntry(name).catch(() => {});
  names = [];
});

/** A file of the origin's private file system: its handle is one like those of the disk. */
async function fileOnDisk(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileSystemFileHandle> {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  await writable.write(bytes);
  await writable.close();
  names.push(name);
  return handle;
}

function onDisk(file: File): ModelRecord {
  const { name: path, size: sizeBytes, lastModified: modifiedAt } = file;
  const source = { kind: 'disk', revision: '1', files: [{ path, sizeBytes, modifiedAt }] } as const;
  return { ...toy, id: `custom-${crypto.randomUUID()}`, source };
}

/** A model on the disk as the user has added it, and a name for its stores. */
async function add(handle: FileSystemFileHandle): Promise<{ record: ModelRecord; storeName: string }> {
  const storeName = `weights-${crypto.randomUUID()}`;
  const record = onDisk(await handle.getFile());
  const store = new CustomModelStore(storeName);
  await store.put({ id: record.id, record, addedAt: 1, handles: [handle] });
  store.close();
  return { record, storeName };
}

/** How many records each object store of a database has. */
async function countRecords(name: string): Promise<Record<string, number>> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction([...database.objectStoreNames]);
  const counts = [...database.objectStoreNames].map(async (store) => {
    const count = await new Promise<number>((resolve) => {
      const request = transaction.objectStore(store).count();
      request.onsuccess = () => resolve(request.result);
    });
    return [store, count] as const;
  });
  const entries = await Promise.all(counts);
  database.close();
  return Object.fromEntries(entries);
}

describe('a GGUF on the disk', { timeout: 60_000 }, () => {
  test('is read in place and answers, without a write to the weight store', async () => {
    const { record, storeName } = await add(await fileOnDisk(`${crypto.randomUUID()}.gguf`, toyBytes));
    engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
    await drain(engine.load({ model: record }, signal));
    expect(
      textOf(await drain(engine.generate({ model: record, ...ask('What is the capital of France?') }, signal))),
    ).toBe('The capital of France is Paris.');
    expect(engine.loadReport?.totalBytes).toBe(toyBytes.length);
    expect(await countRecords(storeName)).toEqual({ chunks: 0, files: 0, models: 0 });
    expect(await countRecords(`${storeName}-custom`)).toEqual({ models: 1 });
  });

  test('is read in the same way without a handle, for one visit', async () => {
    const storeName = `weights-${crypto.randomUUID()}`;
    const file = new File([toyBytes], 'lent.gguf');
    const record = onDisk(file);
    const lender = new FileLender(storeName);
    lender.lend(record.id, [file]);
    engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
    await drain(engine.load({ model: record }, signal));
    expect(textOf(await drain(engine.generate({ model: record, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
    expect(await countRecords(storeName)).toEqual({ chunks: 0, files: 0, models: 0 });
    lender.close();
  });

  test('is reported missing if no tab has the file any more', async () => {
    const file = new File([toyBytes], 'forgotten.gguf');
    engine = new WllamaEngine({ storeName: `weights-${crypto.randomUUID()}`, backend: { kind: 'single' } });
    expect(await failure(engine.load({ model: onDisk(file) }, signal))).toMatchObject({
      code: 'file-gone',
      data: { path: 'forgotten.gguf' },
    });
  });

  test('is reported missing once deleted, and changed if another file has its name', async () => {
    const name = `${crypto.randomUUID()}.gguf`;
    const { record, storeName } = await add(await fileOnDisk(name, toyBytes));
    await fileOnDisk(name, toyBytes.slice(0, 1_000));
    engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
    expect(await failure(engine.load({ model: record }, signal))).toMatchObject({
      code: 'file-replaced',
      data: { path: name },
    });
    await (await navigator.storage.getDirectory()).removeEntry(name);
    expect(await failure(engine.load({ model: record }, signal))).toMatchObject({
      code: 'file-gone',
      data: { path: name },
    });
  });

  test('is stopped by the watchdog if its chat template never ends, and the next model answers', async () => {
    const storeName = `weights-${crypto.randomUUID()}`;
    const record = { ...toy, id: `toy-${crypto.randomUUID()}` };
    const endless = await withTemplate(endlessLoop());
    await storeToyModel(storeName, record, { 'toy-f32.gguf': () => endless });
    await storeToyModel(storeName, toy);
    engine = createFaultyEngine({ storeName, hungAfterMs: { loading: 6_000, generating: 3_000 } });
    const call = async (): Promise<void> => {
      await drain(engine?.load({ model: record }, signal) ?? none());
      await drain(engine?.generate({ model: record, ...ask('What is two plus two?') }, signal) ?? none());
    };
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    if (!AlcoveError.isInstance(error)) throw new Error(`It ended: ${String(error)}`);
    expect(error.code).toBe('engine-hung');
    await drain(engine.load({ model: toy }, signal));
    expect(textOf(await drain(engine.generate({ model: toy, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
  });
});

async function* none(): AsyncGenerator<never> {}

function endlessLoop(): string {
  const depth = [1, 2, 3, 4];
  return `${depth.map((level) => `{% for a${level} in range(9999) %}`).join('')}${depth.map(() => '{% endfor %}').join('')}`;
}

/** The toy with another chat template, longer by a whole number of alignments, so that its weights stay aligned. */
async function withTemplate(template: string): Promise<Uint8Array<ArrayBuffer>> {
  const { metadata } = await readGguf(blobSource('toy.gguf', new Blob([toyBytes])));
  const before = new TextEncoder().encode(String(metadata.get('tokenizer.chat_template')));
  const at = toyBytes.findIndex((_, index) => before.every((byte, offset) => toyBytes[index + offset] === byte));
  if (at < 8) throw new Error('The toy’s template is not there.');
  const length = before.length + 32 * Math.max(0, Math.ceil((template.length - before.length) / 32));
  const bytes = new Uint8Array(toyBytes.length + length - before.length);
  bytes.set(toyBytes.subarray(0, at));
  new DataView(bytes.buffer).setBigUint64(at - 8, BigInt(length), true);
  bytes.set(new TextEncoder().encode(template.padEnd(length)), at);
  bytes.set(toyBytes.subarray(at + before.length), at + length);
  return bytes;
}
