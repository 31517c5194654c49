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

const TOOLS: readonly Tool[] = [
  {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const QUESTION: PromptMessage = { role: 'user', content: 'What is the weather in Lima?' };

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
