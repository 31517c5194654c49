import { afterEach, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ErrorCode } from '../../platform/errors.ts';
import { createModuleWorker, type WorkerHandle } from '../../platform/module-worker.ts';
import { WeightStore } from '../../storage/weights/weight-store.ts';
import type { EngineNotice } from '../engine.ts';
import { ask, drain, failure, textOf, within } from '../testing/calls.ts';
import type { Edit } from '../webllm/testing/damage.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { createFaultyEngine, strike } from './testing/faulty-engine.ts';
import { WllamaEngine } from './wllama-engine.ts';
import workerScript from './worker/wllama-worker.ts?worker-file';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
const { signal } = new AbortController();
/** A dead worker, once it is noticed, ends its calls within this. */
const NOTICE_MS = 5_000;

let engine: WllamaEngine | undefined;
afterEach(() => engine?.dispose());

function faulty(): WllamaEngine {
  engine = createFaultyEngine({ storeName });
  return engine;
}

/** Puts text of the same length in the place of the first that reads so. */
function renamed(from: string, to: string): Edit {
  return (bytes) => {
    const pattern = new TextEncoder().encode(from);
    const at = bytes.findIndex((_, index) => pattern.every((byte, offset) => bytes[index + offset] === byte));
    if (at < 0 || from.length !== to.length) throw new Error(`${from} is not in the file`);
    bytes.set(new TextEncoder().encode(to), at);
    return bytes;
  };
}

const half: Edit = (bytes) => bytes.slice(0, bytes.length / 2);
const onlyMagic: Edit = (bytes) => bytes.slice(0, 64);
const webPage: Edit = () => new TextEncoder().encode(`<!doctype html>${' '.repeat(2_000)}`);

describe('llama.cpp with an unsuitable model', { timeout: 60_000 }, () => {
  const cases: readonly [what: string, edit: Edit, code: ErrorCode][] = [
    ['a web page', webPage, 'not-weights'],
    ['half a file', half, 'file-truncated'],
    ['a file that ends in its header', onlyMagic, 'file-truncated'],
    ['an architecture that llama.cpp does not know', renamed('llama', 'lmama'), 'load-failed'],
    [
      'a file without a tensor that the architecture has',
      renamed('output_norm.weight', 'output_morn.weight'),
      'load-failed',
    ],
  ];
  for (const [what, edit, code] of cases) {
    test(`${what} is refused as ${code}, with a reason, and the next load succeeds`, async () => {
      const model: ModelRecord = { ...toy, id: `toy-${crypto.randomUUID()}` };
      await storeToyModel(storeName, model, { 'toy-f32.gguf': edit });
      await storeToyModel(storeName, toy);
      const refusing = faulty();
      const error = await failure(refusing.load({ model }, signal));
      expect(error).toMatchObject({ code });
      expect(error.message).toMatch(/gguf|architecture|tensor|model/i);
      await drain(refusing.load({ model: toy }, signal));
      expect(textOf(await drain(refusing.generate({ model: toy, ...ask('What colour is the sky?') }, signal)))).toBe(
        'The sky is blue.',
      );
    });
  }

  test('an architecture that llama.cpp does not know is named', async () => {
    const model: ModelRecord = { ...toy, id: `toy-${crypto.randomUUID()}` };
    await storeToyModel(storeName, model, { 'toy-f32.gguf': renamed('llama', 'lmama') });
    expect(await failure(faulty().load({ model }, signal))).toMatchObject({ data: { architecture: 'lmama' } });
  });

  test('a model without a GGUF file is refused', async () => {
    const mlc = { ...(await fetchToyRecord()), id: `toy-${crypto.randomUUID()}` };
    await storeToyModel(storeName, mlc);
    expect(await failure(faulty().load({ model: mlc }, signal))).toMatchObject({ code: 'load-failed' });
  });

  test('a model cannot be deleted while it is read', async () => {
    const model: ModelRecord = { ...toy, id: `toy-${crypto.randomUUID()}` };
    await storeToyModel(storeName, model);
    const store = await WeightStore.open(storeName);
    const deletions: Promise<unknown>[] = [];
    await drain(faulty().load({ model }, signal), ({ phase, loadedBytes }) => {
      if (phase === 'weights' && loadedBytes > 0)
        deletions.push(store.deleteModel(model.id).catch((error: unknown) => error));
    });
    expect(deletions.length).toBeGreaterThan(0);
    for (const deletion of deletions) expect(await deletion).toMatchObject({ code: 'model-in-use' });
    expect((await store.getModel(model.id))?.complete).toBe(true);
    store.close();
  });
});

describe('llama.cpp after a failure', { timeout: 60_000 }, () => {
  test('a worker whose script is missing ends the load as worker-failed', async () => {
    engine = new WllamaEngine({ storeName, createWorker: () => new Worker('/not-there.js', { type: 'module' }) });
    expect(await within(NOTICE_MS, failure(engine.load({ model: toy }, signal)))).toMatchObject({
      code: 'worker-failed',
      message: expect.stringContaining('of the engine did not start'),
    });
  });

  test('an error of llama.cpp’s worker outside a call is reported, and the next answer loads by itself', async () => {
    await storeToyModel(storeName, toy);
    const breaking = faulty();
    await drain(breaking.load({ model: toy }, signal));
    const lost = Promise.withResolvers<EngineNotice>();
    breaking.subscribe(lost.resolve);
    strike(breaking, 'throw');
    expect(await within(NOTICE_MS, lost.promise)).toMatchObject({
      error: {
        code: 'engine-crashed',
        message: expect.stringContaining('thrown by the test'),
      },
    });
    const events = await drain(breaking.generate({ model: toy, ...ask('What colour is the sky?') }, signal));
    expect(events[0]?.type).toBe('load-progress');
    expect(textOf(events)).toBe('The sky is blue.');
  });

  test('row 25: a worker that is terminated from outside ends its answer within 5 s, and the next one loads by itself', async () => {
    await storeToyModel(storeName, toy);
    const workers: WorkerHandle[] = [];
    const llama = new WllamaEngine({
      storeName,
      backend: { kind: 'single' },
      createWorker: () => {
        const worker = createModuleWorker(workerScript, 'alcove-wllama');
        workers.push(worker);
        return worker;
      },
    });
    engine = llama;
    await drain(llama.load({ model: toy }, signal));
    let text = '';
    const call = failure(llama.generate({ model: toy, ...ask('Tell me a long story.') }, signal), (event) => {
      if (event.type === 'text-delta') text += event.text;
      if (text.length > 20) workers[0]?.terminate();
    });
    expect(await within(NOTICE_MS, call)).toMatchObject({ code: 'engine-crashed' });
    expect(text).toMatch(/^On day one/);
    expect(textOf(await drain(llama.generate({ model: toy, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
  });

  test('row 25: a crash of llama.cpp’s worker during a load ends the load', async () => {
    await storeToyModel(storeName, toy);
    const dying = faulty();
    const call = failure(dying.load({ model: toy }, signal), ({ phase }) => {
      if (phase === 'shaders') strike(dying, 'close');
    });
    expect(await within(2 * NOTICE_MS, call)).toMatchObject({ code: 'engine-crashed' });
  });

  test('a backend that this device does not offer is refused with the reason', async () => {
    await storeToyModel(storeName, toy);
    engine = new WllamaEngine({ storeName, backend: { kind: 'webgpu' } });
    expect(await failure(engine.load({ model: toy }, signal))).toMatchObject({
      code: 'gpu-feature-missing',
      data: { feature: 'shader-f16' },
    });
  });
});
