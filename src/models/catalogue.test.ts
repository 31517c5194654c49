import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../errors.ts';
import { parseCatalogue } from './catalogue.ts';

const BASE = 'https://chat.example/app/catalogue.json';

function listed(changes: object = {}): Record<string, unknown> {
  return {
    id: 'toy',
    name: 'Toy',
    family: 'Toy',
    maker: 'Alcove',
    engine: 'webllm',
    quantization: 'q0f32',
    parameterCount: 870_000,
    contextWindow: 2048,
    vramBytes: 64_000_000,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    source: {
      kind: 'files',
      revision: '1',
      files: [
        { path: 'library.wasm', url: 'models/toy/library.wasm', sizeBytes: 3, sha256: 'a'.repeat(64) },
        { path: 'params_shard_0.bin', url: 'models/toy/params_shard_0.bin', sizeBytes: 4, sha256: 'b'.repeat(64) },
      ],
    },
    ...changes,
  };
}

function hosted(changes: object = {}): Record<string, unknown> {
  return listed({
    source: {
      kind: 'huggingface',
      repo: 'mlc-ai/Toy-MLC',
      revision: 'main',
      library: { url: 'https://raw.example/lib.wasm' },
    },
    ...changes,
  });
}

function refusedPath(json: unknown): string | undefined {
  try {
    parseCatalogue(json, BASE);
  } catch (error) {
    if (AlcoveError.isInstance(error) && error.code === 'catalogue-invalid') return String(error.data['path']);
    throw error;
  }
  return undefined;
}

function refusedRecord(record: unknown): string | undefined {
  return refusedPath({ version: 1, models: [record] });
}

describe('parseCatalogue', () => {
  it('makes relative addresses absolute and sums up the listed files', () => {
    const [record] = parseCatalogue({ version: 1, models: [listed()] }, BASE).models;
    expect(record?.sizeBytes).toBe(7);
    expect(record?.source).toMatchObject({
      files: [
        { url: 'https://chat.example/app/models/toy/library.wasm' },
        { url: 'https://chat.example/app/models/toy/params_shard_0.bin' },
      ],
    });
  });

  it('leaves the size out where only the host can say it', () => {
    const [record] = parseCatalogue({ version: 1, models: [hosted()] }, BASE).models;
    expect(record).not.toHaveProperty('sizeBytes');
  });

  it('keeps what is optional and drops what it does not know', () => {
    const optional = { note: 'Small.', requiredBindingBytes: 200_000_000, overrides: { context_window_size: 4096 } };
    const [record] = parseCatalogue({ version: 1, models: [hosted({ ...optional, colour: 'red' })] }, BASE).models;
    expect(record).toMatchObject(optional);
    expect(record).not.toHaveProperty('colour');
  });

  it.each([
    ['a web page', '<!doctype html>', ''],
    ['nothing', undefined, ''],
    ['a list', [], ''],
    ['another version', { version: 2, models: [listed()] }, 'version'],
    ['no models', { version: 1, models: [] }, 'models'],
    ['a model that is null', { version: 1, models: [null] }, 'models[0]'],
    ['an id twice', { version: 1, models: [listed(), hosted()] }, 'models[1].id'],
  ])('refuses %s and says where', (_, json, path) => {
    expect(refusedPath(json)).toBe(path);
  });

  it.each([
    ['an unknown engine', { engine: 'magic' }, 'engine'],
    ['an id with a slash', { id: '../toy' }, 'id'],
    ['a blank name', { name: ' ' }, 'name'],
    ['a negative size', { sizeBytes: -1 }, 'sizeBytes'],
    ['a size that is not the sum of its files', { sizeBytes: 8 }, 'sizeBytes'],
    ['memory that is not a number', { vramBytes: '64 MB' }, 'vramBytes'],
    ['half a parameter', { parameterCount: 0.5 }, 'parameterCount'],
    ['null where a note may be missing', { note: null }, 'note'],
    ['a feature that is not text', { requiredFeatures: [1] }, 'requiredFeatures[0]'],
    ['an override that is an object', { overrides: { a: {} } }, 'overrides.a'],
    ['a licence link that runs script', { licence: { name: 'MIT', url: 'javascript:alert(1)' } }, 'licence.url'],
    ['a licence link into data', { licence: { name: 'MIT', url: 'data:text/html,x' } }, 'licence.url'],
    ['an unknown source', { source: { kind: 'torrent', revision: '1' } }, 'source.kind'],
    ['no source', { source: undefined }, 'source'],
  ])('refuses %s', (_, changes, path) => {
    expect(refusedRecord(listed(changes))).toBe(`models[0].${path}`);
  });

  const file = { path: 'library.wasm', url: 'l.wasm', sizeBytes: 1, sha256: 'c'.repeat(64) };
  it.each([
    ['a file outside its model', [{ ...file, path: '../x' }], 'files[0].path'],
    ['a file listed twice', [file, file], 'files[1].path'],
    ['a file from the disk', [{ ...file, url: 'file:///etc/passwd' }], 'files[0].url'],
    ['a negative file', [{ ...file, sizeBytes: -5 }], 'files[0].sizeBytes'],
    ['an upper-case hash', [{ ...file, sha256: 'C'.repeat(64) }], 'files[0].sha256'],
    ['files without the compiled library', [{ ...file, path: 'tokenizer.json' }], 'files'],
  ])('refuses %s', (_, files, path) => {
    expect(refusedRecord(listed({ source: { kind: 'files', revision: '1', files } }))).toBe(`models[0].source.${path}`);
  });

  it('takes a GGUF for llama.cpp from a list of files, and from no repository in another format', () => {
    const gguf = { path: 'toy.gguf', url: 'toy.gguf', sizeBytes: 1, sha256: 'c'.repeat(64) };
    const source = { kind: 'files', revision: '1', files: [gguf] };
    const { models } = parseCatalogue({ version: 1, models: [listed({ engine: 'wllama', source })] }, BASE);
    expect(models[0]).toMatchObject({ engine: 'wllama', sizeBytes: 1 });
    expect(refusedRecord(listed({ engine: 'wllama' }))).toBe('models[0].source.files');
    expect(refusedRecord(hosted({ engine: 'wllama' }))).toBe('models[0].source.kind');
  });

  it('refuses a repository that is an address', () => {
    const source = { kind: 'huggingface', repo: 'https://x.example/a', revision: 'main', library: { url: 'l.wasm' } };
    expect(refusedRecord(hosted({ source }))).toBe('models[0].source.repo');
  });
});
