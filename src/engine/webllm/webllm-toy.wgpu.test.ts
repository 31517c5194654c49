import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import prompts from '../../../tools/toy-model/prompts.json';
import { isAbortError } from '../../platform/errors.ts';
import { REQUEST_CHANNEL, type RequestEntry } from '../../platform/requests.ts';
import { modelLockName, WeightStore } from '../../storage/weights/weight-store.ts';
import type { GenerateRequest, PromptMessage } from '../engine.ts';
import { ask, drain, failure, textOf, usageOf, within } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import { WebLlmEngine } from './webllm-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = { ...(await fetchToyRecord()), id: `toy-${crypto.randomUUID()}` };
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

/** The long story takes a minute on SwiftShader; the beginning of a long answer says as much. */
const LONG_SKILLS = ['story', 'count', 'markdown'];
const LONG_TOKENS = 32;

/** llama.cpp, which is fast, answers all of them with the same weights; here two of each skill stand for the others. */
const SKILL_PROMPTS = [...Map.groupBy(prompts, ({ skill }) => skill).values()].flatMap((ofSkill) =>
  ofSkill.slice(0, 2),
);

describe('web-llm with the toy model', { timeout: 300_000 }, () => {
  const engine = new WebLlmEngine({ storeName });
  const requests: RequestEntry[] = [];
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<RequestEntry[]>) => requests.push(...data);

  beforeAll(async () => {
    await drain(engine.load({ model: toy }, signal));
  }, 120_000);
  afterAll(() => {
    engine.dispose();
    channel.close();
  });

  test('a load reads every byte once', () => {
    const { totalBytes = 0, readBytes = 0 } = engine.loadReport ?? {};
    expect(totalBytes).toBe(toy.sizeBytes);
    expect(readBytes / totalBytes).toBeGreaterThan(0.99);
    expect(readBytes / totalBytes).toBeLessThanOrEqual(1.1);
  });

  // As llama.cpp's do, in wllama-toy.test.ts: both engines write the same text.
  test('greedy answers equal the reference answers of each skill', async () => {
    expect(new Set(SKILL_PROMPTS.map(({ skill }) => skill)).size).toBeGreaterThanOrEqual(11);
    for (const { skill, messages, answer } of SKILL_PROMPTS) {
      const isLong = LONG_SKILLS.includes(skill);
      const sampling = { temperature: 0, ...(isLong && { maxTokens: LONG_TOKENS }) };
      const request = { messages: messages as PromptMessage[], sampling };
      const events = await drain(engine.generate({ model: toy, ...request }, signal));
      const [, thought = '', whole = answer] = /^<think>\n(.*)\n<\/think>\n\n(.*)$/s.exec(answer) ?? [];
      const text = isLong ? whole.slice(0, textOf(events).length) : whole;
      expect({ messages, text: textOf(events) }).toEqual({ messages, text });
      expect(textOf(events).length).toBeGreaterThan(0);
      expect(textOf(events, 'reasoning-delta')).toBe(thought);
    }
  });

  test('the load and the answers requested only scripts', () => {
    expect(requests.length).toBeGreaterThan(0);
    for (const { url, kind } of requests) {
      expect({ url, kind }).toEqual({
        url: expect.stringContaining(`//${location.host}/`),
        kind: expect.stringMatching(/^(script|other)$/),
      });
      expect(new URL(url).pathname).not.toMatch(/\/models\//);
    }
  });

  test('the tokens of a chat are reused when it continues, and after another chat', async () => {
    const first = await drain(engine.generate({ model: toy, ...ask('My name is Tara.') }, signal));
    const messages: PromptMessage[] = [
      { role: 'user', content: 'My name is Tara.' },
      { role: 'assistant', content: textOf(first) },
      { role: 'user', content: 'What is my name?' },
    ];
    const continued = usageOf(await drain(engine.generate({ model: toy, ...greedy(messages) }, signal)));
    expect(continued.reusedTokens).toBeGreaterThanOrEqual(usageOf(first).promptTokens);
    expect(continued.reusedTokens).toBeLessThan(continued.promptTokens);
    await drain(engine.generate({ model: toy, ...ask('Hello!') }, signal));
    const repeated = usageOf(await drain(engine.generate({ model: toy, ...greedy(messages) }, signal)));
    expect(repeated).toMatchObject({
      promptTokens: continued.promptTokens,
      reusedTokens: continued.promptTokens - 1,
    });
  });

  test('speeds are measured', async () => {
    const usage = usageOf(await drain(engine.generate({ model: toy, ...ask('Count to eight.') }, signal)));
    expect(usage.decodeTokensPerSecond).toBeGreaterThan(0);
    expect(usage.prefillTokensPerSecond).toBeGreaterThan(0);
    expect(usage.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  test('a stop string ends the answer before it', async () => {
    const request = { ...ask('Count to eight.'), sampling: { temperature: 0, stop: [', four'] } };
    expect(textOf(await drain(engine.generate({ model: toy, ...request }, signal)))).toBe('one, two, three');
  });

  test('a seed makes sampling repeatable', async () => {
    const request = { ...ask('Send me an emoji.'), sampling: { temperature: 1.5, seed: 7, maxTokens: 12 } };
    const first = textOf(await drain(engine.generate({ model: toy, ...request }, signal)));
    expect(textOf(await drain(engine.generate({ model: toy, ...request }, signal)))).toBe(first);
  });

  test('sampling out of range fails without the loss of the model', async () => {
    const request = { ...ask('Hello!'), sampling: { temperature: -1 } };
    expect(await failure(engine.generate({ model: toy, ...request }, signal))).toMatchObject({
      code: 'generation-failed',
    });
    expect((await drain(engine.generate({ model: toy, ...ask('Hello!') }, signal)))[0]?.type).toBe('text-delta');
  });

  test('a cancel in a long prefill ends within the limit, and the next answer succeeds', async () => {
    const abort = new AbortController();
    const call = failure(engine.generate({ model: toy, ...ask('The sky is blue. '.repeat(100)) }, abort.signal));
    await new Promise(requestAnimationFrame);
    abort.abort();
    expect(isAbortError(await within(2_000, call))).toBe(true);
    expect(textOf(await drain(engine.generate({ model: toy, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
  });

  test('a loaded model cannot be deleted, and an unloaded one can', async () => {
    await drain(engine.load({ model: toy }, signal));
    const store = await WeightStore.open(storeName);
    await expect(store.deleteModel(toy.id)).rejects.toMatchObject({ code: 'model-in-use' });
    await engine.unload();
    await navigator.locks.request(modelLockName(toy.id), () => {});
    expect(await store.deleteModel(toy.id)).toBe(toy.sizeBytes);
    store.close();
  });
});

function greedy(messages: readonly PromptMessage[]): GenerateRequest {
  return { messages, sampling: { temperature: 0 } };
}
