import { afterEach, expect, test, vi } from 'vitest';
import type { GenerateCall, GenerateEvent } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { ask, drain, textOf, within } from '../../engine/testing/calls.ts';
import { MADE_UP_DEVICE, madeUpRecord } from '../../models/testing/made-up.ts';
import { abortError } from '../../platform/errors.ts';
import { INITIAL_STATE, type ModelEntry, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { ModelRuntime } from './model-runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';

const GOOD = madeUpRecord({ id: 'good', modelKey: 'model', engine: 'wllama' });
const TEST_QUESTION = 'Count from one to twenty.';
const COUNTED = '1, 2, 3, 4, 5, 6, 7, 8, 9, 10';
const QUESTION = ask('What is the capital of France?');
const ANSWER = 'The capital of France is Paris.';
const BROKEN = '! '.repeat(400);

/** Records what it is asked, and can hold its answer to the self-test or change the figures of an answer. */
class TestedEngine extends ScriptedEngine {
  readonly asked: string[] = [];
  gate: PromiseWithResolvers<void> | undefined;
  timeToFirstTokenMs: number | undefined;
  readonly testReached = Promise.withResolvers<void>();

  override async *generate(call: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const question = String(call.messages[0]?.content);
    this.asked.push(question);
    if (question === TEST_QUESTION && this.gate !== undefined) {
      this.testReached.resolve();
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(abortError()));
      });
      await Promise.race([this.gate.promise, aborted]);
    }
    for await (const event of super.generate(call, signal)) {
      const { timeToFirstTokenMs } = this;
      if (event.type !== 'usage' || timeToFirstTokenMs === undefined) yield event;
      else yield { ...event, usage: { ...event.usage, timeToFirstTokenMs } };
    }
  }
}

const runtimes: ModelRuntime[] = [];
afterEach(() => {
  for (const runtime of runtimes.splice(0)) runtime.dispose();
});

/** One model on several backends, each of which is the same script. */
function start(script: (question: string) => string, storeName = `test-${crypto.randomUUID()}`) {
  const stored: ModelEntry = {
    record: GOOD,
    fit: { status: 'unknown' },
    weights: { status: 'stored', sizeBytes: 1, lastUsedAt: undefined },
  };
  const state = new StateStore<SessionState>({ ...INITIAL_STATE, device: MADE_UP_DEVICE, models: [stored] });
  const engine = new TestedEngine({ script: (messages) => script(String(messages[0]?.content)) });
  const runtime = new ModelRuntime(state, { engine: async () => engine, unloadAllBut: async () => {} }, storeName);
  runtimes.push(runtime);
  return { state, engine, runtime, storeName };
}

const good = (question: string): string => (question === TEST_QUESTION ? COUNTED : ANSWER);

function generate(
  runtime: ModelRuntime,
  onEvent?: (event: RuntimeEvent) => void,
  signal = new AbortController().signal,
) {
  return drain(runtime.generate(GOOD, QUESTION, signal), onEvent);
}

test('what is only read ahead is not followed by the test', async () => {
  const { engine, runtime } = start(good);
  const { signal } = new AbortController();
  await runtime.load(GOOD, signal);
  await drain(runtime.generate(GOOD, { ...QUESTION, readAhead: true }, signal));
  expect(engine.asked).not.toContain(TEST_QUESTION);
  await generate(runtime);
  expect(engine.asked).toContain(TEST_QUESTION);
});

test('the user’s message goes first; the model is tested after it, once, also for later visits', async () => {
  const { engine, runtime, state, storeName } = start(good);
  await runtime.load(GOOD, new AbortController().signal);
  expect(engine.asked).toEqual([]);
  const events = await generate(runtime);
  expect(textOf(events.filter(({ type }) => type === 'text-delta') as GenerateEvent[])).toBe(ANSWER);
  expect(events.at(-1)?.type).toBe('finish');
  expect(state.state.runtime.history).toMatchObject([{ selfTest: 'passed' }]);
  await generate(runtime);
  const next = start(good, storeName);
  await generate(next.runtime);
  expect([...engine.asked, ...next.engine.asked]).toEqual([
    'What is the capital of France?',
    TEST_QUESTION,
    'What is the capital of France?',
    'What is the capital of France?',
  ]);
});

test('an undecided test is kept too', async () => {
  const { engine, runtime, state } = start((question) => (question === TEST_QUESTION ? 'As you wish, sir.' : ANSWER));
  await generate(runtime);
  await generate(runtime);
  expect(engine.asked.filter((question) => question === TEST_QUESTION)).toHaveLength(1);
  expect(state.state.runtime.history).toMatchObject([{ selfTest: 'undecided' }]);
});

test('the test can be skipped, or stopped with the answer, which is complete either way', async () => {
  for (const way of ['skip', 'stop'] as const) {
    const { engine, runtime, state } = start(good);
    engine.gate = Promise.withResolvers();
    const abort = new AbortController();
    const answer = generate(runtime, undefined, abort.signal);
    await engine.testReached.promise;
    expect(state.state.runtime.isTesting).toBe(true);
    if (way === 'skip') runtime.skipTest();
    else abort.abort();
    expect((await within(4_000, answer)).at(-1)?.type).toBe('finish');
    expect(state.state.runtime).toMatchObject({ isTesting: false, history: [{ selfTest: 'skipped' }] });
    await generate(runtime);
    expect(engine.asked.filter((question) => question === TEST_QUESTION)).toHaveLength(1);
  }
});

test('the limit of 5 s ends a test that hangs, and the test does not come again', async () => {
  const limit = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
  const { engine, runtime, state } = start(good);
  engine.gate = Promise.withResolvers();
  const answer = generate(runtime);
  await engine.testReached.promise;
  expect(timeout).toHaveBeenCalledExactlyOnceWith(5_000);
  timeout.mockRestore();
  limit.abort();
  expect((await within(4_000, answer)).at(-1)?.type).toBe('finish');
  expect(state.state.runtime.history).toMatchObject([{ selfTest: 'undecided' }]);
});

test('a device that reads the test’s prompt too slowly is not tested', async () => {
  const { engine, runtime } = start(good);
  engine.timeToFirstTokenMs = 60_000;
  await generate(runtime);
  expect(engine.asked).not.toContain(TEST_QUESTION);
  engine.timeToFirstTokenMs = 100;
  await generate(runtime);
  expect(engine.asked).toContain(TEST_QUESTION);
});

test('a backend that fails the test is left, and the next one writes the answer again', async () => {
  let tests = 0;
  const { runtime, state } = start((question) => {
    if (question !== TEST_QUESTION) return ANSWER;
    return tests++ === 0 ? BROKEN : COUNTED;
  });
  const events = await generate(runtime);
  const restart = events.findIndex(({ type }) => type === 'restart');
  expect(restart).toBeGreaterThan(0);
  expect(textOf(events.slice(restart) as GenerateEvent[])).toBe(ANSWER);
  expect(state.state.runtime.change?.error.code).toBe('self-test-failed');
  expect(state.state.runtime.history).toMatchObject([{ selfTest: 'failed' }, { selfTest: 'passed' }]);
});

test('an endless token is not awaited: the test decides, and a good model continues its answer', async () => {
  for (const isGood of [true, false]) {
    let tests = 0;
    const { runtime, state } = start((question) => {
      if (question !== TEST_QUESTION) return BROKEN;
      return isGood || tests++ > 0 ? COUNTED : BROKEN;
    });
    const events = (await generate(runtime)) as GenerateEvent[];
    const restart = events.findIndex(({ type }) => (type as string) === 'restart');
    expect(restart > 0).toBe(!isGood);
    expect(textOf(events.slice(Math.max(0, restart)))).toBe(BROKEN);
    expect(state.state.runtime.change?.error.code).toBe(isGood ? undefined : 'self-test-failed');
  }
});
