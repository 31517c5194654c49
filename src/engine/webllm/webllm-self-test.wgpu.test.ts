import { afterAll, describe, expect, test } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import { type SelfTestResult, selfTest } from '../self-test.ts';
import { drain } from '../testing/calls.ts';
import { flipSigns, wrongActivation } from './testing/damage.ts';
import { storeDamagedToy } from './testing/damaged-toy.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import { WebLlmEngine } from './webllm-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord();
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

describe('the self-test on web-llm', { timeout: 120_000 }, () => {
  const engine = new WebLlmEngine({ storeName });
  afterAll(() => engine.dispose());

  async function testAfterLoad(record: ModelRecord): Promise<SelfTestResult> {
    await engine.unload();
    await drain(engine.load({ model: record }, signal));
    return selfTest(engine, { model: record }, signal);
  }

  // Once: llama.cpp, whose loads are quick, does it 50 times.
  test('passes the good toy, and measures its speeds', async () => {
    const result = await testAfterLoad(toy);
    expect(result).toMatchObject({ status: 'passed', text: 'The sky is blue.' });
    expect(result.decodeTokensPerSecond).toBeGreaterThan(0);
  });

  test('detects weights some of which have changed their sign', async () => {
    const damaged = await storeDamagedToy(storeName, toy, {
      'params_shard_1.bin': flipSigns,
      'params_shard_2.bin': flipSigns,
    });
    expect(await testAfterLoad(damaged)).toMatchObject({ status: 'failed', reason: 'other-answer' });
  });

  test('detects a library whose shaders calculate wrongly', async () => {
    const garbage = await storeDamagedToy(storeName, toy, { 'library.wasm': wrongActivation });
    const result = await testAfterLoad(garbage);
    expect(result).toMatchObject({ status: 'failed', reason: 'other-answer' });
  });
});
