import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlcoveError, isAbortError } from '../errors.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { Engine, EngineNotice, GenerateEvent, GenerateRequest, LoadProgress, PromptMessage } from './engine.ts';

/** What the contract suite must know of an engine. Its model answers the toy model's prompts. */
export interface EngineHarness {
  /** A fresh engine with nothing loaded. */
  readonly create: () => Engine | Promise<Engine>;
  readonly model: ModelRecord;
  /** A model whose files are not stored, where the engine reads files. */
  readonly missingModel?: ModelRecord;
  /** Ends the worker as a crash would, without a word. */
  readonly kill?: (engine: Engine) => void;
  /** Makes the worker loop for ever, with watchdog limits of at most 3 s. */
  readonly hang?: (engine: Engine) => void;
  /** Loses the GPU device. */
  readonly loseDevice?: (engine: Engine) => void;
  /** Nothing is loaded into memory here: a load has no phases but `ready`. */
  readonly isRemote?: boolean;
  /** ms that a load or a whole answer may take here; default 60,000. */
  readonly slowMs?: number;
}

/** A cancel ends within this, in any phase: src/engine/engine.ts. */
const CANCEL_MS = 2_000;
/** A dead worker, once it is noticed, ends its calls within this. */
const NOTICE_MS = 5_000;
/** One that hangs is noticed after 3 s of silence in every harness. */
const HANG_NOTICE_MS = 3_000 + NOTICE_MS;

const CAPITAL = ask('What is the capital of France?');
const CAPITAL_ANSWER = 'The capital of France is Paris.';
const STORY = ask('Tell me a long story.');
const STORY_START = /^On day one|^On day 1/;

const BEGUN_TEXT = 'The capital of';
const BEGUN: GenerateRequest = {
  messages: [...CAPITAL.messages, { role: 'assistant', content: BEGUN_TEXT }],
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

    const load = () => drain(engine.load(model, never()));

    test('a probe reports the device and does not throw', async () => {
      expect(await engine.probe()).toMatchObject({ supported: true, device: { cores: expect.any(Number) } });
    });

    test('generate without a load throws model-not-loaded', async () => {
      expect(await failure(engine.generate(CAPITAL, never()))).toMatchObject({ code: 'model-not-loaded' });
    });

    test('unload resolves when nothing is loaded', async () => {
      await within(NOTICE_MS, engine.unload());
    });

    if (harness.isRemote === true) {
      test('a load is ready, and tells what the model can do', async () => {
        const steps = await load();
        expect(steps.map((step) => step.phase)).toEqual(['ready']);
        expect(steps[0]?.capabilities).toEqual(await engine.capabilities(model));
      });
    } else {
      test('a load gives its phases in order, once each, with bytes that only rise to the total', async () => {
        const steps = await load();
        expect(distinct(steps.map((step) => step.phase))).toEqual(['weights', 'shaders', 'ready']);
        expectRising(steps);
        expect(new Set(steps.map((step) => step.totalBytes)).size).toBe(1);
        expect(steps.at(-1)).toMatchObject({ phase: 'ready', loadedBytes: steps[0]?.totalBytes });
        expect(steps.length).toBeGreaterThan(4);
        // What the loaded model can do comes with it, and is what is told afterwards.
        const capabilities = await engine.capabilities(model);
        expect(steps.at(-1)?.capabilities).toEqual(capabilities);
        expect(capabilities.sampling).toEqual(
          expect.arrayContaining(['temperature', 'topP', 'seed', 'maxTokens', 'stop']),
        );
      });
    }

    test('a load of the model that is loaded is ready at once', async () => {
      await load();
      const steps = await within(CANCEL_MS, load());
      expect(steps.map((step) => step.phase)).toEqual(['ready']);
    });

    test('an answer is text, then usage, then finish', async () => {
      await load();
      const events = await drain(engine.generate(CAPITAL, never()));
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
      expect(events.slice(-2).map((event) => event.type)).toEqual(['usage', 'finish']);
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      expect(events.filter((event) => event.type === 'load-progress')).toEqual([]);
      expect(events.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(1);
    });

    test('usage counts tokens and gives no figure that makes no sense', async () => {
      await load();
      const usage = usageOf(await drain(engine.generate(CAPITAL, never())));
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

    test('an answer knows the turns before it', async () => {
      await load();
      const first = await drain(engine.generate(ask('My name is Amir.'), never()));
      expect(textOf(first)).toBe('Nice to meet you, Amir.');
      const messages: PromptMessage[] = [
        { role: 'user', content: 'My name is Amir.' },
        { role: 'assistant', content: textOf(first) },
        { role: 'user', content: 'What is my name?' },
      ];
      const second = await drain(engine.generate({ messages, sampling: { temperature: 0 } }, never()));
      expect(textOf(second)).toBe('Your name is Amir.');
      expect(usageOf(second).promptTokens).toBeGreaterThan(usageOf(first).promptTokens);
    });

    test('thinking comes as reasoning, apart from the text', async () => {
      await load();
      const events = await drain(engine.generate(ask('Think: what is 2 plus 9?'), never()));
      expect(textOf(events)).toBe('The sum is 11.');
      expect(textOf(events, 'reasoning-delta')).toBe('I add 2 and 9.');
    });

    test('maxTokens ends the answer with reason length', async () => {
      await load();
      const request = { ...STORY, sampling: { temperature: 0, maxTokens: 5 } };
      const events = await drain(engine.generate(request, never()));
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' });
      expect(usageOf(events).completionTokens).toBe(5);
    });

    test('a second generate throws engine-busy and leaves the first alone', async () => {
      await load();
      const first = engine.generate(CAPITAL, never())[Symbol.asyncIterator]();
      const start = await first.next();
      expect(await failure(engine.generate(CAPITAL, never()))).toMatchObject({ code: 'engine-busy' });
      const rest = await drain(iterable(first));
      expect(textOf([...(start.done === true ? [] : [start.value]), ...rest])).toBe(CAPITAL_ANSWER);
    });

    test('an empty prompt throws prompt-empty and the next answer comes', async () => {
      await load();
      expect(await failure(engine.generate({ messages: [] }, never()))).toMatchObject({ code: 'prompt-empty' });
      expect(await failure(engine.generate(ask(' \n'), never()))).toMatchObject({ code: 'prompt-empty' });
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('what the model cannot do is refused by name, and the next answer comes', async () => {
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
        ['continueLast', capabilities.continueLast, BEGUN],
        ['perplexity', capabilities.perplexity, { perplexity: true }],
      ];
      for (const [feature, has, change] of requests) {
        if (has) continue;
        const error = await failure(engine.generate({ ...CAPITAL, ...change }, never()));
        expect({ feature, code: Reflect.get(error, 'code') }).toEqual({ feature, code: 'unsupported' });
        expect(error).toMatchObject({ data: { feature } });
      }
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a message in parts is read as its text', async () => {
      await load();
      const content = [
        { type: 'text', text: 'What is the capital' } as const,
        { type: 'text', text: ' of France?' } as const,
      ];
      const request = { messages: [{ role: 'user' as const, content }], sampling: { temperature: 0 } };
      expect(textOf(await drain(engine.generate(request, never())))).toBe(CAPITAL_ANSWER);
    });

    test('an answer is continued where it stopped, where the engine can', async () => {
      await load();
      if (!(await engine.capabilities(model)).continueLast) return;
      const whole = usageOf(await drain(engine.generate(CAPITAL, never())));
      const rest = await drain(engine.generate(BEGUN, never()));
      expect(textOf(rest)).toBe(CAPITAL_ANSWER.slice(BEGUN_TEXT.length));
      expect(usageOf(rest).completionTokens).toBeLessThan(whole.completionTokens);
      // Not by accident: the answer's beginning must be meant to be continued.
      const { continueLast: _, ...unmarked } = BEGUN;
      expect(await failure(engine.generate(unmarked, never()))).toMatchObject({ code: 'prompt-empty' });
    });

    test('tokens are counted as an answer counts them, or refused', async () => {
      await load();
      const { signal } = new AbortController();
      const count = engine.countTokens(CAPITAL.messages, signal);
      if ((await engine.capabilities(model)).countTokens) {
        expect(await count).toBe(usageOf(await drain(engine.generate(CAPITAL, never()))).promptTokens);
      } else {
        await expect(count).rejects.toMatchObject({ code: 'unsupported', data: { feature: 'count-tokens' } });
      }
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a prompt longer than the context throws context-exceeded with the numbers and the next answer comes', async () => {
      await load();
      const long = ask('word '.repeat(model.contextWindow + 10));
      const error = await failure(engine.generate(long, never()));
      expect(error).toMatchObject({
        code: 'context-exceeded',
        data: { contextWindow: model.contextWindow, promptTokens: expect.any(Number) },
      });
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a call whose signal has fired ends as a cancel', async () => {
      await load();
      const signal = AbortSignal.abort();
      expect(isAbortError(await within(CANCEL_MS, failure(engine.generate(CAPITAL, signal))))).toBe(true);
      expect(isAbortError(await within(CANCEL_MS, failure(engine.load(model, signal))))).toBe(true);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a cancel before the first token ends as a cancel and the next answer comes', async () => {
      await load();
      const abort = new AbortController();
      const call = failure(engine.generate(STORY, abort.signal));
      await Promise.resolve();
      abort.abort();
      expect(isAbortError(await within(CANCEL_MS, call))).toBe(true);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('a cancel while decoding keeps the text so far and the next answer comes', async () => {
      await load();
      const abort = new AbortController();
      let text = '';
      const call = failure(engine.generate(STORY, abort.signal), (event) => {
        if (event.type === 'text-delta') text += event.text;
        if (text.length > 20) abort.abort();
      });
      const cancelled = settledAfterAbort(abort, call);
      expect(isAbortError(await cancelled)).toBe(true);
      expect(text).toMatch(STORY_START);
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    test('leaving the loop cancels the answer and the next one comes', async () => {
      await load();
      for await (const event of engine.generate(STORY, never())) if (event.type === 'text-delta') break;
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    for (const phase of harness.isRemote === true ? [] : (['weights', 'shaders'] as const)) {
      test(`a cancel of a load in its phase ${phase} ends as a cancel and the next load is good`, async () => {
        await engine.unload();
        const abort = new AbortController();
        const call = failure(engine.load(model, abort.signal), (step) => {
          if (step.phase === phase) abort.abort();
        });
        expect(isAbortError(await settledAfterAbort(abort, call))).toBe(true);
        expect((await load()).at(-1)?.phase).toBe('ready');
        expect(await answer(engine)).toBe(CAPITAL_ANSWER);
      });
    }

    test('after unload generate throws model-not-loaded', async () => {
      await load();
      await within(NOTICE_MS, engine.unload());
      expect(await failure(engine.generate(CAPITAL, never()))).toMatchObject({ code: 'model-not-loaded' });
    });

    const { missingModel } = harness;
    if (missingModel !== undefined) {
      test('a model that is not stored throws model-missing', async () => {
        expect(await failure(engine.load(missingModel, never()))).toMatchObject({ code: 'model-missing' });
      });
    }

    test('after unload, or a load that failed, a load is good again', async () => {
      await load();
      expect(await answer(engine)).toBe(CAPITAL_ANSWER);
    });

    const losses = [
      { what: 'a worker that dies', code: 'engine-crashed', strike: harness.kill },
      { what: 'a worker that hangs', code: 'engine-hung', strike: harness.hang },
      { what: 'a lost device', code: 'device-lost', strike: harness.loseDevice },
    ] as const;
    for (const { what, code, strike } of losses) {
      if (strike === undefined) continue;

      test(`${what} ends the answer with ${code}, keeps its text, and the next answer loads by itself`, async () => {
        await load();
        let text = '';
        let struckAt = Number.POSITIVE_INFINITY;
        const error = await failure(engine.generate(STORY, never()), (event) => {
          if (event.type === 'text-delta') text += event.text;
          if (text.length <= 20 || struckAt !== Number.POSITIVE_INFINITY) return;
          struckAt = performance.now();
          strike(engine);
        });
        expect(performance.now() - struckAt).toBeLessThan(strike === harness.hang ? HANG_NOTICE_MS : NOTICE_MS);
        expect(error).toMatchObject({ code });
        expect(text).toMatch(STORY_START);
        await expectReload(engine);
      });

      // A hang shows only when something is asked: while idle nothing waits for the worker.
      if (strike === harness.hang) continue;

      test(`${what} while idle is noticed, and the next answer loads by itself`, async () => {
        await load();
        const lost = Promise.withResolvers<EngineNotice>();
        const stop = engine.subscribe(lost.resolve);
        strike(engine);
        expect(await within(NOTICE_MS, lost.promise)).toMatchObject({ type: 'lost', error: { code } });
        stop();
        await expectReload(engine);
      });

      test(`${what} and then unload: generate throws model-not-loaded`, async () => {
        await load();
        const lost = Promise.withResolvers<EngineNotice>();
        const stop = engine.subscribe(lost.resolve);
        strike(engine);
        await within(NOTICE_MS, lost.promise);
        stop();
        await within(NOTICE_MS, engine.unload());
        expect(await failure(engine.generate(CAPITAL, never()))).toMatchObject({ code: 'model-not-loaded' });
      });
    }

    test('unload in the middle of an answer ends it as a cancel, and the engine is free at once', async () => {
      await load();
      let next: Promise<Error> | undefined;
      const error = await failure(engine.generate(STORY, never()), (event) => {
        if (event.type !== 'text-delta' || next !== undefined) return;
        next = engine.unload().then(() => failure(engine.generate(CAPITAL, never())));
      });
      expect(isAbortError(error)).toBe(true);
      expect(await next).toMatchObject({ code: 'model-not-loaded' });
    });

    test('dispose ends an open call as a cancel, and later calls too', async () => {
      const other = await harness.create();
      const call = failure(other.load(model, never()), () => other.dispose());
      expect(isAbortError(await call)).toBe(true);
      expect(isAbortError(await within(CANCEL_MS, failure(other.generate(CAPITAL, never()))))).toBe(true);
    });

    async function expectReload(reloading: Engine): Promise<void> {
      const events = await drain(reloading.generate(CAPITAL, never()));
      const steps = events.filter((event) => event.type === 'load-progress');
      expect(events[0]?.type).toBe('load-progress');
      expect(distinct(steps.map((step) => step.phase))).toEqual(['weights', 'shaders', 'ready']);
      expectRising(steps);
      expect(textOf(events)).toBe(CAPITAL_ANSWER);
    }
  });
}

export function ask(content: string): GenerateRequest {
  return { messages: [{ role: 'user', content }], sampling: { temperature: 0 } };
}

export async function drain<Item>(items: AsyncIterable<Item>, onItem?: (item: Item) => void): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
    onItem?.(item);
  }
  return all;
}

/** What a call throws; fails if it returns. */
export async function failure<Item>(items: AsyncIterable<Item>, onItem?: (item: Item) => void): Promise<Error> {
  try {
    await drain(items, onItem);
  } catch (error) {
    if (AlcoveError.isInstance(error) || isAbortError(error)) return error as Error;
    throw error;
  }
  throw new Error('the call returned where it had to throw');
}

export function textOf(
  events: readonly GenerateEvent[],
  type: 'text-delta' | 'reasoning-delta' = 'text-delta',
): string {
  return events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
}

export function usageOf(events: readonly GenerateEvent[]) {
  const found = events.find((event) => event.type === 'usage');
  if (found === undefined) throw new Error('an answer without usage');
  return found.usage;
}

/** Rejects if the promise takes longer than the contract gives. */
export async function within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`took longer than ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function settledAfterAbort<Value>(abort: AbortController, call: Promise<Value>): Promise<Value> {
  const aborted = new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
  return Promise.race([call, aborted.then(() => within(CANCEL_MS, call))]);
}

async function answer(engine: Engine): Promise<string> {
  return textOf(await drain(engine.generate(CAPITAL, never())));
}

function expectRising(steps: readonly LoadProgress[]): void {
  const bytes = steps.map((step) => step.loadedBytes);
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function iterable<Item>(iterator: AsyncIterator<Item>): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => iterator };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return values.filter((value, index) => index === 0 || value !== values[index - 1]);
}
