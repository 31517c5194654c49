import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest, Sampling } from '../engine.ts';
import { ask, drain, failure, textOf } from '../testing/calls.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { WllamaEngine } from './wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy);
const { signal } = new AbortController();

describe('the options of a request to llama.cpp', { timeout: 60_000 }, () => {
  const engine = new WllamaEngine({ storeName, backend: { kind: 'single' } });
  beforeAll(async () => {
    await drain(engine.load({ model: toy }, signal));
  }, 60_000);
  afterAll(() => engine.dispose());

  const write = async (request: GenerateRequest): Promise<string> =>
    textOf(await drain(engine.generate({ model: toy, ...request }, signal)));
  // Nothing that the toy was taught: it is unsure of every token.
  const unsure = (sampling: Sampling): GenerateRequest => {
    return { ...ask('Quartz xylophone zebra?'), sampling: { maxTokens: 16, seed: 3, ...sampling } };
  };

  test('top_k 1 and min_p 1 leave only the most likely token, at any temperature', async () => {
    const greedy = await write(unsure({ temperature: 0 }));
    const all = { temperature: 2, topP: 1, topK: 0, minP: 0 };
    expect(await write(unsure(all))).not.toBe(greedy);
    expect(await write(unsure({ ...all, topK: 1 }))).toBe(greedy);
    expect(await write(unsure({ ...all, minP: 1 }))).toBe(greedy);
  });

  test('a repeat penalty reduces repetition', async () => {
    const plain = await write(unsure({ temperature: 0 }));
    expect(plain).toMatch(/zebra.*zebra/);
    expect(await write(unsure({ temperature: 0, repeatPenalty: 3 }))).not.toMatch(/zebra.*zebra/);
  });

  test('an answer follows a JSON schema, also against the model’s preference', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 20 }, city: { enum: ['Oslo', 'Rome'] } },
      required: ['name', 'city'],
      additionalProperties: false,
    };
    const responseFormat = { type: 'json-schema', schema } as const;
    expect(JSON.parse(await write({ ...ask('As JSON: Sami lives in Oslo.'), responseFormat }))).toEqual({
      name: 'Sami',
      city: 'Oslo',
    });
    const other = await write({ ...ask('What colour is the sky?'), responseFormat });
    expect(JSON.parse(other)).toEqual({ name: expect.any(String), city: expect.stringMatching(/^(Oslo|Rome)$/) });
  });

  test('a number keeps to its bounds, and a keyword that cannot be kept beside them is refused by its name', async () => {
    const request = (schema: object) => ({
      ...ask('What is two plus two?'),
      responseFormat: { type: 'json-schema', schema: { ...schema } } as const,
    });
    const share = Number(await write(request({ type: 'number', minimum: 6, maximum: 9 })));
    expect(share).toBeGreaterThanOrEqual(6);
    expect(share).toBeLessThanOrEqual(9);
    for (const [keyword, schema] of [
      ['minimum', { type: 'number', minimum: 6 }],
      ['exclusiveMaximum', { type: 'number', minimum: 6, maximum: 9, exclusiveMaximum: 9 }],
      [
        'pattern',
        { properties: { a: { type: 'string', pattern: 'x' }, b: { type: 'number', minimum: 6, maximum: 9 } } },
      ],
    ] as const) {
      const refused = failure(engine.generate({ model: toy, ...request(schema) }, signal));
      expect(await refused).toMatchObject({ code: 'unsupported', data: { feature: keyword } });
    }
  });

  test('an answer follows a grammar, and an invalid grammar fails without the loss of the model', async () => {
    const sky = ask('What colour is the sky?');
    expect(await write({ ...sky, responseFormat: { type: 'grammar', grammar: 'root ::= "green" | "red"' } })).toMatch(
      /^(green|red)$/,
    );
    const broken = { ...sky, responseFormat: { type: 'grammar', grammar: 'root ::= (' } as const };
    expect(await failure(engine.generate({ model: toy, ...broken }, signal))).toMatchObject({
      code: 'generation-failed',
    });
    expect(await write(sky)).toBe('The sky is blue.');
  });

  test('the perplexity of a given text is low for the model’s own answer and high for another text', async () => {
    const perplexityOf = async (text: string): Promise<number> => {
      const responseFormat = { type: 'grammar', grammar: `root ::= ${JSON.stringify(text)}` } as const;
      const request = { ...ask('What colour is the sky?'), responseFormat, perplexity: true };
      const usages: (number | undefined)[] = [];
      for await (const event of engine.generate({ model: toy, ...request }, signal)) {
        if (event.type === 'usage') usages.push(event.usage.perplexity);
      }
      return usages[0] ?? Number.NaN;
    };
    const own = await perplexityOf('The sky is blue.');
    expect(own).toBeGreaterThanOrEqual(1);
    expect(own).toBeLessThan(1.01);
    expect(await perplexityOf('The sky is paper.')).toBeGreaterThan(10);
  });

  test('the tokens of a prompt that is too long are counted too', async () => {
    const short = await engine.countTokens({ model: toy, messages: ask('word').messages }, signal);
    const long = await engine.countTokens(
      { model: toy, messages: ask('word '.repeat(toy.contextWindow)).messages },
      signal,
    );
    expect(long).toBeGreaterThan(toy.contextWindow);
    expect(short).toBeLessThan(20);
  });

  test('embeddings have length 1, are equal for equal texts, and keep the loaded model', async () => {
    const { vectors, promptTokens } = await engine.embed(
      { model: toy, texts: ['The sky is blue.', 'The sky is blue.', 'Count to ten.'] },
      signal,
    );
    const [sky, same, other] = vectors;
    expect(promptTokens).toBeGreaterThan(12);
    const dot = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number => {
      return a.reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0);
    };
    expect(dot(sky, sky)).toBeCloseTo(1, 3);
    expect(dot(sky, same)).toBeCloseTo(1, 3);
    expect(dot(sky, other)).toBeLessThan(0.999);
    expect(await write(ask('What colour is the sky?'))).toBe('The sky is blue.');
  });
});
