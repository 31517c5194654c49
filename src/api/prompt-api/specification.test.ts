/**
 * Statements of the Prompt API's specification and of the web-platform-tests (ai/language-model) with an effect that a page
 * can observe, each in words of our own. docs/prompt-api.md names these tests by their titles.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { ONLY_TOOLS_TEMPLATE, withTemplate } from '../../engine/wllama/testing/chat-template.ts';
import { openSession, openToySession, rejection, TOY } from '../testing/toy-alcove.ts';
import { languageModelOf } from './language-model.ts';
import type { LanguageModelSession } from './language-model-session.ts';
import {
  type LanguageModelCreateOptions,
  type LanguageModelPrompt,
  type LanguageModelTool,
  SAMPLING_MODES,
} from './language-model-types.ts';

const session = await openToySession('wllama', { 'toy-f32.gguf': withTemplate(ONLY_TOOLS_TEMPLATE) });
afterAll(() => session.dispose());
const LanguageModel = languageModelOf(session, TOY);
const GREEDY = { samplingMode: 'most-predictable' } as const;
const CAPITAL = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';
const TOOL: LanguageModelTool = {
  name: 'look',
  description: 'Looks something up',
  inputSchema: { type: 'object' },
  execute: async () => 'nothing',
};

const RATING = {
  type: 'object',
  properties: { rating: { type: 'number', minimum: 0, maximum: 5 } },
  required: ['rating'],
  additionalProperties: false,
};
const CITY = { type: 'object', properties: { city: { enum: ['Oslo', 'Rome'] } }, required: ['city'] };

function withPrefix(content: string): LanguageModelPrompt {
  return [
    { role: 'user', content: CAPITAL },
    { role: 'assistant', content, prefix: true },
  ];
}

/** A value that the types forbid, as a page without types may pass it. */
function untyped<Value>(value: unknown): Value {
  return value as Value;
}

async function piecesOf(stream: ReadableStream<string>): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** What each way to use a session comes to. */
function uses(model: LanguageModelSession): readonly Promise<unknown>[] {
  return [model.prompt('x'), model.append('x'), model.measureContextUsage('x'), model.clone()];
}

describe('the interface', { timeout: 60_000 }, () => {
  test('has every member of the IDL', async () => {
    const model = await LanguageModel.create();
    for (const name of ['availability', 'create', 'params'] as const)
      expect(typeof LanguageModel[name]).toBe('function');
    const methods = [
      'prompt',
      'promptStreaming',
      'append',
      'measureContextUsage',
      'measureInputUsage',
      'clone',
      'destroy',
    ];
    for (const name of methods) expect(typeof Reflect.get(model, name), name).toBe('function');
    for (const name of ['contextUsage', 'contextWindow', 'inputUsage', 'inputQuota', 'topK', 'temperature']) {
      expect(typeof Reflect.get(model, name), name).toBe('number');
    }
    expect([model.oncontextoverflow, model.onquotaoverflow]).toEqual([null, null]);
    expect(model).toBeInstanceOf(LanguageModel);
    expect(model).toBeInstanceOf(EventTarget);
    expect(await LanguageModel.params()).toMatchObject({ defaultTopK: 40, maxTemperature: 2 });
  });

  test('has no constructor for a page', () => {
    expect(() => Reflect.construct(untyped<new () => unknown>(LanguageModel), [])).toThrow('Illegal constructor');
  });

  test('knows the sampling modes, keeps them in a clone, and defaults to balanced', async () => {
    for (const samplingMode of SAMPLING_MODES) {
      const model = await LanguageModel.create({ samplingMode });
      expect([model.samplingMode, (await model.clone()).samplingMode]).toEqual([samplingMode, samplingMode]);
    }
    expect((await LanguageModel.create()).samplingMode).toBe('balanced');
    const legacy = await LanguageModel.create({ temperature: 0.8, topK: 10.7 });
    expect([legacy.samplingMode, legacy.temperature, legacy.topK]).toEqual([null, 0.8, 10]);
  });
});

describe('create', { timeout: 60_000 }, () => {
  test.each<readonly [what: string, options: unknown, error: object]>([
    ['a sampling mode that is none', { samplingMode: 'wild' }, { name: 'TypeError' }],
    ['a sampling mode beside a temperature', { samplingMode: 'balanced', temperature: 1 }, { name: 'TypeError' }],
    ['a negative temperature', { temperature: -0.5, topK: 3 }, { name: 'RangeError' }],
    ['a topK of zero', { temperature: 0.5, topK: 0 }, { name: 'RangeError' }],
    ['a type of content that is none', { expectedInputs: [{ type: 'smell' }] }, { name: 'TypeError' }],
    [
      'a language that is none',
      { expectedInputs: [{ type: 'text', languages: ['en-abc-invalid'] }] },
      { name: 'RangeError' },
    ],
    ['sound, which the model does not take', { expectedInputs: [{ type: 'audio' }] }, { name: 'NotSupportedError' }],
    [
      'two system messages',
      {
        initialPrompts: [
          { role: 'system', content: 'a' },
          { role: 'system', content: 'b' },
        ],
      },
      { name: 'TypeError' },
    ],
    [
      'a system message after another one',
      {
        initialPrompts: [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b' },
        ],
      },
      { name: 'TypeError' },
    ],
    ['a tool without a name', { tools: [{ ...TOOL, name: '' }] }, { name: 'TypeError' }],
    ['a tool without a description', { tools: [{ ...TOOL, description: '' }] }, { name: 'TypeError' }],
    ['a tool without a schema', { tools: [{ ...TOOL, inputSchema: null }] }, { name: 'TypeError' }],
    ['a schema without a type', { tools: [{ ...TOOL, inputSchema: {} }] }, { name: 'TypeError' }],
    ['a schema of a text', { tools: [{ ...TOOL, inputSchema: { type: 'string' } }] }, { name: 'TypeError' }],
    [
      'properties that are none',
      { tools: [{ ...TOOL, inputSchema: { type: 'object', properties: 'x' } }] },
      { name: 'TypeError' },
    ],
    ['two tools of one name', { tools: [TOOL, TOOL] }, { name: 'TypeError' }],
  ])('refuses %s', async (_, options, error) => {
    expect(await rejection(LanguageModel.create(untyped(options)))).toMatchObject(error);
  });

  test('refuses a schema that cannot be serialized, with the page’s own error', async () => {
    const circle: Record<string, unknown> = { type: 'object' };
    circle['self'] = circle;
    expect(await rejection(LanguageModel.create({ tools: [{ ...TOOL, inputSchema: circle }] }))).toBeInstanceOf(
      TypeError,
    );
    const own = new Error('from toJSON');
    const inputSchema = {
      type: 'object',
      toJSON: () => {
        throw own;
      },
    };
    expect(await rejection(LanguageModel.create({ tools: [{ ...TOOL, inputSchema }] }))).toBe(own);
  });

  test('canonicalizes languages, and takes empty lists', async () => {
    const options: LanguageModelCreateOptions = {
      expectedInputs: [{ type: 'text', languages: ['EN'] }],
      initialPrompts: [],
      tools: [],
    };
    expect(await (await LanguageModel.create({ ...options, ...GREEDY })).prompt(CAPITAL)).toBe(ANSWER);
  });

  test('reports progress from 0 to 1, each more than before, in steps of a 65,536th, and none later', async () => {
    const loaded: number[] = [];
    let isMade = false;
    await LanguageModel.create({
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) => {
          expect([isMade, Reflect.get(event, 'total'), Reflect.get(event, 'lengthComputable')]).toEqual([
            false,
            1,
            true,
          ]);
          loaded.push(Reflect.get(event, 'loaded'));
        }),
    });
    isMade = true;
    expect([loaded.at(0), loaded.at(-1)]).toEqual([0, 1]);
    expect(loaded.every((share, index) => (share * 0x10000) % 1 === 0 && share > (loaded[index - 1] ?? -1))).toBe(true);
  });

  test('rejects with what the monitor throws', async () => {
    const error = new Error('from the monitor');
    const monitor = (): never => {
      throw error;
    };
    expect(await rejection(LanguageModel.create({ monitor }))).toBe(error);
  });

  test('rejects with the reason of its signal, before and while it makes a session, and reports nothing then', async () => {
    const reason = new Error('enough');
    expect(await rejection(LanguageModel.create({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    const abort = new AbortController();
    const loaded: unknown[] = [];
    const creating = LanguageModel.create({
      signal: abort.signal,
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) => {
          loaded.push(Reflect.get(event, 'loaded'));
          abort.abort(reason);
        }),
    });
    expect(await rejection(creating)).toBe(reason);
    expect(loaded).toEqual([0]);
  });

  test('ends the session by its signal later, but not its clones', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const model = await LanguageModel.create({ ...GREEDY, signal: abort.signal });
    const clone = await model.clone();
    const open = model.prompt('Tell me a long story.');
    abort.abort(reason);
    for (const use of [open, ...uses(model)]) expect(await rejection(use)).toBe(reason);
    expect(await clone.prompt(CAPITAL)).toBe(ANSWER);
  });

  test('counts the initial prompts', async () => {
    const initialPrompts = [{ role: 'system', content: 'The word of the day is tree.' }] as const;
    const model = await LanguageModel.create({ initialPrompts });
    expect(model.contextUsage).toBeGreaterThan(0);
    expect(model.contextUsage).toBe(await model.measureContextUsage(initialPrompts));
    const tooLong = LanguageModel.create({ initialPrompts: [{ role: 'user', content: 'word '.repeat(5_000) }] });
    expect(await rejection(tooLong)).toMatchObject({ name: 'QuotaExceededError', quota: 2048 });
  });

  test('checks its options before it downloads', async () => {
    const empty = openSession();
    const Absent = languageModelOf(empty, TOY);
    expect(await rejection(Absent.create(untyped({ initialPrompts: [{ role: 'king', content: '' }] })))).toBeInstanceOf(
      TypeError,
    );
    expect(await Absent.availability()).toBe('downloadable');
    empty.dispose();
  });
});

describe('a prompt', { timeout: 60_000 }, () => {
  test.each<readonly [what: string, input: unknown]>([
    ['a text', ''],
    ['a list of messages', []],
    ['a message', [{ role: 'user', content: '' }]],
    ['content', [{ role: 'user', content: [] }]],
  ])('may be empty as %s: there is nothing to answer', async (_, input) => {
    const model = await LanguageModel.create(GREEDY);
    expect(await model.prompt(untyped(input))).toBe('');
    expect(await piecesOf(model.promptStreaming(untyped(input)))).toEqual([]);
    await model.append(untyped(input));
    expect(await model.prompt(CAPITAL)).toBe(ANSWER);
  });

  test('that is empty asks for the answer to what was appended', async () => {
    const model = await LanguageModel.create(GREEDY);
    await model.append(CAPITAL);
    expect(await model.prompt('')).toBe(ANSWER);
  });

  test.each([null, undefined, {}, 7])('that is %s is made a text', async (input) => {
    const model = await LanguageModel.create(GREEDY);
    const usage = await model.measureContextUsage(String(input));
    expect(await model.measureContextUsage(untyped<LanguageModelPrompt>(input))).toBe(usage);
    await model.append(untyped(input));
    expect(model.contextUsage).toBe(usage);
  });

  test('may come in parts, which are one text', async () => {
    const model = await LanguageModel.create(GREEDY);
    const content = ['What is the capital', ' of France?'].map((value) => ({ type: 'text', value }) as const);
    expect(await model.prompt([{ role: 'user', content }])).toBe(ANSWER);
  });

  test('adds what it takes and what its answer takes to the usage', async () => {
    const model = await LanguageModel.create(GREEDY);
    expect(model.contextUsage).toBe(0);
    const asked = await model.measureContextUsage(CAPITAL);
    await model.append(CAPITAL);
    expect([asked > 0, model.contextUsage]).toEqual([true, asked]);
    const other = await LanguageModel.create(GREEDY);
    const answered = await model.measureContextUsage(await other.prompt(CAPITAL));
    expect([other.contextUsage, other.inputUsage]).toEqual([asked + answered, asked + answered]);
  });

  test('of an aborted signal is refused at once, also a streamed one, which throws', async () => {
    const model = await LanguageModel.create(GREEDY);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await rejection(model.prompt(CAPITAL, { signal }))).toBe(reason);
    expect(() => model.promptStreaming(CAPITAL, { signal })).toThrow(reason);
    expect(await rejection(model.clone({ signal }))).toBe(reason);
    const abort = new AbortController();
    const stream = model.promptStreaming(CAPITAL, { signal: abort.signal });
    abort.abort(reason);
    expect(await rejection(stream.pipeTo(new WritableStream()))).toBe(reason);
  });

  test('after an aborted one is answered, and several at once in their order', async () => {
    const model = await LanguageModel.create(GREEDY);
    const abort = new AbortController();
    const aborted = model.prompt('Tell me a long story.', { signal: abort.signal });
    abort.abort();
    expect(await rejection(aborted)).toMatchObject({ name: 'AbortError' });
    const streamed = piecesOf(model.promptStreaming('My name is Amir.'));
    const after = model.prompt('What is my name?');
    expect([(await streamed).join(''), await after]).toEqual(['Nice to meet you, Amir.', 'Your name is Amir.']);
  });

  test('after destroy is an AbortError, and the figures stay readable', async () => {
    const model = await LanguageModel.create(GREEDY);
    const open = model.prompt(CAPITAL);
    model.destroy();
    for (const use of [open, ...uses(model)]) expect(await rejection(use)).toMatchObject({ name: 'AbortError' });
    expect(() => model.promptStreaming('x')).toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect([typeof model.contextUsage, model.contextWindow]).toEqual(['number', 2048]);
  });

  test('that is too long names what it takes and what there is', async () => {
    const model = await LanguageModel.create(GREEDY);
    const long = 'word '.repeat(5_000);
    const requested = await model.measureContextUsage(long);
    for (const call of [model.prompt(long), model.append(long)]) {
      expect(await rejection(call)).toMatchObject({ name: 'QuotaExceededError', requested, quota: 2048 });
    }
  });

  test('has its constraint checked', async () => {
    const model = await LanguageModel.create(GREEDY);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const responseConstraint of [circle, { type: 'colour' }, /a(?=b)/]) {
      expect(await rejection(model.prompt('x', { responseConstraint }))).toMatchObject({ name: 'NotSupportedError' });
    }
    const omitted = model.measureContextUsage('x', { omitResponseConstraintInput: true });
    expect(await rejection(omitted)).toBeInstanceOf(TypeError);
  });

  test.each<readonly [constraint: object, matches: (text: string) => boolean]>([
    [{ type: 'boolean' }, (text) => typeof JSON.parse(text) === 'boolean'],
    [{ type: 'null' }, (text) => JSON.parse(text) === null],
    [{ type: 'integer', minimum: 1, maximum: 9 }, (text) => JSON.parse(text) >= 1 && JSON.parse(text) <= 9],
    [{ type: 'number', minimum: 6, maximum: 9 }, (text) => JSON.parse(text) >= 6 && JSON.parse(text) <= 9],
    [RATING, (text) => JSON.parse(text).rating >= 0 && JSON.parse(text).rating <= 5],
    [{ type: 'array', items: { type: 'boolean' }, maxItems: 2 }, (text) => Array.isArray(JSON.parse(text))],
    [{ type: 'string', maxLength: 8 }, (text) => typeof JSON.parse(text) === 'string'],
    [
      { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'], additionalProperties: false },
      (text) => 'a' in JSON.parse(text),
    ],
    [/hello/, (text) => text === 'hello'],
    [/^(true|false)$/, (text) => /^(true|false)$/.test(text)],
    [/^[a-z]$/, (text) => /^[a-z]$/.test(text)],
    [/^\d{4}-\d{2}-\d{2}$/, (text) => /^\d{4}-\d{2}-\d{2}$/.test(text)],
    [/^-?\d{1,4}\.\d{2}$/, (text) => /^-?\d{1,4}\.\d{2}$/.test(text)],
    [/^.{0,12}$/, (text) => text.length <= 12],
  ])('keeps to the constraint %s', async (responseConstraint, matches) => {
    const model = await LanguageModel.create(GREEDY);
    const text = await model.prompt(CAPITAL, { responseConstraint });
    expect(matches(text), text).toBe(true);
  });

  test.each<readonly [prefix: string, constraint: object, matches: (text: string) => boolean]>([
    ['Greetings', /^Greetings and [a-z]{1,12}$/, (text) => /^Greetings and [a-z]{1,12}$/.test(text)],
    ['{ "rating": ', RATING, (text) => JSON.parse(text).rating >= 0 && JSON.parse(text).rating <= 5],
    ['{"city":"O', CITY, (text) => JSON.parse(text).city === 'Oslo'],
    ['[true,', { type: 'array', items: { type: 'boolean' }, maxItems: 3 }, (text) => JSON.parse(text)[0] === true],
    ['whole', /^whole$/, (text) => text === 'whole'],
  ])('continues the prefix %s within the constraint %s', async (prefix, responseConstraint, matches) => {
    const model = await LanguageModel.create(GREEDY);
    const text = prefix + (await model.prompt(withPrefix(prefix), { responseConstraint }));
    expect(matches(text), text).toBe(true);
  });

  test.each<readonly [prefix: string, constraint: object]>([
    ['invalid', /^Greetings and salutations.*/],
    ['invalid', RATING],
    ['{ "rating": 7', RATING],
    ['{"a":', { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } }],
  ])('with the prefix %s, which the constraint %s forbids, is refused', async (prefix, responseConstraint) => {
    const model = await LanguageModel.create(GREEDY);
    const held = model.prompt(withPrefix(prefix), { responseConstraint });
    expect(await rejection(held)).toMatchObject({ name: 'NotSupportedError' });
  });
});
