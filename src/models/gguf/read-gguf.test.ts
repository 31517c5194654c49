import { gguf } from '@huggingface/gguf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlcoveError, type ErrorCode } from '../../platform/errors.ts';
import { buildGguf, type GgufParts, SOUND } from '../testing/gguf-builder.ts';
import { type ByteSource, blobSource } from './byte-source.ts';
import { readGgufHeader } from './gguf-header.ts';
import { MOST_IMAGE_TOKENS } from './projector.ts';
import { readGguf } from './read-gguf.ts';

const TOY_URL = '/models/toy/toy-f32.gguf';

function sourceOf(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return blobSource('model.gguf', new Blob([bytes]));
}

/** A source that counts the bytes read. */
function counted(bytes: Uint8Array<ArrayBuffer>): ByteSource & { readBytes: number } {
  const source = sourceOf(bytes);
  const counting = {
    name: source.name,
    sizeBytes: source.sizeBytes,
    readBytes: 0,
    read: async (startByte: number, endByte: number) => {
      const read = await source.read(startByte, endByte);
      counting.readBytes += read.length;
      return read;
    },
  };
  return counting;
}

async function refusal(parts: GgufParts | Uint8Array<ArrayBuffer>): Promise<AlcoveError> {
  const bytes = parts instanceof Uint8Array ? parts : buildGguf(parts);
  const error: unknown = await readGgufHeader(sourceOf(bytes)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (AlcoveError.isInstance(error)) return error;
  throw new Error(`read without a complaint, or failed otherwise: ${String(error)}`);
}

describe('a valid GGUF', () => {
  test('is read with the facts about its model, and its memory', async () => {
    expect(await readGgufHeader(sourceOf(buildGguf(SOUND)))).toEqual({
      kind: 'model',
      architecture: 'llama',
      name: 'Tiny Example',
      maker: 'Alcove',
      parameterCount: 512,
      quantization: 'Q4_K_M',
      contextLength: 4096,
      chatTemplate: '{{ messages }}',
      embeddingLength: 64,
      projector: undefined,
      licence: { name: 'apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      layers: 2,
      kvHeads: 2,
      headSize: 16,
      split: undefined,
      tensorCount: 2,
      headerBytes: expect.any(Number),
      sizeBytes: buildGguf(SOUND).length,
    });
  });

  test('is read as by Hugging Face’s own reader', async () => {
    const bytes = new Uint8Array(await (await fetch(TOY_URL)).arrayBuffer());
    const ours = await readGguf(sourceOf(bytes));
    const theirs = await gguf(new URL(TOY_URL, location.href).href, { computeParametersCount: true });
    expect(ours.parameterCount).toBe(theirs.parameterCount);
    expect(ours.tensorCount).toBe(theirs.tensorInfos.length);
    expect(ours.headerBytes).toBe(Number(theirs.tensorDataOffset));
    const scalars = Object.entries(theirs.metadata).filter(
      ([key, value]) => key.includes('.') && !Array.isArray(value),
    );
    expect(scalars.length).toBeGreaterThan(10);
    for (const [key, value] of scalars) {
      expect([key, ours.metadata.get(key)]).toEqual([key, typeof value === 'bigint' ? Number(value) : value]);
    }
    expect(ours.sizeBytes).toBe(bytes.length);
  });

  test('is read without its weights and unneeded long texts', async () => {
    const source = counted(
      buildGguf({
        ...SOUND,
        metadata: [...(SOUND.metadata ?? []), ['general.description', 'x'.repeat(5_000_000)]],
        dataBytes: 20_000_000,
      }),
    );
    await readGgufHeader(source);
    expect(source.readBytes).toBeLessThan(3_000_000);
  });

  test('has names, licences and links that are plain lines, whatever the file holds', async () => {
    const { name, licence } = await readGgufHeader(
      sourceOf(
        buildGguf({
          ...SOUND,
          metadata: [
            ['general.architecture', 'llama'],
            ['general.name', `A\u202e\u0000\nB<img onerror=x>${'y'.repeat(1_000)}`],
            ['general.license', 'mit'],
            ['general.license.link', 'javascript:alert(1)'],
          ],
        }),
      ),
    );
    expect(name).toMatch(/^A B<img onerror=x>y+$/);
    expect(name?.length).toBe(200);
    expect(licence).toEqual({ name: 'mit', url: undefined });
  });

  test.each([
    ['mlp', [336, 14, undefined], 576],
    ['gemma3', [896, 14, undefined], 256],
    ['idefics3', [512, 16, 4], 13 * 64],
    ['qwen3vl_merger', [768, 16, undefined], MOST_IMAGE_TOKENS],
    ['ultravox', undefined, undefined],
  ] as const)('a projector like %s says how many tokens an image takes', async (type, sizes, imageTokens) => {
    const [size, patch, scale] = sizes ?? [];
    const { projector } = await readGgufHeader(
      sourceOf(
        buildGguf({
          ...SOUND,
          metadata: [
            ['general.architecture', 'clip'],
            ['general.type', 'mmproj'],
            ['clip.projector_type', type],
            ['clip.vision.projection_dim', 64],
            ...(size === undefined ? [] : [['clip.vision.image_size', size] as const]),
            ...(patch === undefined ? [] : [['clip.vision.patch_size', patch] as const]),
            ...(scale === undefined ? [] : [['clip.vision.projector.scale_factor', scale] as const]),
          ],
        }),
      ),
    );
    expect(projector).toEqual({ embeddingLength: 64, imageTokens });
  });

  test('is distinguished from a projector, an adapter and a part of a split model', async () => {
    const kindOf = async (metadata: GgufParts['metadata']): Promise<unknown> =>
      readGgufHeader(sourceOf(buildGguf({ ...SOUND, metadata: metadata ?? [] })));
    expect(await kindOf([['general.architecture', 'clip']])).toMatchObject({ kind: 'projector' });
    expect(
      await kindOf([
        ['general.architecture', 'llama'],
        ['general.type', 'adapter'],
      ]),
    ).toMatchObject({ kind: 'adapter' });
    const first: GgufParts = {
      metadata: [
        ['general.architecture', 'llama'],
        ['split.no', 0],
        ['split.count', 3],
      ],
    };
    expect(await readGgufHeader(sourceOf(buildGguf(first)))).toMatchObject({ split: { index: 0, count: 3 } });
    const second: GgufParts = {
      metadata: [
        ['split.no', 1],
        ['split.count', 3],
      ],
      tensors: [{ dimensions: [4n], offset: 0n }],
    };
    expect(await readGgufHeader(sourceOf(buildGguf(second)))).toMatchObject({ split: { index: 1 }, parameterCount: 4 });
  });
});

describe('an invalid GGUF', () => {
  const huge = 0xffff_ffff_ffff_ffffn;
  const tensor = { dimensions: [4n], offset: 0n };
  const metadata = [['general.architecture', 'llama']] as const;

  test.each<[string, GgufParts, ErrorCode, string]>([
    ['another magic', { ...SOUND, magic: 'GGML' }, 'not-gguf', ''],
    ['version 1', { ...SOUND, version: 1 }, 'gguf-unsupported', 'version'],
    ['version 4', { ...SOUND, version: 4 }, 'gguf-unsupported', 'version'],
    ['another byte order', { ...SOUND, bigEndian: true }, 'gguf-unsupported', 'big-endian'],
    ['2^64 keys', { ...SOUND, keyCount: huge }, 'gguf-invalid', 'a number is out of all bounds'],
    ['a million keys', { ...SOUND, keyCount: 1_000_000n }, 'gguf-invalid', 'it claims 1000000 keys'],
    ['more keys than there are', { metadata, keyCount: 60_000n }, 'gguf-cut-short', ''],
    ['2^64 tensors', { ...SOUND, tensorCount: huge }, 'gguf-invalid', 'a number is out of all bounds'],
    ['a billion tensors', { ...SOUND, tensorCount: 1_000_000_000n }, 'gguf-invalid', 'it claims 1000000000 tensors'],
    ['a text of 2^64 bytes', rawValue(8, huge), 'gguf-invalid', 'a number is out of all bounds'],
    ['a text of 2^50 bytes', rawValue(8, 2n ** 50n), 'gguf-cut-short', ''],
    ['a list of 2^52 texts', rawList(8, 2n ** 52n), 'gguf-cut-short', ''],
    ['a list of 2^52 numbers', rawList(10, 2n ** 52n), 'gguf-cut-short', ''],
    ['a list of lists', rawList(9, 1n), 'gguf-invalid', 'a value of type 9'],
    ['a value of no type', rawValue(77, 0n), 'gguf-invalid', 'a value of type 77'],
    [
      'a key twice',
      { ...SOUND, metadata: [...metadata, ...metadata] },
      'gguf-invalid',
      'a key is empty or there twice',
    ],
    [
      'an alignment of 3',
      { ...SOUND, metadata: [...metadata, ['general.alignment', 3]] },
      'gguf-invalid',
      'its alignment is no power of two',
    ],
    [
      'an alignment of 0',
      { ...SOUND, metadata: [...metadata, ['general.alignment', 0]] },
      'gguf-invalid',
      'its alignment is no power of two',
    ],
    ['a tensor of 9 dimensions', one({ ...tensor, dimensionCount: 9 }), 'gguf-invalid', 'a tensor of 9 dimensions'],
    [
      'a tensor of 2^80 weights',
      one({ dimensions: [2n ** 40n, 2n ** 40n], offset: 0n }, 100),
      'gguf-invalid',
      'a tensor larger than any',
    ],
    ['a tensor at 2^63', one({ ...tensor, offset: 2n ** 63n }, 100), 'gguf-invalid', 'a number is out of all bounds'],
    ['a tensor past the end', one({ ...tensor, offset: 2n ** 40n }, 100), 'gguf-cut-short', ''],
    [
      'a tensor that is not aligned',
      one({ ...tensor, offset: 3n }, 100),
      'gguf-invalid',
      'a tensor that is not aligned',
    ],
    [
      'a tensor of half a block',
      one({ dimensions: [5n], type: 2, offset: 0n }, 100),
      'gguf-invalid',
      'a tensor whose rows are no whole number of blocks',
    ],
    [
      'an architecture that llama.cpp does not know',
      { ...SOUND, metadata: [['general.architecture', 'perceptron']] },
      'gguf-unsupported',
      'architecture',
    ],
    ['no architecture', { ...SOUND, metadata: [] }, 'gguf-unsupported', 'architecture'],
    ['no weights', { metadata }, 'gguf-unsupported', 'no-weights'],
  ])('is refused: %s', async (_, parts, code, reason) => {
    const error = await refusal(parts);
    expect({ code: error.code, reason: error.data['reason'] ?? '' }).toEqual({ code, reason });
  });

  test('is refused for a key of 2^40 bytes', async () => {
    const bytes = new Uint8Array([...buildGguf({ keyCount: 1n }), ...little(2n ** 40n), ...new Uint8Array(64)]);
    expect(await refusal(bytes)).toMatchObject({ code: 'gguf-invalid' });
  });

  test('is refused if it is empty or a few bytes long', async () => {
    expect((await refusal(new Uint8Array())).code).toBe('not-gguf');
    expect((await refusal(new Uint8Array([71, 71, 85]))).code).toBe('not-gguf');
  });

  test('is refused for a header that never ends, whatever the claimed file size', async () => {
    const start = buildGguf({ keyCount: 1n, metadata: [], tensors: [] });
    const endless: ByteSource = {
      name: 'endless.gguf',
      sizeBytes: undefined,
      read: async (startByte, endByte) => {
        const bytes = new Uint8Array(endByte - startByte);
        if (startByte === 0)
          bytes.set([...start, 1, 0, 0, 0, 0, 0, 0, 0, 97, 9, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        return bytes;
      },
    };
    await expect(readGgufHeader(endless)).rejects.toMatchObject({ code: 'gguf-invalid' });
  });

  test('is refused as truncated, wherever it is cut', async () => {
    const whole = buildGguf(SOUND);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: whole.length - 1 }), async (length) => {
        expect((await refusal(whole.slice(0, length))).code).toBe('gguf-cut-short');
      }),
      { numRuns: 200 },
    );
  });

  test('is read or refused with a known error after any bytes have changed', async () => {
    const whole = buildGguf({ ...SOUND, dataBytes: 2_048 });
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = whole.slice();
        for (const [at, value] of changed) bytes[at] = value;
        const source = counted(bytes);
        await readGgufHeader(source).catch((error: unknown) => {
          if (!AlcoveError.isInstance(error)) throw error;
        });
        expect(source.readBytes).toBeLessThan(50 * bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

function one(tensor: NonNullable<GgufParts['tensors']>[number], dataBytes?: number): GgufParts {
  return {
    metadata: [['general.architecture', 'llama']],
    tensors: [tensor],
    ...(dataBytes !== undefined && { dataBytes }),
  };
}

function rawValue(type: number, length: bigint): GgufParts {
  return { metadata: [['a', { type, bytes: little(length) }]] };
}

function rawList(type: number, length: bigint): GgufParts {
  return { metadata: [['a', { type: 9, bytes: new Uint8Array([type, 0, 0, 0, ...little(length)]) }]] };
}

function little(value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, true);
  return new Uint8Array(view.buffer);
}
