import { expect, test } from 'vitest';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { ask, drain, failure, textOf, usageOf } from '../testing/calls.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { ScriptedEngine } from './scripted-engine.ts';

const MODEL = scriptedRecord({ contextWindow: 2048, sizeBytes: 4096 });
const signal = new AbortController().signal;

function scripted(engine: unknown): ScriptedEngine {
  if (!(engine instanceof ScriptedEngine)) throw new TypeError('not the scripted engine');
  return engine;
}

describeEngine('the scripted engine', {
  create: () => new ScriptedEngine({ tokensPerSecond: 2000 }),
  model: MODEL,
  otherModel: { ...MODEL, id: 'other' },
  kill: (engine) => scripted(engine).lose(new AlcoveError('engine-crashed', 'killed by the test')),
  loseDevice: (engine) => scripted(engine).lose(),
  slowMs: 10_000,
});

async function loaded(engine: ScriptedEngine): Promise<ScriptedEngine> {
  await drain(engine.load({ model: MODEL }, signal));
  return engine;
}

test('the script decides the answer, word by word, and the same request gives the same events', async () => {
  const engine = await loaded(new ScriptedEngine({ script: (messages) => `${messages.length} is the count` }));
  const events = await drain(engine.generate({ model: MODEL, ...ask('How many?') }, signal));
  expect(events.filter((event) => event.type === 'text-delta').map((event) => event.text)).toEqual([
    '1',
    ' is',
    ' the',
    ' count',
  ]);
  expect(await drain(engine.generate({ model: MODEL, ...ask('How many?') }, signal))).toEqual(events);
});

test('the answer to an unknown prompt repeats it', async () => {
  const engine = await loaded(new ScriptedEngine());
  expect(textOf(await drain(engine.generate({ model: MODEL, ...ask('Tulips?') }, signal)))).toBe('You said: Tulips?');
});

test('the configured rate is reported as the decode rate', async () => {
  const engine = await loaded(new ScriptedEngine({ tokensPerSecond: 1000 }));
  const usage = usageOf(await drain(engine.generate({ model: MODEL, ...ask('Hello') }, signal)));
  expect(usage).toMatchObject({ completionTokens: 3, timeToFirstTokenMs: 1, decodeTokensPerSecond: 1000 });
});

test('a load fails once on request, and the next one succeeds', async () => {
  const engine = new ScriptedEngine();
  engine.failNextLoad(new AlcoveError('out-of-memory', 'full'));
  expect(await failure(engine.load({ model: MODEL }, signal))).toMatchObject({ code: 'out-of-memory' });
  await loaded(engine);
});

test('an answer fails after a set number of tokens, and a failure that loses the model causes a reload', async () => {
  const engine = await loaded(new ScriptedEngine({ script: () => 'one two three' }));
  let text = '';
  engine.failNextAnswer(2, new AlcoveError('engine-crashed', 'dead'));
  const error = await failure(engine.generate({ model: MODEL, ...ask('Go') }, signal), (event) => {
    if (event.type === 'text-delta') text += event.text;
  });
  expect(error).toMatchObject({ code: 'engine-crashed' });
  expect(text).toBe('one two');
  const events = await drain(engine.generate({ model: MODEL, ...ask('Go') }, signal));
  expect(events[0]?.type).toBe('load-progress');
  expect(textOf(events)).toBe('one two three');
});

test('a slow prompt is read in steps, before the first text', async () => {
  const engine = await loaded(new ScriptedEngine({ promptTokensPerSecond: 1000 }));
  const events = await drain(engine.generate({ model: MODEL, ...ask('one two three four') }, signal));
  const steps = events.slice(0, 3);
  expect(steps).toEqual([1, 2, 3].map((readTokens) => ({ type: 'reading-progress', readTokens, totalTokens: 4 })));
});
