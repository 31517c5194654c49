import { afterAll, describe, expect, test } from 'vitest';
import { fetchToyRecord, storeToyModel } from '../engine/webllm/testing/store-toy-model.ts';
import { createAlcove } from './alcove.ts';
import { AlcoveApiError } from './api-error.ts';
import type { ChatCompletionChunk, ChatCompletionCreateParams } from './chat-types.ts';
import { openAlcove, openToyAlcove, rejection, TOY, user } from './testing/toy-alcove.ts';

const alcove = await openToyAlcove();
afterAll(() => alcove.dispose());

const GREEDY = { model: TOY, temperature: 0 } as const;
const CAPITAL = { ...GREEDY, messages: user('What is the capital of France?') };
const STORY = { ...GREEDY, messages: user('Tell me a long story.') };
const ANSWER = 'The capital of France is Paris.';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function textOf(chunks: readonly ChatCompletionChunk[]): string {
  return chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('');
}

describe('a chat completion', { timeout: 60_000 }, () => {
  test('has OpenAI’s shape, with usage and timings', async () => {
    const completion = await alcove.chat.completions.create(CAPITAL);
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: TOY,
      choices: [{ index: 0, message: { role: 'assistant', content: ANSWER, refusal: null }, finish_reason: 'stop' }],
    });
    const { usage } = completion;
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(usage.completion_tokens).toBeGreaterThanOrEqual(6);
    expect(usage.timings.completion_tokens_per_second).toBeGreaterThan(0);
    expect(usage.timings.time_to_first_token_ms).toBeGreaterThan(0);
  });

  test('streams chunks of one id, the last with the usage if that is asked for', async () => {
    const stream_options = { include_usage: true };
    const chunks = await all(await alcove.chat.completions.create({ ...CAPITAL, stream: true, stream_options }));
    expect(textOf(chunks)).toBe(ANSWER);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } });
    const plain = await all(await alcove.chat.completions.create({ ...CAPITAL, stream: true }));
    expect(plain.every((chunk) => !('usage' in chunk))).toBe(true);
  });

  test('follows the limits, the stops, the seed and the system message', async () => {
    const short = await alcove.chat.completions.create({ ...STORY, max_completion_tokens: 4 });
    expect(short.choices[0].finish_reason).toBe('length');
    expect(short.usage.completion_tokens).toBe(4);
    const stopped = await alcove.chat.completions.create({ ...CAPITAL, stop: ['France'] });
    expect(stopped.choices[0].message.content).toBe('The capital of ');
    const random = { model: TOY, messages: user('Quartz xylophone zebra?'), temperature: 2, seed: 7, max_tokens: 12 };
    const [first, second] = [await contentOf(random), await contentOf(random)];
    expect(first).toBe(second);
    expect(await contentOf({ ...random, seed: 8 })).not.toBe(first);
    const messages = [{ role: 'developer', content: 'You are Otto, a pirate.' } as const, ...user('Who are you?')];
    expect(await contentOf({ ...GREEDY, messages })).toBe('Arr! I am Otto the pirate.');
  });

  test('keeps reasoning apart, and continues an answer that the request begins', async () => {
    const thought = await alcove.chat.completions.create({ ...GREEDY, messages: user('Think: what is 2 plus 9?') });
    expect(thought.choices[0].message).toMatchObject({
      content: 'The sum is 11.',
      reasoning_content: 'I add 2 and 9.',
    });
    const messages = [...CAPITAL.messages, { role: 'assistant' as const, content: 'The capital of' }];
    expect(await contentOf({ ...GREEDY, messages })).toBe(' France is Paris.');
  });

  test('has the log probability of each token, whole or in chunks', async () => {
    const asked = { ...CAPITAL, logprobs: true, top_logprobs: 3 };
    const { choices } = await alcove.chat.completions.create(asked);
    const tokens = choices[0].logprobs?.content ?? [];
    expect(tokens.map(({ token }) => token).join('')).toBe(ANSWER);
    expect(tokens.every(({ top_logprobs: top, token }) => top.length === 3 && top[0]?.token === token)).toBe(true);
    const chunks = await all(await alcove.chat.completions.create({ ...asked, stream: true }));
    expect(chunks.flatMap(({ choices: [choice] }) => choice?.logprobs?.content ?? [])).toHaveLength(tokens.length);
  });

  test('keeps to a JSON schema against the model’s preference', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 20 }, city: { enum: ['Oslo', 'Rome'] } },
      required: ['name', 'city'],
      additionalProperties: false,
    };
    const response_format = { type: 'json_schema', json_schema: { name: 'resident', schema, strict: true } } as const;
    const known = await contentOf({ ...GREEDY, messages: user('As JSON: Sami lives in Oslo.'), response_format });
    expect(JSON.parse(known)).toEqual({ name: 'Sami', city: 'Oslo' });
    const forced = await contentOf({ ...CAPITAL, response_format });
    expect(JSON.parse(forced)).toEqual({ name: expect.any(String), city: expect.stringMatching(/^(Oslo|Rome)$/) });
  });

  async function contentOf(params: ChatCompletionCreateParams): Promise<string> {
    const { choices } = await alcove.chat.completions.create({ ...params, stream: false });
    return choices[0].message.content ?? '';
  }
});

describe('an abort', { timeout: 60_000 }, () => {
  test('ends a stream, a waiting request and a load, and the next request is answered', async () => {
    const abort = new AbortController();
    const stream = await alcove.chat.completions.create({ ...STORY, stream: true }, { signal: abort.signal });
    const waiting = new AbortController();
    const second = rejection(alcove.chat.completions.create(CAPITAL, { signal: waiting.signal }));
    waiting.abort();
    expect(await second).toMatchObject({ name: 'AbortError' });
    const chunks: ChatCompletionChunk[] = [];
    const reading = (async () => {
      for await (const chunk of stream) {
        chunks.push(chunk);
        if (chunks.length === 5) abort.abort();
      }
    })();
    expect(await rejection(reading)).toMatchObject({ name: 'AbortError' });
    expect(textOf(chunks)).toMatch(/^On day/);
    await alcove.unload();
    const loading = new AbortController();
    const load = alcove.load(TOY, { signal: loading.signal, onProgress: () => loading.abort() });
    expect(await rejection(load)).toMatchObject({ name: 'AbortError' });
    const phases = new Set<string>();
    await alcove.load(TOY, { onProgress: ({ phase }) => phases.add(phase) });
    expect(phases).toContain('ready');
    expect((await alcove.chat.completions.create(CAPITAL)).choices[0].message.content).toBe(ANSWER);
  });

  test('is what leaving the loop of a stream means', async () => {
    for await (const chunk of await alcove.chat.completions.create({ ...STORY, stream: true })) {
      if (chunk.choices[0]?.delta.content) break;
    }
    expect((await alcove.chat.completions.create(CAPITAL)).choices[0].message.content).toBe(ANSWER);
  });

  test('before the call rejects without asking the model', async () => {
    const call = alcove.chat.completions.create(CAPITAL, { signal: AbortSignal.abort() });
    expect(await rejection(call)).toMatchObject({ name: 'AbortError' });
  });
});

test('an answer by the engine that all tabs share is the same', { timeout: 60_000 }, async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  await storeToyModel(`${databaseName}-weights`, await fetchToyRecord('wllama'));
  const shared = createAlcove({ catalogueUrl: '/catalogue.json', databaseName });
  const { choices } = await shared.chat.completions.create(CAPITAL);
  expect(choices[0].message.content).toBe(ANSWER);
  shared.dispose();
});

test('requests at the same time are answered one after another', { timeout: 60_000 }, async () => {
  const answers = await Promise.all([1, 2, 3].map(() => alcove.chat.completions.create(CAPITAL)));
  expect(answers.map(({ choices }) => choices[0].message.content)).toEqual([ANSWER, ANSWER, ANSWER]);
});

describe('a raw completion', { timeout: 60_000 }, () => {
  const prompt = '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\nThe';

  test('continues each prompt, with an echo if that is asked for', async () => {
    const completion = await alcove.completions.create({
      ...GREEDY,
      prompt: [prompt, `${prompt} capital`],
      echo: true,
    });
    expect(completion).toMatchObject({
      object: 'text_completion',
      choices: [
        { index: 0, text: `${prompt} capital of France is Paris.`, finish_reason: 'stop' },
        { index: 1, text: `${prompt} capital of France is Paris.`, finish_reason: 'stop' },
      ],
    });
    expect(completion.usage?.completion_tokens).toBeGreaterThan(8);
  });

  test('streams, with log probabilities in the form of completions', async () => {
    const chunks = await all(await alcove.completions.create({ ...GREEDY, prompt, logprobs: 2, stream: true }));
    expect(chunks.map(({ choices: [choice] }) => choice?.text ?? '').join('')).toBe(' capital of France is Paris.');
    const { choices } = await alcove.completions.create({ ...GREEDY, prompt, logprobs: 2 });
    const { tokens = [], text_offset: offsets = [], top_logprobs: top = [] } = choices[0]?.logprobs ?? {};
    expect(tokens.join('')).toBe(' capital of France is Paris.');
    expect(offsets.at(-1)).toBe(tokens.slice(0, -1).join('').length);
    expect(Object.keys(top[0] ?? {})).toHaveLength(2);
  });
});

test('embeddings have length 1, as numbers or as base64, and their tokens are counted', {
  timeout: 60_000,
}, async () => {
  const input = ['The sky is blue.', 'Count to ten.'];
  const { data, usage } = await alcove.embeddings.create({ model: TOY, input });
  const [sky] = data.map(({ embedding }) => (typeof embedding === 'string' ? [] : embedding));
  expect(Math.hypot(...(sky ?? []))).toBeCloseTo(1, 3);
  expect(usage.prompt_tokens).toBeGreaterThan(8);
  const coded = await alcove.embeddings.create({ model: TOY, input: input[0] ?? '', encoding_format: 'base64' });
  const bytes = Uint8Array.from(atob(String(coded.data[0]?.embedding)), (character) => character.charCodeAt(0));
  expect([...new Float32Array(bytes.buffer)]).toEqual(sky);
});

describe('models', { timeout: 60_000 }, () => {
  test('are listed with their licence, fit and weights', async () => {
    const models = await alcove.models.list();
    expect(models.length).toBeGreaterThan(10);
    expect(models.filter(({ isDownloaded }) => isDownloaded).map(({ id }) => id)).toEqual([TOY]);
    expect(await alcove.models.fit(TOY)).toMatchObject({ status: expect.stringMatching(/^(runs|may)/) });
    expect(await alcove.models.capabilities(TOY)).toMatchObject({ embeddings: true });
  });

  test('are downloaded with progress, paused by an abort, answered with, and deleted', async () => {
    // A loaded model cannot be deleted, in whatever database it is.
    await alcove.unload();
    const other = openAlcove();
    try {
      expect(await rejection(other.chat.completions.create(CAPITAL))).toMatchObject({
        status: 404,
        code: 'model_not_downloaded',
        param: 'model',
      });
      expect(await rejection(other.models.download(TOY, { signal: AbortSignal.abort() }))).toMatchObject({
        name: 'AbortError',
      });
      const loaded: number[] = [];
      await other.models.download(TOY, { onProgress: ({ loadedBytes }) => loaded.push(loadedBytes) });
      expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
      expect((await other.models.retrieve(TOY)).isDownloaded).toBe(true);
      await other.models.download(TOY);
      const { choices } = await other.chat.completions.create(CAPITAL);
      expect(choices[0].message.content).toBe(ANSWER);
      await other.models.delete(TOY);
      await expect.poll(async () => (await other.models.retrieve(TOY)).isDownloaded).toBe(false);
    } finally {
      other.dispose();
    }
  });

  test('without a catalogue every call rejects with the reason, and nothing else does', async () => {
    const none = createAlcove({ catalogueUrl: '/no-such-catalogue.json', databaseName: `test-${crypto.randomUUID()}` });
    const error = await rejection(none.models.list());
    expect(AlcoveApiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ type: 'server_error' });
    none.dispose();
  });
});

describe('a request that cannot be followed is refused with the name of what is wrong', () => {
  const bad: readonly (readonly [change: object, expected: object])[] = [
    [{ model: undefined }, { code: 'missing_required_parameter', param: 'model' }],
    [{ model: 'no-such-model' }, { status: 404, code: 'model_not_found', param: 'model' }],
    [{ messages: undefined }, { code: 'missing_required_parameter', param: 'messages' }],
    [{ messages: [] }, { code: 'empty_array', param: 'messages' }],
    [{ messages: 'Hello' }, { code: 'invalid_type', param: 'messages' }],
    [{ messages: [{ role: 'king', content: 'x' }] }, { code: 'invalid_value', param: 'messages[0].role' }],
    [{ messages: [{ role: 'user' }] }, { code: 'missing_required_parameter', param: 'messages[0].content' }],
    [{ messages: user('  ') }, { code: 'prompt_empty', param: 'messages' }],
    [{ messages: user('word '.repeat(5_000)) }, { code: 'context_length_exceeded', param: 'messages' }],
    [
      { messages: Array.from({ length: 4_097 }, () => user('x')[0]) },
      { code: 'array_above_max_length', param: 'messages' },
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      { code: 'unsupported_parameter', param: 'messages[0].content[0].type' },
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] }] },
      { code: 'unsupported_value', param: 'messages[0].content[0].image_url.url' },
    ],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
        ],
      },
      { code: 'unsupported_parameter', param: 'messages' },
    ],
    [{ temperature: 3 }, { code: 'invalid_value', param: 'temperature' }],
    [{ temperature: 'hot' }, { code: 'invalid_type', param: 'temperature' }],
    [{ n: 2 }, { code: 'unsupported_parameter', param: 'n' }],
    [{ logit_bias: { 5: 1 } }, { code: 'unsupported_parameter', param: 'logit_bias' }],
    [{ store: true }, { code: 'unsupported_parameter', param: 'store' }],
    [{ top_logprobs: 2 }, { code: 'invalid_value', param: 'top_logprobs' }],
    [{ stream_options: { include_usage: true } }, { code: 'invalid_value', param: 'stream_options' }],
    [{ reasoning_effort: 'none' }, { code: 'unsupported_parameter', param: 'reasoning_effort' }],
    [{ colour: 'blue' }, { code: 'unknown_parameter', param: 'colour' }],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, { code: 'array_above_max_length', param: 'stop' }],
    [{ response_format: { type: 'xml' } }, { code: 'invalid_value', param: 'response_format.type' }],
    [schemaFormat('none'), { code: 'invalid_json_schema', param: 'response_format.json_schema.schema' }],
    [schemaFormat({ type: 'banana' }), { code: 'invalid_json_schema' }],
    [schemaFormat({ properties: { a: 7 } }), { code: 'invalid_json_schema' }],
    [schemaFormat({ $ref: 'https://x.test/schema.json' }), { code: 'invalid_json_schema' }],
    [schemaFormat({ not: { type: 'string' } }), { code: 'unsupported_value' }],
    [{ tools: [{ type: 'function' }] }, { code: 'missing_required_parameter', param: 'tools[0].function' }],
    [{ tools: [tool({ name: 'a b' })] }, { code: 'invalid_value', param: 'tools[0].function.name' }],
    [{ tools: [tool({ name: 'f', parameters: { type: 'array' } })] }, { code: 'invalid_json_schema' }],
    [{ tools: [tool({ name: 'f' }), tool({ name: 'f' })] }, { code: 'invalid_value', param: 'tools' }],
    [
      { tools: [tool({ name: 'f' })], tool_choice: 'g' },
      { code: 'invalid_value', param: 'tool_choice' },
    ],
    [
      { tools: [tool({ name: 'f' })], response_format: { type: 'json_object' } },
      { code: 'unsupported_parameter', param: 'response_format' },
    ],
    [{ tool_choice: 'required' }, { code: 'invalid_value', param: 'tool_choice' }],
  ];

  test.each(bad)('%j', async (change, expected) => {
    const params = { ...CAPITAL, ...change } as ChatCompletionCreateParams;
    const error = await rejection(alcove.chat.completions.create(params));
    expect(AlcoveApiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', ...expected });
  });

  test('of raw completions and of embeddings too', async () => {
    const completions = [
      [{ prompt: [1, 2] }, { code: 'invalid_type', param: 'prompt[0]' }],
      [
        { prompt: 'x', suffix: 'y' },
        { code: 'unsupported_parameter', param: 'suffix' },
      ],
      [{ prompt: 'word '.repeat(5_000) }, { code: 'context_length_exceeded', param: 'prompt' }],
    ] as const;
    for (const [change, expected] of completions) {
      const call = alcove.completions.create({ model: TOY, ...change } as never);
      expect(await rejection(call)).toMatchObject(expected);
    }
    const embeddings = [
      [{ input: [] }, { code: 'empty_array', param: 'input' }],
      [
        { input: 'x', dimensions: 8 },
        { code: 'unsupported_parameter', param: 'dimensions' },
      ],
      [
        { input: 'x', model: 'none' },
        { code: 'model_not_found', param: 'model' },
      ],
    ] as const;
    for (const [change, expected] of embeddings) {
      expect(await rejection(alcove.embeddings.create({ model: TOY, ...change } as never))).toMatchObject(expected);
    }
  });

  function schemaFormat(schema: unknown) {
    return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } };
  }

  function tool(called: object) {
    return { type: 'function', function: called };
  }
});

test('a model is loaded with the context window that is asked for, and one out of range is refused', async () => {
  const tooLarge = await rejection(alcove.load(TOY, { contextWindow: 999_999 }));
  expect(tooLarge).toMatchObject({ status: 400, code: 'invalid_value', param: 'contextWindow' });
  expect(tooLarge).toHaveProperty('message', expect.stringContaining('is 2048.'));
  expect(await rejection(alcove.load(TOY, { contextWindow: Number.NaN }))).toMatchObject({ param: 'contextWindow' });
  await alcove.load(TOY, { contextWindow: 1_024 });
  const long = { ...GREEDY, messages: user('What is the capital of France? '.repeat(200)), max_tokens: 4 };
  expect(await rejection(alcove.chat.completions.create(long))).toMatchObject({ code: 'context_length_exceeded' });
  await alcove.load(TOY, { contextWindow: 2_048 });
  expect((await alcove.chat.completions.create(long)).usage.prompt_tokens).toBeGreaterThan(1_024);
}, 60_000);
