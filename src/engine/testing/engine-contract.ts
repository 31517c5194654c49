import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAbortError } from '../../platform/errors.ts';
import type { Engine, GenerateRequest, PromptMessage } from '../engine.ts';
import { promptText } from '../prompt-text.ts';
import { ask, drain, failure, never, textOf, usageOf, within } from './calls.ts';
import {
  CAPITAL,
  CAPITAL_ANSWER,
  type EngineHarness,
  expectLoadFirst,
  expectWholeLoad,
  NOTICE_MS,
  STORY,
  STORY_START,
} from './engine-harness.ts';
import { testLosses } from './engine-losses.ts';

/** Limit for a cancel in any phase: src/engine/engine.ts. */
const CANCEL_MS = 2_000;

const STARTED_TEXT = 'The capital of';
const STARTED: GenerateRequest = {
  messages: [...CAPITAL.messages, { role: 'assistant', content: STARTED_TEXT }],
  sampling: { temperature: 0 },
  continueLast: true,
};
const ANY_OBJECT = { type: 'json-schema', schema: { type: 'object' } } as const;
const WITH_IMAGE: PromptMessage = {
  role: 'user',
  content: [
    { type: 'text', text: 'What is this?' },
    { type: 'image', image: new Blob([new Uint8Array(8)], { type: 'image/png' }) },
  ],
};

/** The contract test suite, one for every engine. Call it at the top of a test file. */
export function describeEngine(name: string, harness: EngineHarness): void {
  const slowMs = harness.slowMs ?? 60_000;
  const { model } = harness;

  describe(`${name} keeps the engine contract`, { timeout: 3 * slowMs }, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await harness.create();
    });
    afterAll(() => engine.dispose());

    const answer = async (asked: Engine) => textOf(await drain(asked.generate({ model, ...CAPITAL }, never())));
    const load = () => drain(engine.load({ model }, never()));

    test('a probe reports the device and does not throw', async () => {
      expect(await engine.probe()).toMatchObject({ supported: true, device: { cores: expect.any(Number) } });
    });

    test('an answer of a model that is not loaded starts with its load', async () => {
      const events = await drain(engine.generate({ model, ...CAPITAL }, never()));
      expectLoadFirst(events, harness);
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
      await engine.unload();
    });

    test('unload resolves when nothing is loaded', async () => {
      await within(NOTICE_MS, engine.unload());
    });

    if (harness.isRemote === true) {
      test('a load ends in ready, and reports the capabilities of the model', async () => {
        const steps = await load();
        expect(steps.map((step) => step.phase)).toEqual(['ready']);
        expect(steps[0]?.capabilities).toEqual(await engine.capabilities(model));
      });
    } else {
      test('a load reports each phase once and in order, with bytes that increase to the total', async () => {
        const steps = await load();
        expectWholeLoad(steps);
        expect(new Set(steps.map((step) => step.totalBytes)).size).toBe(1);
        expect(steps.at(-1)).toMatchObject({ phase: 'ready', loadedBytes: steps[0]?.totalBytes });
        expect(steps.length).toBeGreaterThan(4);
        // The capabilities of the loaded model come with it, and are reported afterwards.
        const capabilities = await engine.capabilities(model);
        expect(steps.at(-1)?.capabilities).toEqual(capabilities);
        expect(capabilities.sampling).toEqual(
          expect.arrayContaining(['temperature', 'topP', 'seed', 'maxTokens', 'stop']),
        );
      });
    }

    test('a load of the loaded model is ready immediately', async () => {
      await load();
      const steps = await within(CANCEL_MS, load());
      expect(steps.map((step) => step.phase)).toEqual(['ready']);
    });

    test('an answer gives text, then usage, then finish', async () => {
      await load();
      const events = await drain(engine.generate({ model, ...CAPITAL }, never()));
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
      expect(events.slice(-2).map((event) => event.type)).toEqual(['usage', 'finish']);
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      expect(events.filter((event) => event.type === 'load-progress')).toEqual([]);
      expect(events.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(1);
    });

    test('the usage counts tokens and has only plausible values', async () => {
      await load();
      const usage = usageOf(await drain(engine.generate({ model, ...CAPITAL }, never())));
      expect(usage.promptTokens).toBeGreaterThanOrEqual(6);
      expect(usage.promptTokens).toBeLessThan(200);
      expect(usage.completionTokens).toBeGreaterThanOrEqual(6);
      expect(usage.completionTokens).toBeLessThan(40);
      expect(usage.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
      for (const rate of [usage.prefillTokensPerSecond, usage.decodeTokensPerSecond, usage.reusedTokens]) {
        if (rate !== undefined) expect(Number.isFinite(rate) && rate >= 0).toBe(true);
      }
      expect(usage.reusedTokens ?? 0).toBeLessThan(usage.promptTokens);
    });

    test('an answer uses the turns before it', async () => {
      await load();
      const first = await drain(engine.generate({ model, ...ask('My name is Amir.') }, never()));
      expect(textOf(first)).toBe('Nice to meet you, Amir.');
      const messages: PromptMessage[] = [
        { role: 'user', content: 'My name is Amir.' },
        { role: 'assistant', content: textOf(first) },
        { role: 'user', content: 'What is my name?' },
      ];
      const second = await drain(engine.generate({ model, messages, sampling: { temperature: 0 } }, never()));
      expect(textOf(second)).toBe('Your name is Amir.');
      expect(usageOf(second).promptTokens).toBeGreaterThan(usageOf(first).promptTokens);
    });

    test('reasoning arrives separately from the text', async () => {
      await load();
      const events = await drain(engine.generate({ model, ...ask('Think: what is 2 plus 9?') }, never()));
      expect(textOf(events)).toBe('The sum is 11.');
      expect(textOf(events, 'reasoning-delta')).toBe('I add 2 and 9.');
    });

    test('maxTokens ends the answer with reason length, if the engine supports it', async () => {
      await load();
      if (!(await engine.capabilities(model)).sampling.includes('maxTokens')) return;
      const request = { ...STORY, sampling: { temperature: 0, maxTokens: 5 } };
      const events = await drain(engine.generate({ model, ...request }, never()));
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' });
      expect(usageOf(events).completionTokens).toBe(5);
    });

    test('a second generate throws engine-busy and leaves the first alone', async () => {
      await load();
      const first = engine.generate({ model, ...CAPITAL }, never())[Symbol.asyncIterator]();
      const start = await first.next();
      expect(await failure(engine.generate({ model, ...CAPITAL }, never()))).toMatchObject({ code: 'engine-busy' });
      const rest = await drain(iterable(first));
      expect(textOf([...(start.done === true ? [] : [start.value]), ...rest])).toBe(CAPITAL_ANSWER);
    });

    test('an empty prompt throws prompt-empty, and the next answer succeeds', async () => {
      await load();
      expect(await failure(engine.generate({ model, messages: [] }, never()))).toMatchObject({ code: 'prompt-empty' });
      expect(await failure(engine.generate({ model, ...ask(' \n') }, never()))).toMatchObject({ code: 'prompt-empty' });
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('an unsupported request is refused with its name, and the next answer succeeds', async () => {
      await load();
      const capabilities = await engine.capabilities(model);
      const requests: readonly (readonly [feature: string, has: boolean, change: Partial<GenerateRequest>])[] = [
        ['topK', capabilities.sampling.includes('topK'), { sampling: { topK: 1 } }],
        ['minP', capabilities.sampling.includes('minP'), { sampling: { minP: 0.1 } }],
        ['repeatPenalty', capabilities.sampling.includes('repeatPenalty'), { sampling: { repeatPenalty: 1.1 } }],
        ['thinking', capabilities.thinkingSwitch, { thinking: false }],
        ['tools', capabilities.tools, { tools: [{ name: 'f' }] }],
        ['json-schema', capabilities.responseFormats.includes('json-schema'), { responseFormat: ANY_OBJECT }],
        ['images', capabilities.images, { messages: [WITH_IMAGE] }],
        ['continueLast', capabilities.continueLast, STARTED],
        ['perplexity', capabilities.perplexity, { perplexity: true }],
        ['logprobs', capabilities.logprobs !== undefined, { logprobs: 0 }],
        ['logprobs', false, { logprobs: (capabilities.logprobs ?? 0) + 1 }],
        ['rawPrompt', capabilities.rawPrompt, { rawPrompt: true }],
        [
          'json-schema',
          !capabilities.tools || capabilities.toolsWithFormat,
          { tools: [{ name: 'f' }], responseFormat: ANY_OBJECT },
        ],
      ];
      for (const [feature, has, change] of requests) {
        if (has) continue;
        const error = await failure(engine.generate({ model, ...CAPITAL, ...change }, never()));
        expect({ feature, code: Reflect.get(error, 'code') }).toEqual({ feature, code: 'unsupported' });
        expect(error).toMatchObject({ data: { feature } });
      }
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a message with several parts is read as its text', async () => {
      await load();
      const content = [
        { type: 'text', text: 'What is the capital' } as const,
        { type: 'text', text: ' of France?' } as const,
      ];
      const request = { messages: [{ role: 'user' as const, content }], sampling: { temperature: 0 } };
      expect(textOf(await drain(engine.generate({ model, ...request }, never())))).toBe(CAPITAL_ANSWER);
    });

    test('log probabilities come for each token, if the engine supports them', async () => {
      await load();
      if ((await engine.capabilities(model)).logprobs === undefined) return;
      const events = await drain(engine.generate({ model, ...CAPITAL, logprobs: 2 }, never()));
      const tokens = events.flatMap((event) => (event.type === 'logprobs' ? event.tokens : []));
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
      expect(tokens.map(({ token }) => token).join('')).toBe(CAPITAL_ANSWER);
      for (const { token, logprob, top } of tokens) {
        expect(logprob).toBeLessThanOrEqual(0);
        expect(top).toHaveLength(2);
        // Greedy: the likeliest token was taken.
        expect(top[0]).toMatchObject({ token, logprob });
      }
    });

    test('a raw prompt is continued without a chat template, if the engine supports it', async () => {
      await load();
      if (!(await engine.capabilities(model)).rawPrompt) return;
      const templated = `<|im_start|>user\n${promptText(CAPITAL.messages[0]?.content ?? '')}<|im_end|>\n<|im_start|>assistant\n`;
      const events = await drain(
        engine.generate({ model, ...ask(`${templated}The capital`), rawPrompt: true }, never()),
      );
      expect(textOf(events)).toBe(' of France is Paris.');
      expect(events.slice(-2).map((event) => event.type)).toEqual(['usage', 'finish']);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('an answer continues where it stopped, if the engine supports it', async () => {
      await load();
      if (!(await engine.capabilities(model)).continueLast) return;
      const whole = usageOf(await drain(engine.generate({ model, ...CAPITAL }, never())));
      const rest = await drain(engine.generate({ model, ...STARTED }, never()));
      expect(textOf(rest)).toBe(CAPITAL_ANSWER.slice(STARTED_TEXT.length));
      expect(usageOf(rest).completionTokens).toBeLessThan(whole.completionTokens);
      // Not by accident: the answer's beginning must be meant to be continued.
      const { continueLast: _, ...unmarked } = STARTED;
      expect(await failure(engine.generate({ model, ...unmarked }, never()))).toMatchObject({ code: 'prompt-empty' });
    });

    test('tokens are counted as in an answer, or the count is refused', async () => {
      await load();
      const { signal } = new AbortController();
      const count = engine.countTokens({ model, messages: CAPITAL.messages }, signal);
      if ((await engine.capabilities(model)).countTokens) {
        expect(await count).toBe(usageOf(await drain(engine.generate({ model, ...CAPITAL }, never()))).promptTokens);
      } else {
        await expect(count).rejects.toMatchObject({ code: 'unsupported', data: { feature: 'count-tokens' } });
      }
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a prompt longer than the context throws context-exceeded with the counts, and the next answer succeeds', async () => {
      await load();
      const long = ask('word '.repeat(model.contextWindow + 10));
      const error = await failure(engine.generate({ model, ...long }, never()));
      expect(error).toMatchObject({
        code: 'context-exceeded',
        data: { contextWindow: model.contextWindow, promptTokens: expect.any(Number) },
      });
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a call with an aborted signal ends as a cancel', async () => {
      await load();
      const signal = AbortSignal.abort();
      expect(isAbortError(await within(CANCEL_MS, failure(engine.generate({ model, ...CAPITAL }, signal))))).toBe(true);
      expect(isAbortError(await within(CANCEL_MS, failure(engine.load({ model }, signal))))).toBe(true);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a cancel before the first token ends as a cancel, and the next answer succeeds', async () => {
      await load();
      const abort = new AbortController();
      const call = failure(engine.generate({ model, ...STORY }, abort.signal));
      await Promise.resolve();
      abort.abort();
      expect(isAbortError(await within(CANCEL_MS, call))).toBe(true);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a cancel during decoding keeps the text so far, and the next answer succeeds', async () => {
      await load();
      const abort = new AbortController();
      let text = '';
      const call = failure(engine.generate({ model, ...STORY }, abort.signal), (event) => {
        if (event.type === 'text-delta') text += event.text;
        if (text.length > 20) abort.abort();
      });
      const cancelled = settledAfterAbort(abort, call);
      expect(isAbortError(await cancelled)).toBe(true);
      expect(text).toMatch(STORY_START);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('leaving the loop cancels the answer, and the next one succeeds', async () => {
      await load();
      for await (const event of engine.generate({ model, ...STORY }, never())) if (event.type === 'text-delta') break;
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    for (const phase of harness.isRemote === true ? [] : (['weights', 'shaders'] as const)) {
      test(`a cancel of a load in its phase ${phase} ends as a cancel, and the next load succeeds`, async () => {
        await engine.unload();
        const abort = new AbortController();
        const call = failure(engine.load({ model }, abort.signal), (step) => {
          if (step.phase === phase) abort.abort();
        });
        expect(isAbortError(await settledAfterAbort(abort, call))).toBe(true);
        expect((await load()).at(-1)?.phase).toBe('ready');
        expect(await answer(engine)).toBe(CAPITAL_ANSWER);
      });
    }

    test('the next answer after an unload starts with a load', async () => {
      await load();
      await within(NOTICE_MS, engine.unload());
      const events = await drain(engine.generate({ model, ...CAPITAL }, never()));
      expectLoadFirst(events, harness);
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
    });

    test('tokens are counted for a model that is not loaded, if the engine supports it', async () => {
      if (!(await engine.capabilities(model)).countTokens) return;
      await engine.unload();
      expect(await engine.countTokens({ model, messages: CAPITAL.messages }, never())).toBeGreaterThan(5);
    });

    const { missingModel, otherModel } = harness;
    if (missingModel !== undefined) {
      test('a model that is not stored throws model-missing, also while another one is loaded', async () => {
        expect(await failure(engine.load({ model: missingModel }, never()))).toMatchObject({ code: 'model-missing' });
        await load();
        const call = { model: missingModel, ...CAPITAL };
        expect(await failure(engine.generate(call, never()))).toMatchObject({ code: 'model-missing' });
        expect(await answer(engine)).toBe(CAPITAL_ANSWER);
      });
    }
    if (otherModel !== undefined) {
      test('an answer comes from the model that the request names, whichever is loaded', async () => {
        await load();
        for (const named of [otherModel, model]) {
          expectLoadFirst(await drain(engine.generate({ model: named, ...CAPITAL }, never())), harness);
          const again = await drain(engine.generate({ model: named, ...CAPITAL }, never()));
          expect(again.filter((event) => event.type === 'load-progress')).toEqual([]);
        }
      });
    }

    test('a load succeeds after an unload and after a failed load', async () => {
      await load();
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    testLosses(harness, () => engine);

    test('an unload during an answer ends it as a cancel, and the engine is free immediately', async () => {
      await load();
      let next: Promise<string> | undefined;
      const error = await failure(engine.generate({ model, ...STORY }, never()), (event) => {
        if (event.type !== 'text-delta' || next !== undefined) return;
        next = engine.unload().then(() => answer(engine));
      });
      expect(isAbortError(error)).toBe(true);
      expect(await next).toBe(CAPITAL_ANSWER);
    });

    test('dispose ends an open call and later calls as cancels', async () => {
      const other = await harness.create();
      const call = failure(other.load({ model }, never()), () => other.dispose());
      expect(isAbortError(await call)).toBe(true);
      expect(isAbortError(await within(CANCEL_MS, failure(other.generate({ model, ...CAPITAL }, never()))))).toBe(true);
    });
  });
}

function settledAfterAbort<Value>(abort: AbortController, call: Promise<Value>): Promise<Value> {
  const aborted = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
  return Promise.race([call, aborted.then(() => within(CANCEL_MS, call))]);
}

function iterable<Item>(iterator: AsyncIterator<Item>): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => iterator };
}
