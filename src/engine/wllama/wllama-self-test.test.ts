import { afterAll, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import { type SelfTestResult, selfTest } from '../self-test.ts';
import { drain } from '../testing/calls.ts';
import { flipSigns, toNaN } from '../webllm/testing/damage.ts';
import { storeDamagedToy } from '../webllm/testing/damaged-toy.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

/** A model whose answers nobody has written down. */
function unreferenced({ selfTest: _, ...record }: ModelRecord): ModelRecord {
  return record;
}

describe('the self-test on llama.cpp', { timeout: 120_000 }, () => {
  const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
  afterAll(() => engine.dispose());

  async function testAfterLoad(record: ModelRecord): Promise<SelfTestResult> {
    await engine.unload();
    await drain(engine.load({ model: record }, signal));
    return selfTest(engine, { model: record }, signal);
  }

  test('passes the good toy and measures its speeds, also without a reference answer', async () => {
    const result = await testAfterLoad(toy);
    expect(result).toMatchObject({ status: 'passed', text: 'The sky is blue.' });
    expect(result.decodeTokensPerSecond).toBeGreaterThan(0);
    expect(result.prefillTokensPerSecond).toBeGreaterThan(0);
    expect((await selfTest(engine, { model: unreferenced(toy) }, signal)).status).toBe('passed');
  });

  test('detects weights some of which have changed their sign, also without a reference answer', async () => {
    const damaged = await storeDamagedToy(storeName, toy, { 'toy-f32.gguf': flipSigns });
    expect(await testAfterLoad(damaged)).toMatchObject({ status: 'failed', reason: 'other-answer' });
    expect(await testAfterLoad(unreferenced(damaged))).toMatchObject({ status: 'failed', reason: 'perplexity' });
  });

  test('detects weights that are NaN, also without a reference answer', async () => {
    const damaged = await storeDamagedToy(storeName, toy, { 'toy-f32.gguf': toNaN });
    expect(await testAfterLoad(damaged)).toMatchObject({ status: 'failed' });
    expect(await testAfterLoad(unreferenced(damaged))).toMatchObject({ status: 'failed' });
  });
});
