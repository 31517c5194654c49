import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest, PromptMessage, Tool } from '../engine.ts';
import { ask, drain, textOf } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { TOOL_TEMPLATE, withTemplate } from './testing/chat-template.ts';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy, { 'toy-f32.gguf': withTemplate(TOOL_TEMPLATE) });
const { signal } = new AbortController();

const WEATHER = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const TOOLS: readonly Tool[] = [{ ...WEATHER, description: 'The weather of a city' }];
const QUESTION: PromptMessage = { role: 'user', content: 'What is the weather in Lima?' };

describe('a model whose template knows no tools', { timeout: 60_000 }, () => {
  const plainStore = `weights-${crypto.randomUUID()}`;
  const engine = new WllamaEngine({ storeName: plainStore, backend: { kind: 'single' } });
  beforeAll(async () => {
    await storeToyModel(plainStore, toy);
    await drain(engine.load({ model: toy }, signal));
  }, 60_000);
  afterAll(() => engine.dispose());

  const city = { type: 'string', maxLength: 12 };
  const FORCED = [{ ...WEATHER, parameters: { ...WEATHER.parameters, properties: { city } } }];
  const greedy = (request: Partial<GenerateRequest>) => {
    const sampling = { temperature: 0, maxTokens: 120 };
    return drain(engine.generate({ model: toy, messages: [QUESTION], sampling, ...request }, signal));
  };

  test('calls a tool where the question needs it, and the answer has no text', async () => {
    const events = await greedy({ tools: [WEATHER] });
    const call = events.find((event) => event.type === 'tool-call');
    if (call?.type !== 'tool-call') throw new Error(`no call, but ${JSON.stringify(events)}`);
    // The toy was taught tools with a shorter system message, and adds words to the city.
    expect([call.name, JSON.parse(call.argumentsJson)]).toEqual([
      'get_weather',
      { city: expect.stringMatching(/^Lima/) },
    ]);
    expect(textOf(events)).toBe('');
    expect(events.slice(-3).map(({ type }) => type)).toEqual(['tool-call', 'usage', 'finish']);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
    const usage = events.find((event) => event.type === 'usage');
    expect(usage?.type === 'usage' && usage.usage.completionTokens).toBeGreaterThan(4);

    const messages: PromptMessage[] = [
      QUESTION,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '{"city": "Lima", "sky": "rainy"}', toolCallId: call.id },
    ];
    expect(textOf(await greedy({ messages, tools: [WEATHER] }))).not.toBe('');
  });

  test('answers where the question needs no tool, unless a call is demanded', async () => {
    const { messages } = ask('What colour is the sky?');
    expect(textOf(await greedy({ messages, tools: [WEATHER] }))).toBe('The sky is blue.');
    expect(textOf(await greedy({ messages, tools: [WEATHER], toolChoice: 'none' }))).toBe('The sky is blue.');
    const forced = await greedy({ messages, tools: FORCED, toolChoice: { name: 'get_weather' } });
    expect(forced.find((event) => event.type === 'tool-call')).toMatchObject({ name: 'get_weather' });
    expect(forced.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
  });
});

describe('a model whose template supports tools and a switch for thinking', { timeout: 60_000 }, () => {
  const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
  beforeAll(async () => {
    await drain(engine.load({ model: toy }, signal));
  }, 60_000);
  afterAll(() => engine.dispose());

  const greedy = (request: Partial<GenerateRequest>) => {
    const whole = { messages: [QUESTION], sampling: { temperature: 0, maxTokens: 120 }, ...request };
    return drain(engine.generate({ model: toy, ...whole }, signal));
  };

  test('reports both capabilities', async () => {
    expect(await engine.capabilities(toy)).toMatchObject({ tools: true, thinkingSwitch: true, images: false });
  });

  test('calls the tool, and explains its result', async () => {
    for (const toolChoice of ['auto', 'required'] as const) {
      const events = await greedy({ tools: TOOLS, toolChoice, thinking: true });
      const call = events.find((event) => event.type === 'tool-call');
      if (call?.type !== 'tool-call') throw new Error(`no call, but ${JSON.stringify(events)}`);
      expect(call.name).toBe('get_weather');
      expect(JSON.parse(call.argumentsJson)).toEqual({ city: 'Lima' });
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
      expect(textOf(events)).toBe('');

      const answered: PromptMessage[] = [
        QUESTION,
        { role: 'assistant', content: '', toolCalls: [call] },
        { role: 'tool', content: '{"city": "Lima", "sky": "rainy"}', toolCallId: call.id },
      ];
      expect(textOf(await greedy({ messages: answered, tools: TOOLS, thinking: true }))).toBe('It is rainy in Lima.');
    }
  });

  test('makes no call if none is needed', async () => {
    const events = await greedy({ tools: TOOLS, toolChoice: 'none' });
    expect(events.filter(({ type }) => type === 'tool-call')).toEqual([]);
  });

  test('reasons only if the request says so', async () => {
    const { messages } = ask('Think: what is 2 plus 9?');
    const thought = await greedy({ messages, thinking: true });
    expect(textOf(thought, 'reasoning-delta')).toBe('I add 2 and 9.');
    expect(textOf(thought)).toBe('The sum is 11.');
    const unthought = await greedy({ messages, thinking: false });
    expect(textOf(unthought, 'reasoning-delta')).toBe('');
    expect(textOf(unthought)).not.toBe('');
  });
});
