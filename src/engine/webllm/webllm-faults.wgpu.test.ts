import { afterEach, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ErrorCode } from '../../platform/errors.ts';
import type { EngineNotice } from '../engine.ts';
import { ask, drain, failure, within } from '../testing/calls.ts';
import type { Edit } from './testing/damage.ts';
import { createFaultyEngine, strike } from './testing/faulty-engine.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import { WebLlmEngine } from './webllm-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord();
const { signal } = new AbortController();
/** A dead worker, once it is noticed, ends its calls within this. */
const NOTICE_MS = 5_000;

let engine: WebLlmEngine | undefined;
afterEach(() => engine?.dispose());

function faulty(): WebLlmEngine {
  engine = createFaultyEngine({ storeName });
  return engine;
}

const half: Edit = (bytes) => bytes.slice(0, bytes.length / 2);
const notWasm: Edit = () => new TextEncoder().encode('<!doctype html>');
const renamed: Edit = (bytes) => {
  const text = new TextDecoder().decode(bytes);
  return new TextEncoder().encode(text.replaceAll('layers.0.qkv_proj.weight', 'layers.0.other.weight'));
};
const reshaped: Edit = (bytes) => {
  const index = JSON.parse(new TextDecoder().decode(bytes)) as { records: { records: { shape: number[] }[] }[] };
  for (const { records } of index.records) for (const record of records) record.shape[0] = (record.shape[0] ?? 0) * 2;
  return new TextEncoder().encode(JSON.stringify(index));
};

describe('web-llm with an unsuitable model', { timeout: 60_000 }, () => {
  const cases: readonly [what: string, edits: Record<string, Edit>, code: ErrorCode][] = [
    ['a library that is no WebAssembly', { 'library.wasm': notWasm }, 'library-mismatch'],
    ['half a library', { 'library.wasm': half }, 'library-mismatch'],
    ['weights without a parameter that the library asks for', { 'tensor-cache.json': renamed }, 'library-mismatch'],
    ['weights in another shape than their index says', { 'tensor-cache.json': reshaped }, 'library-mismatch'],
    ['a shard that is too short', { 'params_shard_1.bin': half }, 'library-mismatch'],
    ['a configuration that is no JSON', { 'mlc-chat-config.json': notWasm }, 'load-failed'],
    ['a tokenizer that is no JSON', { 'tokenizer.json': notWasm }, 'load-failed'],
  ];
  for (const [what, edits, code] of cases) {
    test(`${what} is refused as ${code}`, async () => {
      const model: ModelRecord = { ...toy, id: `toy-${crypto.randomUUID()}` };
      await storeToyModel(storeName, model, edits);
      expect(await failure(faulty().load({ model }, signal))).toMatchObject({ code });
    });
  }

  test('a model that needs a missing GPU feature is refused before a byte is read', async () => {
    const model = { ...toy, requiredFeatures: ['shader-f17'] };
    const error = await failure(faulty().load({ model }, signal), () => {
      throw new Error('no progress was due');
    });
    expect(error).toMatchObject({ code: 'gpu-feature-missing', data: { feature: 'shader-f17' } });
  });

  test('a model that needs larger bindings is refused with both sizes', async () => {
    const model = { ...toy, requiredBindingBytes: 2 ** 40 };
    expect(await failure(faulty().load({ model }, signal))).toMatchObject({
      code: 'gpu-limit-too-low',
      data: { limit: 'maxStorageBufferBindingSize', needed: 2 ** 40, available: expect.any(Number) },
    });
  });
});

describe('web-llm after a failure', { timeout: 120_000 }, () => {
  test('a worker whose script is missing ends the load as worker-failed', async () => {
    engine = new WebLlmEngine({ storeName, createWorker: () => new Worker('/not-there.js', { type: 'module' }) });
    expect(await within(NOTICE_MS, failure(engine.load({ model: toy }, signal)))).toMatchObject({
      code: 'worker-failed',
    });
  });

  test('row 25: a worker that throws at its start ends the load as engine-crashed', async () => {
    const url = URL.createObjectURL(new Blob(['throw new Error("at the start")'], { type: 'text/javascript' }));
    engine = new WebLlmEngine({ storeName, createWorker: () => new Worker(url, { type: 'module' }) });
    const error = await within(NOTICE_MS, failure(engine.load({ model: toy }, signal)));
    expect(error).toMatchObject({ code: 'engine-crashed', message: expect.stringContaining('at the start') });
  });

  test('row 25: a worker that never answers ends the load as engine-hung', async () => {
    const url = URL.createObjectURL(new Blob(['for (;;);'], { type: 'text/javascript' }));
    engine = new WebLlmEngine({
      storeName,
      createWorker: () => new Worker(url, { type: 'module' }),
      hungAfterMs: { loading: 1_000, generating: 1_000 },
    });
    expect(await within(NOTICE_MS, failure(engine.load({ model: toy }, signal)))).toMatchObject({
      code: 'engine-hung',
    });
  });

  test('row 29: a GPU without room for a buffer ends the load as out-of-memory, not as a lost device', async () => {
    await storeToyModel(storeName, toy);
    const exhausted = faulty();
    const error = await failure(exhausted.load({ model: toy }, signal), () => strike(exhausted, 'exhaust-memory'));
    expect(error).toMatchObject({ code: 'out-of-memory' });
  });

  test('row 26: a device destroyed while idle counts as lost, whatever its reason says', async () => {
    await storeToyModel(storeName, toy);
    const losing = faulty();
    await drain(losing.load({ model: toy }, signal));
    const lost = Promise.withResolvers<EngineNotice>();
    losing.subscribe(lost.resolve);
    strike(losing, 'destroy-device');
    expect(await within(NOTICE_MS, lost.promise)).toMatchObject({
      error: {
        code: 'device-lost',
        data: { reason: 'destroyed' },
      },
    });
  });

  test('an error in the idle worker is reported, and the next answer loads by itself', async () => {
    await storeToyModel(storeName, toy);
    const breaking = faulty();
    await drain(breaking.load({ model: toy }, signal));
    for (const [fault, text] of [
      ['throw', 'thrown by the test'],
      ['reject', 'rejected by the test'],
      ['fetch', 'makes no request'],
    ] as const) {
      const lost = Promise.withResolvers<EngineNotice>();
      const stop = breaking.subscribe(lost.resolve);
      strike(breaking, fault);
      expect(await within(NOTICE_MS, lost.promise)).toMatchObject({
        error: {
          code: 'engine-crashed',
          message: expect.stringContaining(text),
        },
      });
      stop();
      if (fault !== 'fetch') await drain(breaking.generate({ model: toy, ...ask('Hello!') }, signal));
    }
  });
});
