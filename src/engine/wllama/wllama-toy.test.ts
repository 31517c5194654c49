import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import prompts from '../../../tools/toy-model/prompts.json';
import { isAbortError } from '../../platform/errors.ts';
import { REQUEST_CHANNEL, type RequestEntry } from '../../platform/requests.ts';
import { modelLockName, WeightStore } from '../../storage/weights/weight-store.ts';
import type { GenerateRequest, PromptMessage } from '../engine.ts';
import { ask, drain, failure, textOf, usageOf, within } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = { ...(await fetchToyRecord('wllama')), id: `toy-${crypto.randomUUID()}` };
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

// On one thread: two that wait for each other crawl when other programs use the cores.
describe('llama.cpp with the toy model', { timeout: 120_000 }, () => {
  const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
  const requests: RequestEntry[] = [];
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<RequestEntry[]>) => requests.push(...data);

  beforeAll(async () => {
    await drain(engine.load({ model: toy }, signal));
  }, 60_000);
  afterAll(() => {
    engine.dispose();
    channel.close();
  });

  test('a load reads every byte about once', () => {
    const { totalBytes = 0, readBytes = 0 } = engine.loadReport ?? {};
    expect(totalBytes).toBe(toy.sizeBytes);
    expect(readBytes / totalBytes).toBeGreaterThan(0.99);
    expect(readBytes / totalBytes).toBeLessThanOrEqual(1.1);
  });

  test('greedy answers equal the reference answers on all prompts', async () => {
    expect(prompts.length).toBeGreaterThanOrEqual(60);
    for (const { messages, answer } of prompts) {
      const events = await drain(engine.generate({ model: toy, ...greedy(messages as PromptMessage[]) }, signal));
      const [, thought = '', text = answer] = /^<think>\n(.*)\n<\/think>\n\n(.*)$/s.exec(answer) ?? [];
      expect({ messages, text: textOf(events) }).toEqual({ messages, text });
      expect(textOf(events, 'reasoning-delta')).toBe(thought);
    }
  });

  test('the load and the answers sent no request to another host or for a model', () => {
    expect(requests.map(({ url }) => url)).toContainEqual(expect.stringMatching(/wllama[^/]*\.wasm/));
    for (const { url, host } of requests) {
      expect({ url, host }).toEqual({ url, host: location.host });
      expect(new URL(url).pathname).not.toMatch(/\/models\//);
    }
  });

  test('tokens are reused when the prompt continues the conversation, and the usage reports them', async () => {
    const messages: PromptMessage[] = [{ role: 'user', content: 'My name is Tara.' }];
    const first = await drain(engine.generate({ model: toy, ...greedy(messages) }, signal));
    messages.push({ role: 'assistant', content: textOf(first) }, { role: 'user', content: 'What is my name?' });
    const second = await drain(engine.generate({ model: toy, ...greedy(messages) }, signal));
    expect(textOf(second)).toBe('Your name is Tara.');
    expect(usageOf(second).reusedTokens).toBeGreaterThanOrEqual(usageOf(first).promptTokens);
    expect(usageOf(second).reusedTokens).toBeLessThan(usageOf(second).promptTokens);
  });

  test('tokens are reused too when the prompt returns to an earlier conversation', async () => {
    const [first, other] = ['The sky is blue. '.repeat(30), 'Water is made of hydrogen and oxygen. '.repeat(15)];
    const before = usageOf(await drain(engine.generate({ model: toy, ...ask(first) }, signal)));
    expect(usageOf(await drain(engine.generate({ model: toy, ...ask(other) }, signal))).reusedTokens).toBeLessThan(10);
    const back = usageOf(await drain(engine.generate({ model: toy, ...ask(first) }, signal)));
    expect(back.reusedTokens).toBeGreaterThan(0.9 * before.promptTokens);
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

  test('a seed makes sampling repeatable, and other seeds give other answers', async () => {
    const sample = async (seed: number): Promise<string> => {
      // Nothing that the toy was taught: it is unsure of every token.
      const request = { ...ask('Quartz xylophone zebra?'), sampling: { temperature: 2, topP: 1, seed, maxTokens: 24 } };
      return textOf(await drain(engine.generate({ model: toy, ...request }, signal)));
    };
    const first = await sample(7);
    expect(await sample(7)).toBe(first);
    expect(new Set([first, await sample(8), await sample(9)]).size).toBeGreaterThan(1);
  });

  test('a cancel in a long prefill ends within the limit, and the next answer succeeds', async () => {
    const abort = new AbortController();
    const call = failure(engine.generate({ model: toy, ...ask('The sky is blue. '.repeat(300)) }, abort.signal));
    await new Promise(requestAnimationFrame);
    abort.abort();
    expect(isAbortError(await within(2_000, call))).toBe(true);
    expect(textOf(await drain(engine.generate({ model: toy, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
  });

  test('an answer that fills the context ends there, with reason length', async () => {
    const small = new WllamaEngine({ storeName, backend: { kind: 'single' } });
    const model = { ...toy, contextWindow: 256 };
    const events = await drain(small.generate({ model, ...ask('Tell me a long story.') }, signal));
    const { promptTokens, completionTokens } = usageOf(events);
    expect(promptTokens + completionTokens).toBe(256);
    expect(textOf(events)).toMatch(/^On day one/);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' });
    small.dispose();
  });

  test('a loaded model cannot be deleted, and an unloaded one can', async () => {
    await drain(engine.load({ model: toy }, signal));
    const store = await WeightStore.open(storeName);
    expect((await store.getModel(toy.id))?.lastUsedAt).toEqual(expect.any(Number));
    await expect(store.deleteModel(toy.id)).rejects.toMatchObject({ code: 'model-in-use' });
    await engine.unload();
    await navigator.locks.request(modelLockName(toy.id), () => {});
    expect(await store.deleteModel(toy.id)).toBe(toy.sizeBytes);
    store.close();
  });

  test('wllama stored nothing of its own', async () => {
    const root = await navigator.storage.getDirectory();
    await expect(root.getDirectoryHandle('cache')).rejects.toThrow(DOMException);
    expect(await caches.keys()).toEqual([]);
  });
});

function greedy(messages: readonly PromptMessage[]): GenerateRequest {
  return { messages, sampling: { temperature: 0 } };
}
