import { afterAll, expect, test } from 'vitest';
import { selfTest } from '../self-test.ts';
import { drain } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy);
const { selfTest: _, ...unreferenced } = toy;
const { signal } = new AbortController();
const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
afterAll(() => engine.dispose());

// Its first load of each kind is in wllama-self-test.test.ts; here no load may leave anything that changes a later one.
test('the self-test passes the good toy in each of 12 loads, 3 of them without a reference answer', async () => {
  for (let load = 0; load < 12; load++) {
    await engine.unload();
    await drain(engine.load({ model: toy }, signal));
    expect(await selfTest(engine, { model: toy }, signal)).toMatchObject({
      status: 'passed',
      text: 'The sky is blue.',
    });
    // It does not count: what tells is how likely it finds a sentence that it knows. The costlier test of the two.
    if (load % 4 === 0) expect((await selfTest(engine, { model: unreferenced }, signal)).status).toBe('passed');
  }
}, 300_000);
