import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { FaultHost } from '../../../download/testing/fault-host.ts';
import { urlSource } from '../../../download/url-source.ts';
import { IMAGE_TOKENS, randomProjector } from '../../../engine/wllama/testing/random-projector.ts';
import type { DeviceReport } from '../../../models/device.ts';
import { readGgufHeader } from '../../../models/gguf/gguf-header.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { draftOfFiles, draftOfUrl } from './gguf-drafts.ts';
import { draftOfMlc } from './mlc-draft.ts';
import { choiceOfTag, listRepositoryModels } from './repository.ts';
import { readNamedSource } from './repository-name.ts';
import { draftOfJson, readSharedRecord, recordJson, shareLink } from './share-link.ts';

const GB = 1e9;
const OPTIONS = { baseUrl: location.href };
const DEVICE: DeviceReport = {
  webgpu: 'no-api',
  features: [],
  limits: {
    maxBufferSize: 0,
    maxStorageBufferBindingSize: 0,
    maxComputeWorkgroupStorageSize: 0,
    maxStorageBuffersPerShaderStage: 0,
  },
  vendor: '',
  architecture: '',
  isFallbackAdapter: false,
  memoryBytes: 8 * GB,
  cores: 4,
  sharedMemory: true,
};

/** A file of a made-up repository: big in its listing only. */
function file(path: string, size: number): { path: string; size: number; seed: number; lfs: boolean } {
  return { path, size, seed: 1, lfs: false };
}

async function listed(paths: readonly (readonly [string, number])[], device = DEVICE) {
  const host = new FaultHost();
  await host.defineRepo('maker/Model-GGUF', { commit: 'c0ffee', files: paths.map(([path, size]) => file(path, size)) });
  return listRepositoryModels('maker/Model-GGUF', device, { ...OPTIONS, huggingFaceUrl: host.huggingFaceUrl });
}

describe('a repository', () => {
  const REPOSITORY = { kind: 'repository', repo: 'maker/Model-GGUF', tag: undefined } as const;
  const TAGGED = { ...REPOSITORY, tag: 'Q4_K_M' } as const;
  const FILE = { kind: 'file', url: 'https://huggingface.co/maker/Model-GGUF/resolve/main/a/b-F32.gguf' } as const;

  test.each([
    ['maker/Model-GGUF', REPOSITORY],
    ['  maker/Model-GGUF ', REPOSITORY],
    ['https://huggingface.co/maker/Model-GGUF', REPOSITORY],
    ['https://huggingface.co/maker/Model-GGUF/tree/main', REPOSITORY],
    ['https://huggingface.co/maker/Model-GGUF?show_file_info=x', REPOSITORY],
    ['huggingface.co/maker/Model-GGUF', REPOSITORY],
    ['hf.co/maker/Model-GGUF', REPOSITORY],
    ['hf://maker/Model-GGUF', REPOSITORY],
    ['https://mirror.test/maker/Model-GGUF', REPOSITORY],
    ['llama-server -hf maker/Model-GGUF', REPOSITORY],
    ['llama-server -c 4096 --hf-repo maker/Model-GGUF --port 8080', REPOSITORY],
    ['lms get maker/Model-GGUF', REPOSITORY],
    ['maker/Model-GGUF:Q4_K_M', TAGGED],
    ['hf.co/maker/Model-GGUF:Q4_K_M', TAGGED],
    ['ollama run hf.co/maker/Model-GGUF:Q4_K_M', TAGGED],
    ['llama-cli -hf maker/Model-GGUF:Q4_K_M', TAGGED],
    ['maker/Model-GGUF/a/b-F32.gguf', FILE],
    ['https://huggingface.co/maker/Model-GGUF/blob/main/a/b-F32.gguf', FILE],
    ['https://huggingface.co/maker/Model-GGUF/resolve/main/a/b-F32.gguf?download=true', FILE],
    ['https://elsewhere.example/maker/Model', undefined],
    ['maker', undefined],
    ['../../etc/passwd', undefined],
    ['maker/..', undefined],
    ['ollama run gemma3', undefined],
  ])('%s is read as people copy it', (text, source) => {
    const options = text.includes('mirror') ? { ...OPTIONS, huggingFaceUrl: 'https://mirror.test' } : OPTIONS;
    expect(readNamedSource(text, options)).toEqual(source);
  });

  test('lists its GGUFs grouped and sorted, with sizes and a recommendation', async () => {
    const listing = await listed([
      ['README.md', 10],
      ['model-1.5B-F16.gguf', 30_000],
      ['model-1.5B-Q4_K_M.gguf', 9_000],
      ['model-1.5B-Q8_0-00001-of-00002.gguf', 8_000],
      ['model-1.5B-Q8_0-00002-of-00002.gguf', 8_000],
      ['imatrix_unsloth.gguf', 50],
      ['model-draft-Q4_K_M.gguf', 60],
      ['broken-Q2_K-00001-of-00003.gguf', 100],
    ]);
    expect(
      listing.choices.map(({ record, sizeBytes, fileCount }) => [record.quantization, sizeBytes, fileCount]),
    ).toEqual([
      ['Q4_K_M', 9_000, 1],
      ['Q8_0', 16_000, 2],
      ['F16', 30_000, 1],
    ]);
    expect(listing).toMatchObject({ incompleteCount: 1, isGated: false, commit: 'c0ffee' });
    expect(listing.recommended?.record.quantization).toBe('Q4_K_M');
    expect(choiceOfTag(listing, 'q8_0')).toBe(listing.choices[1]);
    expect(choiceOfTag(listing, 'Q4')).toBe(listing.choices[0]);
    expect(choiceOfTag(listing, 'Q6_K')).toBeUndefined();
    expect(listing.choices[0]?.record).toMatchObject({
      parameterCount: 1_500_000_000,
      engine: 'wllama',
      source: { kind: 'huggingface', repo: 'maker/Model-GGUF', revision: 'c0ffee', files: 'model-1.5B-Q4_K_M.gguf' },
    });
    expect(listing.choices[1]?.facts.source).toMatchObject({ files: 'model-1.5B-Q8_0-*-of-00002.gguf' });
  });

  test('chooses the projector with which its models see, and counts it', async () => {
    const { choices } = await listed([
      ['model-Q4_K_M.gguf', 9_000],
      ['mmproj-model-F32.gguf', 400],
      ['mmproj-model-f16.gguf', 200],
      ['mmproj-model-bf16.gguf', 200],
    ]);
    expect(choices[0]).toMatchObject({
      sizeBytes: 9_200,
      projector: { path: 'mmproj-model-f16.gguf' },
      record: { sizeBytes: 9_200, source: { files: 'model-Q4_K_M.gguf', projector: 'mmproj-model-f16.gguf' } },
    });
  });

  test('recommends more bits for a small model, and none if the memory is too small for any', async () => {
    const files = [
      ['model-135M-Q4_K_M.gguf', 9_000],
      ['model-135M-Q8_0.gguf', 15_000],
    ] as const;
    expect((await listed(files)).recommended?.record.quantization).toBe('Q8_0');
    expect((await listed(files, { ...DEVICE, memoryBytes: 1_000 })).recommended).toBeUndefined();
  });

  test('is refused if it is missing or has no GGUF', async () => {
    const host = new FaultHost();
    const options = { ...OPTIONS, huggingFaceUrl: host.huggingFaceUrl };
    await expect(listRepositoryModels('no/where', DEVICE, options)).rejects.toMatchObject({ code: 'repo-missing' });
    await host.defineRepo('a/mlc', { commit: 'c0ffee', files: [file('mlc-chat-config.json', 10)] });
    await expect(listRepositoryModels('a/mlc', DEVICE, options)).rejects.toMatchObject({
      code: 'repo-without-gguf',
      data: { isMlc: true },
    });
  });
});

test('in MLC’s format is pinned, and gets its size and its name', async () => {
  const host = new FaultHost();
  const options = { ...OPTIONS, huggingFaceUrl: host.huggingFaceUrl };
  const library = new URL('https://libraries.example/model.wasm');
  await host.defineRepo('mlc-ai/Tiny-1.5B-q4f16_1-MLC', {
    commit: 'c0ffee',
    files: [
      file('mlc-chat-config.json', 100),
      file('tensor-cache.json', 200),
      file('params_shard_0.bin', 3_000),
      file('README.md', 50),
    ],
  });
  const { record } = await draftOfMlc('mlc-ai/Tiny-1.5B-q4f16_1-MLC', library, options);
  expect(record).toMatchObject({
    id: 'custom-mlc-ai-Tiny-1.5B-q4f16_1-MLC',
    engine: 'webllm',
    quantization: 'q4f16_1',
    parameterCount: 1_500_000_000,
    sizeBytes: 3_300,
    requiredFeatures: ['shader-f16'],
    source: { kind: 'huggingface', revision: 'c0ffee', library: { url: 'https://libraries.example/model.wasm' } },
  });
  await host.defineRepo('a/gguf', { commit: 'c0ffee', files: [file('a-Q4_0.gguf', 10)] });
  await expect(draftOfMlc('a/gguf', library, options)).rejects.toMatchObject({ code: 'repo-without-mlc' });
  await expect(draftOfMlc('no/where', library, options)).rejects.toMatchObject({ code: 'repo-missing' });
});

describe('a GGUF at an address', () => {
  const url = (fault = ''): string =>
    `${inject('faultServer').origin}/${crypto.randomUUID()}/toy.gguf?disk=toy/toy-f32.gguf${fault}`;

  test('is read in ranges, or whole from a host without range support', async () => {
    const bytes = await (await fetch('/models/toy/toy-f32.gguf')).arrayBuffer();
    const { record } = await draftOfFiles([
      { file: new File([bytes], 'toy.gguf', { lastModified: 1 }), handle: undefined },
    ]);
    for (const address of [url(), url('&fault=200onRange')]) {
      const draft = await draftOfUrl(new URL(address), OPTIONS);
      expect(draft.record.parameterCount).toBe(record.parameterCount);
      expect(draft.record.sizeBytes).toBe(bytes.byteLength);
      expect(draft.record.source).toMatchObject({ kind: 'url', files: [{ path: 'toy.gguf', url: address }] });
    }
  });

  test.each(['00001-of-00003', '00001-of-99999'])('is asked for once if it is not the part %s', async (part) => {
    const requested: string[] = [];
    const counting: typeof fetch = (input, init) => {
      requested.push(String(input));
      return fetch(input, init);
    };
    const address = new URL(url().replace('toy.gguf', `toy-${part}.gguf`));
    const draft = draftOfUrl(address, { ...OPTIONS, fetch: counting });
    await expect(draft).rejects.toMatchObject({ code: 'gguf-invalid' });
    expect(new Set(requested).size).toBe(part.endsWith('3') ? 1 : 0);
  });

  test.each([
    ['&fault=404', 'not-found'],
    ['&fault=403', 'access-denied'],
    ['&fault=html200', 'not-weights'],
  ])('reports %s as %s', async (fault, code) => {
    const source = urlSource('toy.gguf', url(fault), OPTIONS);
    await expect(readGgufHeader(source)).rejects.toMatchObject({ code });
  });
});

describe('files of a disk', () => {
  const picked = (name: string, bytes: BlobPart) => ({
    file: new File([bytes], name, { lastModified: 1 }),
    handle: undefined,
  });
  const toy = async () => picked('toy.gguf', await (await fetch('/models/toy/toy-f32.gguf')).arrayBuffer());

  test('a model and its projector are one model that sees, in any order and by any name', async () => {
    const projector = picked('eyes.gguf', randomProjector(128));
    const { record, files } = await draftOfFiles([projector, await toy()]);
    expect(record).toMatchObject({
      imageTokens: IMAGE_TOKENS,
      abilities: ['chat', 'vision'],
      source: { kind: 'disk', files: [{ path: 'toy.gguf' }, { path: 'eyes.gguf' }] },
    });
    expect(files?.map(({ file }) => file.name)).toEqual(['toy.gguf', 'eyes.gguf']);
    const alone = await draftOfFiles([await toy()]);
    expect(record.sizeBytes).toBe((alone.record.sizeBytes ?? 0) + projector.file.size);
    expect(record.vramBytes).toBe(alone.record.vramBytes + projector.file.size);
    expect(alone.record).not.toHaveProperty('imageTokens');
  });

  test('a projector of another model, and one without a model, are refused', async () => {
    const other = picked('mmproj-other.gguf', randomProjector(64));
    await expect(draftOfFiles([await toy(), other])).rejects.toMatchObject({
      code: 'projector-mismatch',
      data: { path: 'mmproj-other.gguf', needed: 64, embeddingLength: 128 },
    });
    await expect(draftOfFiles([other])).rejects.toMatchObject({
      code: 'gguf-unsupported',
      data: { reason: 'projector' },
    });
  });
});

describe('a shared record', () => {
  const record: ModelRecord = {
    id: 'custom-a-b',
    name: 'Modèle 模型',
    family: 'A',
    maker: 'B',
    engine: 'wllama',
    quantization: 'Q4_0',
    parameterCount: 1,
    contextWindow: 4096,
    vramBytes: 1,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    imageTokens: 256,
    source: { kind: 'huggingface', repo: 'a/b', revision: 'c0ffee', files: 'a.gguf', projector: 'mmproj-a.gguf' },
  };

  test('is the same after a link and after a file', () => {
    const link = new URL(shareLink(record, 'https://chat.example/app/?x=1#models') ?? '');
    expect(link.search).toBe('');
    expect(readSharedRecord(link.hash.slice('#add='.length)).record).toEqual(record);
    expect(draftOfJson(JSON.parse(recordJson(record))).record).toEqual(record);
  });

  test('does not exist for a model on the disk', () => {
    const source = { kind: 'disk', revision: '1', files: [{ path: 'a', sizeBytes: 1, modifiedAt: 1 }] } as const;
    expect(shareLink({ ...record, source }, location.href)).toBeUndefined();
  });

  test('gets an id that differs from those of a catalogue', () => {
    expect(draftOfJson({ ...record, id: 'Qwen3.5-0.8B-q4f16_1-MLC' }).record.id).toBe(
      'custom-Qwen3.5-0.8B-q4f16_1-MLC',
    );
  });

  test('never replaces the toy that the site offers on its first page', () => {
    expect(draftOfJson({ ...record, purpose: 'toy' }).record).not.toHaveProperty('purpose');
    expect(draftOfJson({ ...record, purpose: 'specialised' }).record.purpose).toBe('specialised');
  });

  test('is valid or refused with a known error, whatever the link contains', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(btoaOf)), (text) => {
        try {
          readSharedRecord(text);
        } catch (error) {
          expect(AlcoveError.isInstance(error) && error.code).toBe('record-invalid');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is valid or refused with a known error, whatever its fields contain', () => {
    const name = fc.constantFrom(...Object.keys(record));
    fc.assert(
      fc.property(name, fc.jsonValue(), (member, value) => {
        try {
          draftOfJson({ ...record, [member]: value });
        } catch (error) {
          expect(AlcoveError.isInstance(error) && error.code).toBe('record-invalid');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function btoaOf(json: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)));
}
