import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import { kvBytesPerToken } from '../fit/memory.ts';
import { modelKeyOf } from '../model-record.ts';
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

  it('leaves the size out if only the host knows it', () => {
    const [record] = parseCatalogue({ version: 1, models: [hosted()] }, BASE).models;
    expect(record).not.toHaveProperty('sizeBytes');
  });

  it('keeps optional fields and drops unknown ones', () => {
    const optional = {
      note: 'Small.',
      noteId: 'small',
      requiredBindingBytes: 200_000_000,
      overrides: { context_window_size: 4096 },
      modelManifest: 'mlc-model-manifest.json',
    };
    const [record] = parseCatalogue({ version: 1, models: [hosted({ ...optional, colour: 'red' })] }, BASE).models;
    expect(record).toMatchObject(optional);
    expect(record).not.toHaveProperty('colour');
  });

  it.each([
    ['a web page', '<!doctype html>', ''],
    ['nothing', undefined, ''],
    ['a list', [], ''],
    ['another version', { version: 3, models: [listed()] }, 'version'],
    ['no models', { version: 1, models: [] }, 'models'],
    ['a model that is null', { version: 1, models: [null] }, 'models[0]'],
    ['an id twice', { version: 1, models: [listed(), hosted()] }, 'models[1].id'],
  ])('refuses %s and names the place', (_, json, path) => {
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
    ['a manifest outside of the model', { modelManifest: '../m.json' }, 'modelManifest'],
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
    ['a relative address that leaves the catalogue’s origin', [{ ...file, url: '//evil.example/x' }], 'files[0].url'],
    ['the same with the other slash', [{ ...file, url: '\\\\evil.example\\x' }], 'files[0].url'],
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
    expect(refusedRecord(hosted({ engine: 'wllama' }))).toBe('models[0].source.files');
  });

  it('takes a GGUF of a repository by the pattern of its files', () => {
    const source = { kind: 'huggingface', repo: 'a/b-GGUF', revision: 'main', files: '*-Q4_K_M*.gguf' };
    const { models } = parseCatalogue({ version: 1, models: [listed({ engine: 'wllama', source })] }, BASE);
    expect(models[0]?.source).toEqual(source);
    const outside = { ...source, files: '../*.gguf' };
    expect(refusedRecord(listed({ engine: 'wllama', source: outside }))).toBe('models[0].source.files');
  });

  it.each(['//evil.example/l.wasm', '/\\evil.example/l.wasm'])(
    'refuses the relative URL %j, which leaves the origin',
    (url) => {
      const source = { kind: 'huggingface', repo: 'a/b', revision: 'main', library: { url } };
      expect(refusedRecord(hosted({ source }))).toBe('models[0].source.library.url');
    },
  );

  it('refuses a repository that is a URL', () => {
    const source = { kind: 'huggingface', repo: 'https://x.example/a', revision: 'main', library: { url: 'l.wasm' } };
    expect(refusedRecord(hosted({ source }))).toBe('models[0].source.repo');
  });
});

describe('a catalogue of version 2', () => {
  const variant = {
    id: 'small-q4f32_1-MLC',
    engine: 'webllm',
    quantization: 'q4f32_1',
    contextWindow: 1024,
    source: { kind: 'huggingface', repo: 'a/b', revision: 'main', library: { url: 'l.wasm' } },
  };
  const gguf = {
    id: 'small-Q8_0-GGUF',
    engine: 'wllama',
    quantization: 'Q8_0',
    contextWindow: 1024,
    source: { kind: 'huggingface', repo: 'a/b-GGUF', revision: 'main', files: '*-Q8_0.gguf' },
  };
  const model = {
    name: 'Small',
    parameterCount: 1_000_000,
    memory: { layers: 4, kvHeads: 2, headSize: 8 },
    languages: ['en', 'pt-BR'],
    abilities: ['chat', 'thinking'],
    releasedOn: '2026-03',
    variants: [variant, gguf],
  };
  const family = { name: 'Family', maker: 'Maker', licence: 'mit', models: [model] };
  const licences = { mit: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html', forbids: 'Nothing.' } };

  function catalogue(changes: { family?: object; model?: object; variant?: object; licences?: unknown } = {}): object {
    const first = { ...variant, ...changes.variant };
    const models = [{ ...model, variants: [first, gguf], ...changes.model }];
    return { version: 2, licences: changes.licences ?? licences, families: [{ ...family, models, ...changes.family }] };
  }

  it('creates a record for each variant, with the fields of its model and family', () => {
    const { models } = parseCatalogue(catalogue(), BASE);
    expect(models).toHaveLength(2);
    for (const record of models) {
      expect(record).toMatchObject({ name: 'Small', family: 'Family', maker: 'Maker', languages: ['en', 'pt-BR'] });
      expect(record.licence.forbids).toBe('Nothing.');
      expect(modelKeyOf(record)).toBe('Small');
    }
  });

  it('computes the memory from the architecture: web-llm keeps the KV cache in 32 bits here, llama.cpp its keys alone', () => {
    const [mlc, second] = parseCatalogue(catalogue(), BASE).models;
    if (mlc === undefined || second === undefined) throw new Error('two records');
    expect(kvBytesPerToken(mlc)).toBe(2 * 4 * 2 * 8 * 4);
    expect(kvBytesPerToken(second)).toBe(4 * 2 * 8 * (4 + 2));
    expect(mlc.vramBytes).toBeGreaterThan((1_000_000 * 5) / 8 + 2 * 4 * 2 * 8 * 4 * 1024);
  });

  it('counts llama.cpp’s keys in 8-bit blocks if a head consists of whole blocks', () => {
    const [, second] = parseCatalogue(
      catalogue({ model: { memory: { layers: 4, kvHeads: 2, headSize: 64 } } }),
      BASE,
    ).models;
    expect(second && kvBytesPerToken(second)).toBe(4 * 2 * 64 * (34 / 32 + 2));
  });

  it('requires shader-f16 for 16-bit activations', () => {
    const [mlc] = parseCatalogue(catalogue({ variant: { quantization: 'q4f16_1' } }), BASE).models;
    expect(mlc?.requiredFeatures).toEqual(['shader-f16']);
  });

  it('lists a variant that no browser can run as one for a server', () => {
    const large = { id: 'large', engine: 'server', quantization: 'BF16', source: { kind: 'server' } };
    const [record] = parseCatalogue(catalogue({ variant: large }), BASE).models;
    expect(record).toMatchObject({ engine: 'server', vramBytes: 0, source: { kind: 'server' } });
  });

  it.each([
    ['a licence that is not listed', { family: { licence: 'gpl' } }, 'families[0].licence'],
    ['no licence at all', { family: { licence: undefined } }, 'families[0].models[0].licence'],
    [
      'a licence link that runs script',
      { licences: { mit: { name: 'MIT', url: 'javascript:alert(1)' } } },
      'licences.mit.url',
    ],
    ['a family without models', { family: { models: [] } }, 'families[0].models'],
    ['a model without variants', { model: { variants: [] } }, 'families[0].models[0].variants'],
    ['an unknown engine', { variant: { engine: 'magic' } }, 'families[0].models[0].variants[0].engine'],
    ['an id twice', { variant: { id: gguf.id } }, 'families[0].models[0].variants[1].id'],
    ['a negative size', { variant: { sizeBytes: -1 } }, 'families[0].models[0].variants[0].sizeBytes'],
    ['an ability that is none', { model: { abilities: ['flying'] } }, 'families[0].models[0].abilities[0]'],
    ['a language that is none', { model: { languages: ['English'] } }, 'families[0].models[0].languages[0]'],
    ['a date in words', { model: { releasedOn: 'March' } }, 'families[0].models[0].releasedOn'],
    ['a link that runs script', { model: { url: 'javascript:alert(1)' } }, 'families[0].models[0].url'],
    ['weights for a server', { variant: { engine: 'server' } }, 'families[0].models[0].variants[0].source.kind'],
    ['half a layer', { model: { memory: { layers: 0.5 } } }, 'families[0].models[0].memory.layers'],
  ])('refuses %s', (_, changes, path) => {
    expect(refusedPath(catalogue(changes))).toBe(path);
  });

  it('refuses a catalogue with too many models', () => {
    const variants = Array.from({ length: 5_001 }, (_, index) => ({ ...variant, id: `v${index}` }));
    expect(refusedPath(catalogue({ model: { variants } }))).toBe('');
  });
});
