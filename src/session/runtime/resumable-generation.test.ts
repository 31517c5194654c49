import { expect, test } from 'vitest';
import type { GenerateRequest } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { ResumableGeneration } from './resumable-generation.ts';

const RECORD = scriptedRecord({ id: 'high', modelKey: 'model' });

const REQUEST: GenerateRequest = {
  messages: [{ role: 'user', content: 'Count.' }],
  sampling: { temperature: 0, maxTokens: 10 },
};
const ERROR = { name: 'AlcoveError', code: 'engine-crashed', message: '', data: {} } as const;

/** An engine that does, or does not, continue a text. */
function engine(continueLast: boolean): ScriptedEngine {
  const made = new ScriptedEngine();
  const capabilities = made.capabilities.bind(made);
  made.capabilities = async () => ({ ...(await capabilities()), continueLast });
  return made;
}

function interrupted(request = REQUEST, type: 'text-delta' | 'reasoning-delta' = 'text-delta'): ResumableGeneration {
  const partial = new ResumableGeneration(request);
  partial.add({ type, text: 'one,' });
  partial.add({ type, text: ' two' });
  partial.interrupt(ERROR);
  return partial;
}

test('an answer continues after its last word with the remaining tokens, if the engine supports it', async () => {
  const partial = interrupted();
  expect(await partial.resume(engine(true), RECORD)).toBeUndefined();
  expect(partial.request).toEqual({
    messages: [...REQUEST.messages, { role: 'assistant', content: 'one, two' }],
    sampling: { temperature: 0, maxTokens: 8 },
    continueLast: true,
  });
});

test('a continued answer that is cut off again continues from its whole text', async () => {
  const messages = [...REQUEST.messages, { role: 'assistant', content: 'zero, ' }] as const;
  const partial = interrupted({ messages, continueLast: true });
  await partial.resume(engine(true), RECORD);
  expect(partial.request.messages.at(-1)).toEqual({ role: 'assistant', content: 'zero, one, two' });
  expect(partial.request.messages).toHaveLength(2);
});

test('an answer restarts if the engine cannot continue text', async () => {
  const partial = interrupted();
  expect(await partial.resume(engine(false), RECORD)).toMatchObject({ type: 'restart' });
  expect(partial.request).toBe(REQUEST);
});

test('an answer that was cut off in its reasoning, and JSON to a schema, restart', async () => {
  const again = { type: 'restart' };
  expect(await interrupted(REQUEST, 'reasoning-delta').resume(engine(true), RECORD)).toMatchObject(again);
  expect(
    await interrupted({ ...REQUEST, responseFormat: { type: 'json' } }).resume(engine(true), RECORD),
  ).toMatchObject(again);
});

test('an answer restarts once after a refused continuation', async () => {
  const partial = interrupted();
  await partial.resume(engine(true), RECORD);
  expect(partial.takeRefusal()).toBe(true);
  expect(await partial.resume(engine(true), RECORD)).toMatchObject({ type: 'restart' });
  expect(partial.takeRefusal()).toBe(false);
});

test('an answer without any text does not restart', async () => {
  const partial = new ResumableGeneration(REQUEST);
  partial.interrupt(ERROR);
  expect(await partial.resume(engine(true), RECORD)).toBeUndefined();
  expect(partial.request).toBe(REQUEST);
});
