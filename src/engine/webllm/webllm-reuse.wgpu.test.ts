import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import prompts from '../../../tools/toy-model/prompts.json';
import { createModuleWorker } from '../../platform/module-worker.ts';
import type { Engine, PromptMessage } from '../engine.ts';
import { drain, failure, never, textOf, usageOf } from '../testing/calls.ts';
import { RandomEdits } from '../testing/random-edits.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import wholePrefillWorker from './testing/worker/whole-prefill-worker.ts?worker-file';
import { WebLlmEngine } from './webllm-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord();
await storeToyModel(storeName, toy);

/** Enough for a difference to show. On SwiftShader a token takes 75 ms. `npm run bench -- prompt-reuse` makes 200 edits. */
const MAX_TOKENS = 4;
const STEPS = 16;

const LONG = 'The sky is blue. '.repeat(24);

describe('web-llm’s KV cache over several prompts', { timeout: 300_000 }, () => {
  const engine = new WebLlmEngine({ storeName });
  const whole = new WebLlmEngine({
    storeName,
    createWorker: () => createModuleWorker(wholePrefillWorker, 'whole-prefill'),
  });

  beforeAll(async () => {
    await drain(engine.load({ model: toy }, never()));
    await drain(whole.load({ model: toy }, never()));
  }, 120_000);
  afterAll(() => {
    engine.dispose();
    whole.dispose();
  });

  async function answer(messages: readonly PromptMessage[], by: Engine = engine) {
    const sampling = { temperature: 0, maxTokens: MAX_TOKENS };
    const events = await drain(by.generate({ model: toy, messages, sampling }, never()));
    const { promptTokens, reusedTokens = 0 } = usageOf(events);
    return { text: textOf(events) + textOf(events, 'reasoning-delta'), promptTokens, reusedTokens };
  }

  test(`after each of ${STEPS} edits the text is that after a whole prefill`, async () => {
    const questions = prompts.map(({ messages }) => messages.at(-1)?.content ?? '').filter((text) => text.length < 40);
    const edits = new RandomEdits(7, questions);
    let reused = 0;
    let read = 0;
    for (let step = 0; step < STEPS; step++) {
      const messages = edits.next();
      const { text, promptTokens, reusedTokens } = await answer(messages);
      const expected = await answer(messages, whole);
      expect(expected.reusedTokens).toBe(0);
      expect({ step, messages, text, promptTokens }).toEqual({
        step,
        messages,
        text: expected.text,
        promptTokens: expected.promptTokens,
      });
      edits.answer(text);
      reused += reusedTokens;
      read += promptTokens - reusedTokens;
    }
    expect(reused).toBeGreaterThan(read);
  });

  test('an answer again, an edited question, another branch and the chat before are read from where they differ', async () => {
    const first: PromptMessage = { role: 'user', content: `1. ${LONG}` };
    const { text, promptTokens } = await answer([first]);
    expect((await answer([first])).reusedTokens).toBe(promptTokens - 1);
    const chat: PromptMessage[] = [first, { role: 'assistant', content: text }];
    const asked: PromptMessage[] = [...chat, { role: 'user', content: 'What colour is the sky?' }];
    expect((await answer(asked)).reusedTokens).toBeGreaterThanOrEqual(promptTokens);
    expect((await answer([...chat, { role: 'user', content: 'Hello!' }])).reusedTokens).toBeGreaterThan(promptTokens);
    expect((await answer(asked)).reusedTokens).toBeGreaterThan(promptTokens);
    // The chat template is all that another chat shares, and this one does not lose its tokens for it.
    expect((await answer([{ role: 'user', content: `2. ${LONG}` }])).reusedTokens).toBeLessThan(20);
    expect((await answer(asked)).reusedTokens).toBeGreaterThan(promptTokens);
  });

  test('a cancelled prompt is read on from where it was cancelled', async () => {
    const messages: PromptMessage[] = [{ role: 'user', content: `3. ${LONG}` }];
    const abort = new AbortController();
    const request = { messages, sampling: { temperature: 0, maxTokens: MAX_TOKENS }, readAhead: true };
    const call = failure(engine.generate({ model: toy, ...request }, abort.signal));
    await new Promise(requestAnimationFrame);
    abort.abort();
    expect((await call).name).toBe('AbortError');
    const { text, promptTokens } = await answer(messages);
    expect(text).toBe((await answer(messages, whole)).text);
    expect((await answer(messages)).reusedTokens).toBe(promptTokens - 1);
  });
});
