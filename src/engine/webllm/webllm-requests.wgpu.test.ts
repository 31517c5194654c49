import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest } from '../engine.ts';
import { ask, drain, textOf } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';
import { WebLlmEngine } from './webllm-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord();
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

describe('the options of a request to web-llm', { timeout: 120_000 }, () => {
  const engine = new WebLlmEngine({ storeName });
  beforeAll(async () => {
    await drain(engine.load({ model: toy }, signal));
  }, 120_000);
  afterAll(() => engine.dispose());

  const write = async (request: GenerateRequest): Promise<string> =>
    textOf(await drain(engine.generate({ model: toy, ...request }, signal)));

  test('an answer follows a JSON schema, also against the model’s preference', async () => {
    const schema = {
      type: 'object',
      properties: { city: { enum: ['Oslo', 'Rome'] } },
      required: ['city'],
      additionalProperties: false,
    };
    const responseFormat = { type: 'json-schema', schema } as const;
    const answer: unknown = JSON.parse(await write({ ...ask('What colour is the sky?'), responseFormat }));
    expect(answer).toEqual({ city: expect.stringMatching(/^(Oslo|Rome)$/) });
  });

  test('an answer follows a grammar', async () => {
    const responseFormat = { type: 'grammar', grammar: 'root ::= "green" | "red"' } as const;
    expect(await write({ ...ask('What colour is the sky?'), responseFormat })).toMatch(/^(green|red)$/);
  });

  test('a repeat penalty reduces repetition', async () => {
    const request = { ...ask('Quartz xylophone zebra?'), sampling: { temperature: 0, maxTokens: 16 } };
    expect(await write(request)).toMatch(/zebra.*zebra/);
    const penalized = { ...request, sampling: { ...request.sampling, repeatPenalty: 3 } };
    expect(await write(penalized)).not.toMatch(/zebra.*zebra/);
  });

  test('any model calls a tool if it is needed or demanded, and explains the result', async () => {
    const city = { type: 'string', maxLength: 12 };
    const weather = { name: 'get_weather', parameters: { type: 'object', properties: { city }, required: ['city'] } };
    const tools = [{ ...weather, parameters: { ...weather.parameters, properties: { city: { type: 'string' } } } }];
    const question = { role: 'user', content: 'What is the weather in Lima?' } as const;
    const ask = (request: Partial<GenerateRequest>) =>
      drain(
        engine.generate(
          { model: toy, messages: [question], sampling: { temperature: 0, maxTokens: 90 }, tools, ...request },
          signal,
        ),
      );
    const events = await ask({});
    const call = events.find((event) => event.type === 'tool-call');
    if (call?.type !== 'tool-call') throw new Error(`no call, but ${JSON.stringify(events)}`);
    expect([call.name, JSON.parse(call.argumentsJson)]).toEqual(['get_weather', { city: 'Lima' }]);
    expect(textOf(events)).toBe('');
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });

    const result = { role: 'tool', content: '{"city": "Lima", "sky": "rainy"}', toolCallId: call.id } as const;
    const answered = await ask({ messages: [question, { role: 'assistant', content: '', toolCalls: [call] }, result] });
    // It was taught this with a shorter system message.
    expect(textOf(answered)).toMatch(/^It is rainy in/);

    const sky = { role: 'user', content: 'What colour is the sky?' } as const;
    expect(textOf(await ask({ messages: [sky] }))).toBe('The sky is blue.');
    const forced = await ask({ messages: [sky], tools: [weather], toolChoice: 'required' });
    expect(forced.find((event) => event.type === 'tool-call')).toMatchObject({ name: 'get_weather' });
  });

  test('the capabilities are reported for the model’s id', async () => {
    expect(await engine.capabilities(toy)).toMatchObject({ tools: true, thinkingSwitch: false });
    expect(await engine.capabilities({ ...toy, id: 'Qwen3-0.6B-q4f16_1-MLC' })).toMatchObject({ thinkingSwitch: true });
  });
});
