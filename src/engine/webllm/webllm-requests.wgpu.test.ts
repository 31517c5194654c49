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

  test('the capabilities are reported for the model’s id', async () => {
    expect(await engine.capabilities(toy)).toMatchObject({ tools: false, thinkingSwitch: false });
    expect(await engine.capabilities({ ...toy, id: 'Qwen3-0.6B-q4f16_1-MLC' })).toMatchObject({ thinkingSwitch: true });
    expect(await engine.capabilities({ ...toy, id: 'Hermes-3-Llama-3.1-8B-q4f16_1-MLC' })).toMatchObject({
      tools: true,
    });
  });
});
