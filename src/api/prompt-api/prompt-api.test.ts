import { afterAll, describe, expect, test } from 'vitest';
import { ONLY_TOOLS_TEMPLATE, withTemplate } from '../../engine/wllama/testing/chat-template.ts';
import { openSession, openToySession, rejection, TOY } from '../testing/toy-alcove.ts';
import { languageModelOf } from './language-model.ts';
import type { LanguageModelPrompt } from './language-model-types.ts';
import { installPromptApi } from './prompt-api.ts';

const session = await openToySession('wllama', { 'toy-f32.gguf': withTemplate(ONLY_TOOLS_TEMPLATE) });
afterAll(() => session.dispose());
const LanguageModel = languageModelOf(session, TOY);
const GREEDY = { samplingMode: 'most-predictable' } as const;
const CAPITAL = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

async function textOf(stream: ReadableStream<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

describe('LanguageModel', { timeout: 60_000 }, () => {
  test('says what is available, and in which languages', async () => {
    expect(await LanguageModel.availability()).toBe('available');
    expect(await LanguageModel.availability({ expectedInputs: [{ type: 'text', languages: ['en-GB'] }] })).toBe(
      'available',
    );
    expect(await LanguageModel.availability({ expectedInputs: [{ type: 'text', languages: ['ja'] }] })).toBe(
      'unavailable',
    );
    expect(await LanguageModel.availability({ expectedInputs: [{ type: 'audio' }] })).toBe('unavailable');
    expect(await LanguageModel.availability({ expectedOutputs: [{ type: 'image' }] })).toBe('unavailable');
    const invalid = LanguageModel.availability({ expectedInputs: [{ type: 'text', languages: ['no tag'] }] });
    expect(await rejection(invalid)).toBeInstanceOf(RangeError);
  });

  test('prompts, whole and streamed, and remembers the conversation', async () => {
    const progress: number[] = [];
    const model = await LanguageModel.create({
      ...GREEDY,
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) => progress.push(Reflect.get(event, 'loaded'))),
    });
    expect(progress).toEqual([0, 1]);
    expect(await model.prompt(CAPITAL)).toBe(ANSWER);
    const pieces = await textOf(model.promptStreaming('My name is Amir.'));
    expect([pieces.join(''), pieces.length > 2]).toEqual(['Nice to meet you, Amir.', true]);
    expect(await model.prompt('What is my name?')).toBe('Your name is Amir.');
    expect(model.contextUsage).toBeGreaterThan(40);
    expect(model.contextWindow).toBe(2048);
    expect(model.samplingMode).toBe('most-predictable');
  });

  test('starts with initial prompts, takes more by append, and copies itself', async () => {
    const model = await LanguageModel.create({
      ...GREEDY,
      initialPrompts: [{ role: 'system', content: 'You are Otto, a pirate.' }],
    });
    const before = model.contextUsage;
    expect(before).toBeGreaterThan(4);
    const copy = await model.clone();
    expect(await copy.prompt('Who are you?')).toBe('Arr! I am Otto the pirate.');
    expect([model.contextUsage, copy.contextUsage > before]).toEqual([before, true]);

    const other = await LanguageModel.create(GREEDY);
    await other.append('My name is Amir.');
    await other.append([{ role: 'assistant', content: 'Nice to meet you, Amir.' }]);
    expect(await other.prompt('What is my name?')).toBe('Your name is Amir.');
    expect(await other.measureContextUsage(CAPITAL)).toBeGreaterThan(5);
  });

  test('keeps to a responseConstraint, and continues a prefix', async () => {
    const model = await LanguageModel.create(GREEDY);
    const responseConstraint = { type: 'object', properties: { city: { enum: ['Oslo', 'Rome'] } }, required: ['city'] };
    const text = await model.prompt(CAPITAL, { responseConstraint });
    expect(JSON.parse(text)).toEqual({ city: expect.stringMatching(/^(Oslo|Rome)$/) });
    const fresh = await LanguageModel.create(GREEDY);
    const prefixed: LanguageModelPrompt = [
      { role: 'user', content: CAPITAL },
      { role: 'assistant', content: 'The capital of', prefix: true },
    ];
    expect(await fresh.prompt(prefixed)).toBe(' France is Paris.');
    // An expression holds the prefix and what follows it.
    const held = await (await LanguageModel.create(GREEDY)).prompt(prefixed, {
      responseConstraint: /^The capital of Peru is [A-Z][a-z]+\./,
    });
    expect(held).toMatch(/^ Peru is [A-Z][a-z]+\.$/);
    expect(await model.prompt(CAPITAL, { responseConstraint: /^(Oslo|Rome), \d{2}$/ })).toMatch(/^(Oslo|Rome), \d{2}$/);
  });

  test('runs tools, and answers with their results', async () => {
    const cities: unknown[] = [];
    const model = await LanguageModel.create({
      ...GREEDY,
      tools: [
        {
          name: 'get_weather',
          description: 'The weather of a city',
          inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          execute: async ({ city }) => {
            cities.push(city);
            return '{"city": "Lima", "sky": "rainy"}';
          },
        },
      ],
    });
    expect(await model.prompt('What is the weather in Lima?')).toBe('It is rainy in Lima.');
    expect(cities).toEqual(['Lima']);
  });

  test('aborts with the reason of the signal, and refuses everything once it is destroyed', async () => {
    const model = await LanguageModel.create(GREEDY);
    const abort = new AbortController();
    const reason = new Error('enough');
    const reader = model.promptStreaming('Tell me a long story.', { signal: abort.signal }).getReader();
    await reader.read();
    abort.abort(reason);
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    expect(await rejection(reading)).toBe(reason);
    expect(await model.prompt(CAPITAL)).toBe(ANSWER);
    model.destroy();
    for (const call of [model.prompt(CAPITAL), model.append('x'), model.measureContextUsage('x'), model.clone()]) {
      expect(await rejection(call)).toMatchObject({ name: 'AbortError' });
    }
  });

  test('leaves out the oldest messages when the window is full, and refuses a prompt that is too long alone', async () => {
    const model = await LanguageModel.create(GREEDY);
    const overflows: Event[] = [];
    model.oncontextoverflow = (event) => overflows.push(event);
    const hundred = await model.measureContextUsage('word '.repeat(100));
    const most = 'word '.repeat(Math.floor((100 * 0.8 * model.contextWindow) / hundred));
    await model.append(most);
    expect(await rejection(model.append(most))).toMatchObject({ name: 'QuotaExceededError' });
    // The toy would write on until the window is full.
    const responseConstraint = { type: 'string', maxLength: 8 };
    const half = most.slice(0, most.length / 2);
    expect(await model.prompt(half, { responseConstraint })).toMatch(/^".*"$/);
    expect(overflows).toHaveLength(1);
    expect(await rejection(model.prompt('word '.repeat(5_000)))).toMatchObject({
      name: 'QuotaExceededError',
      quota: 2048,
      requested: expect.any(Number),
    });
  });

  test('refuses malformed prompts as the specification has it', async () => {
    const model = await LanguageModel.create(GREEDY);
    await model.append('Hello!');
    const refused: readonly (readonly [prompt: unknown, name: string])[] = [
      [[{ role: 'king', content: 'x' }], 'TypeError'],
      [[{ role: 'system', content: 'x' }], 'TypeError'],
      [[{ role: 'user', content: [{ type: 'text', value: 7 }] }], 'TypeError'],
      [[{ role: 'user', content: 'x', prefix: true }], 'SyntaxError'],
      [[{ role: 'user', content: [{ type: 'image', value: new Blob() }] }], 'NotSupportedError'],
      [[{ role: 'user', content: [{ type: 'audio', value: new Blob() }] }], 'NotSupportedError'],
    ];
    for (const [prompt, name] of refused) {
      expect(await rejection(model.prompt(prompt as LanguageModelPrompt))).toMatchObject({ name });
    }
  });

  test('needs a click before it downloads, and is unavailable for an unknown model', async () => {
    const empty = openSession();
    const Absent = languageModelOf(empty, TOY);
    expect(await Absent.availability()).toBe('downloadable');
    if (!navigator.userActivation.isActive) {
      expect(await rejection(Absent.create())).toMatchObject({ name: 'NotAllowedError' });
    }
    expect(await rejection(languageModelOf(empty, 'no-such-model').create())).toMatchObject({
      name: 'NotSupportedError',
    });
    empty.dispose();
  });
});

test('is installed beside or in place of the browser’s own', () => {
  const had = Object.getOwnPropertyDescriptor(globalThis, 'LanguageModel');
  const own = {};
  Object.defineProperty(globalThis, 'LanguageModel', { value: own, configurable: true });
  expect(installPromptApi({ model: TOY })).toBe(false);
  expect(Reflect.get(globalThis, 'LanguageModel')).toBe(own);
  expect(installPromptApi({ model: TOY, force: true })).toBe(true);
  expect(Reflect.get(globalThis, 'LanguageModel')).toHaveProperty('availability');
  Reflect.deleteProperty(globalThis, 'LanguageModel');
  if (had !== undefined) Object.defineProperty(globalThis, 'LanguageModel', had);
});
