import { afterEach, expect, test } from 'vitest';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { GenerateCall, GenerateEvent, PromptMessage } from '../engine.ts';
import { drain, failure, never, textOf } from '../testing/calls.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { BrowserEngine } from './browser-engine.ts';
import { BROWSER_MODEL_ID, findBrowserRecord } from './browser-record.ts';
import { type DoubleOptions, languageModelDouble } from './testing/language-model-double.ts';

const MODEL = madeUpRecord({
  id: BROWSER_MODEL_ID,
  engine: 'browser',
  contextWindow: 2048,
  source: { kind: 'browser', revision: '', isKnown: false, needsDownload: false },
});

/** The suite asks for greedy decoding, which no page can ask of a browser's model; the double decodes so anyway. */
class GreedyEngine extends BrowserEngine {
  override generate({ sampling = {}, ...call }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const { temperature: _, ...others } = sampling;
    return super.generate({ ...call, ...(Object.keys(others).length > 0 && { sampling: others }) }, signal);
  }
}

describeEngine('the engine of the browser’s own model', {
  create: () => {
    const model = languageModelDouble();
    return new GreedyEngine(() => model);
  },
  model: MODEL,
  isRemote: true,
});

const opened: BrowserEngine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose();
});

function open(options: DoubleOptions = {}) {
  const model = languageModelDouble(options);
  const engine = new BrowserEngine(() => model);
  opened.push(engine);
  return { engine, log: model.log };
}

function user(content: PromptMessage['content']): PromptMessage {
  return { role: 'user', content };
}

test('the system prompt and the history are initial prompts, and the next turn continues the same session', async () => {
  const { engine, log } = open();
  const first: PromptMessage[] = [
    { role: 'system', content: 'Be brief.' },
    user('My name is Amir.'),
    { role: 'assistant', content: 'Hello!' },
    user('What is the capital of France?'),
  ];
  const answer = textOf(await drain(engine.generate({ model: MODEL, messages: first }, never())));
  expect(log.created.map(({ initialPrompts = [] }) => initialPrompts)).toEqual([[], first.slice(0, 3)]);
  const next: PromptMessage[] = [...first, { role: 'assistant', content: answer }, user('What is my name?')];
  expect(textOf(await drain(engine.generate({ model: MODEL, messages: next }, never())))).toBe('Your name is Amir.');
  expect(log.created).toHaveLength(2);
  expect(log.prompts.map(({ input }) => input)).toEqual([first.slice(3), next.slice(5)]);
  // An edited message is another conversation.
  const edited: PromptMessage[] = [...first, { role: 'assistant', content: 'Rome.' }, user('What is my name?')];
  await drain(engine.generate({ model: MODEL, messages: edited }, never()));
  expect(log.created).toHaveLength(3);
});

test('a load reports the browser’s download, which needs a click of the user', async () => {
  let isActive = false;
  const { engine } = open({ availability: 'downloadable', shares: [0.25, 0.75], isActive: () => isActive });
  expect(await failure(engine.load({ model: MODEL }, never()))).toMatchObject({
    code: 'browser-model-refused',
    data: { reason: 'NotAllowedError' },
  });
  isActive = true;
  const steps = await drain(engine.load({ model: MODEL }, never()));
  expect(steps.map(({ phase, loadedBytes, totalBytes }) => [phase, loadedBytes / totalBytes])).toEqual([
    ['weights', 0.25],
    ['weights', 0.75],
    ['ready', 1],
  ]);
});

test('a schema is the response constraint, and an image is expected before it is sent', async () => {
  const { engine, log } = open({ images: true });
  const schema = { type: 'object', properties: { said: { type: 'string' } } };
  const request = { messages: [user('Hello!')], responseFormat: { type: 'json-schema', schema } } as const;
  const text = textOf(await drain(engine.generate({ model: MODEL, ...request }, never())));
  expect(JSON.parse(text)).toEqual({ said: 'You said: Hello!' });
  expect(log.prompts[0]?.options.responseConstraint).toBe(schema);

  const image = 'data:image/png;base64,iVBORw0KGgo=';
  const messages = [
    user([
      { type: 'text', text: 'What is this?' },
      { type: 'image', image },
    ]),
  ];
  await drain(engine.generate({ model: MODEL, messages }, never()));
  expect(log.created.at(-1)?.expectedInputs).toEqual([{ type: 'text' }, { type: 'image' }]);
  const sent = log.prompts.at(-1)?.input[0]?.content;
  const value: unknown = typeof sent === 'object' ? sent[1]?.value : undefined;
  expect(value instanceof Blob && [value.type, value.size]).toEqual(['image/png', 8]);
});

test('tools are called where the browser knows them, and the app answers with their results', async () => {
  const script = (messages: readonly PromptMessage[]) =>
    messages.length > 1
      ? `It is ${String(messages.at(-1)?.content)}.`
      : {
          text: 'I look it up.',
          toolCalls: ['Lima', 'Oslo'].map((city) => ({ id: '', name: 'weather', argumentsJson: `{"city":"${city}"}` })),
        };
  const { engine } = open({ tools: true, script });
  const tools = [{ name: 'weather', parameters: { properties: { city: { type: 'string' } } } }];
  const asked = user('What is the weather?');
  const events = await drain(engine.generate({ model: MODEL, messages: [asked], tools }, never()));
  const calls = events.filter((event) => event.type === 'tool-call');
  expect(textOf(events)).toBe('I look it up.');
  expect(calls.map(({ name, argumentsJson }) => [name, argumentsJson])).toEqual([
    ['weather', '{"city":"Lima"}'],
    ['weather', '{"city":"Oslo"}'],
  ]);
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
  const [call] = calls;
  if (call === undefined) throw new Error('no call');
  const messages: PromptMessage[] = [
    asked,
    { role: 'assistant', content: 'I look it up.', toolCalls: [call] },
    { role: 'tool', content: 'rainy', toolCallId: call.id },
  ];
  const answer = textOf(await drain(engine.generate({ model: MODEL, messages, tools }, never())));
  expect(answer).toContain('<tool_response>\nrainy\n</tool_response>');
  const forced = engine.generate({ model: MODEL, messages: [asked], tools, toolChoice: 'required' }, never());
  expect(await failure(forced)).toMatchObject({ code: 'unsupported', data: { feature: 'toolChoice' } });
});

test('what no page can ask of the browser’s model is refused with its name', async () => {
  const { engine } = open();
  const messages = [user('Hello!')];
  for (const [name, sampling] of Object.entries({ seed: { seed: 1 }, temperature: { temperature: 0 } })) {
    expect(await failure(engine.generate({ model: MODEL, messages, sampling }, never()))).toMatchObject({
      code: 'unsupported',
      data: { feature: name },
    });
  }
  await expect(engine.embed()).rejects.toMatchObject({ code: 'unsupported' });
});

test('an answer that the browser holds back is its refusal, and a browser without a model has nothing to load', async () => {
  const { engine } = open({ isFiltered: true });
  expect(await failure(engine.generate({ model: MODEL, messages: [user('Hello!')] }, never()))).toMatchObject({
    code: 'browser-model-refused',
    data: { reason: 'NotReadableError' },
  });
  const without = new BrowserEngine(() => undefined);
  opened.push(without);
  expect(await failure(without.load({ model: MODEL }, never()))).toBeInstanceOf(AlcoveError);
});

test('a browser’s model has a record only where the browser offers it to this page', async () => {
  expect(await findBrowserRecord({})).toBeUndefined();
  const unavailable = languageModelDouble({ availability: 'unavailable' });
  expect(await findBrowserRecord({ LanguageModel: unavailable })).toBeUndefined();
  const LanguageModel = languageModelDouble({ availability: 'downloadable' });
  expect(await findBrowserRecord({ LanguageModel }, {})).toMatchObject({
    id: BROWSER_MODEL_ID,
    maker: '',
    source: { isKnown: false, needsDownload: true },
  });
  const chrome = { brands: [{ brand: 'Chromium' }, { brand: 'Google Chrome' }] };
  expect(await findBrowserRecord({ LanguageModel }, chrome)).toMatchObject({ name: 'Gemini Nano', maker: 'Google' });
});

test('a LanguageModel that a script has made is never taken for the browser’s', async () => {
  class LanguageModel extends EventTarget {
    static async availability(): Promise<string> {
      return 'available';
    }
    static async create(): Promise<LanguageModel> {
      return new LanguageModel();
    }
  }
  expect(await findBrowserRecord({ LanguageModel })).toBeUndefined();
});
