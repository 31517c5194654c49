import { afterEach, describe, expect, inject, test } from 'vitest';
import type { ErrorCode } from '../../platform/errors.ts';
import type { GenerateRequest } from '../engine.ts';
import { ask, drain, failure, textOf, usageOf } from '../testing/calls.ts';
import { listModels } from './list-models.ts';
import { readModelTypes } from './model-types.ts';
import { ServerEngine } from './server-engine.ts';
import { toRefusal } from './server-errors.ts';
import { streamAnswer } from './stream-answer.ts';
import { faultyRecord, recordFor } from './testing/chat-servers.ts';

/** As e2e/support/chat-faults.ts keeps it. */
interface RecordedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

const { faults } = inject('chatServers');
const { host } = new URL(faults);
const { signal } = new AbortController();
const QUESTION = ask('Count.');

let engine: ServerEngine | undefined;
afterEach(() => engine?.dispose());

function create(key?: string): ServerEngine {
  engine = new ServerEngine({ readKey: async () => key, silentAfterMs: 2_000 });
  return engine;
}

/** Text so far and error of a server with a fault. */
async function outcome(fault: string, key?: string): Promise<{ text: string; error: Error }> {
  const asked = create(key);
  await drain(asked.load({ model: faultyRecord(fault) }, signal));
  let text = '';
  const error = await failure(asked.generate({ model: faultyRecord(fault), ...QUESTION }, signal), (event) => {
    if (event.type !== 'text-delta') return;
    text += event.text;
    if (fault === 'cut' && text === 'One two three') void fetch(`${faults}/_cut`, { method: 'POST' });
  });
  return { text, error };
}

async function recorded(): Promise<RecordedRequest[]> {
  return (await (await fetch(`${faults}/_requests`)).json()) as RecordedRequest[];
}

describe('a fault of a server', () => {
  const atOnce: readonly (readonly [what: string, fault: string, code: ErrorCode])[] = [
    ['a server that refuses this page', 'no-cors', 'server-forbids-page'],
    ['a server that needs another key', 'key', 'server-key-refused'],
    ['a server that hides from the page that it needs another key', 'key-without-cors', 'server-key-refused'],
    ['a proxy that does not know the key', 'key-without-database', 'server-key-refused'],
    ['a server that redirects to another URL', 'redirect', 'server-failed'],
  ];
  for (const [what, fault, code] of atOnce) {
    test(`${what} is reported as ${code}, before any prompt is sent to it`, async () => {
      await fetch(`${faults}/_clear`, { method: 'POST' });
      const error = await failure(create('my secret key').load({ model: faultyRecord(fault) }, signal));
      expect(error).toMatchObject({ code, data: { host } });
      expect(JSON.stringify([error.message, Reflect.get(error, 'data')])).not.toContain('my secret key');
      expect((await recorded()).filter(({ body }) => body !== undefined)).toEqual([]);
    });
  }

  const inTheAnswer: readonly (readonly [what: string, fault: string, code: ErrorCode, text: string])[] = [
    ['a server that does not know its model', 'unknown-model', 'server-model-unknown', ''],
    ['a server that breaks the connection', 'cut', 'server-cut-off', 'One two three'],
    ['a server that ends without an end event', 'ends-early', 'server-cut-off', 'One two three'],
    ['a server that sends incomplete JSON', 'invalid-json', 'server-answer-invalid', 'One two three'],
    ['a server that sends a web page', 'web-page', 'server-answer-invalid', ''],
    ['a server that stops sending', 'stalls', 'server-silent', 'One two three'],
    ['a server that fails during an answer', 'fails-midway', 'server-failed', 'One two three'],
    ['a server that fails', 'fails', 'server-failed', ''],
  ];
  for (const [what, fault, code, text] of inTheAnswer) {
    test(`${what} is reported as ${code}, and the text so far is kept`, async () => {
      const { text: written, error } = await outcome(fault);
      expect(error).toMatchObject({ code, data: { host } });
      expect(written).toBe(text);
    });
  }

  test('a server that never answers is reported as server-silent, with the time', async () => {
    const { source } = faultyRecord('silent');
    if (source.kind !== 'custom-server') throw new Error('not on a server');
    const options = { source, key: undefined, signal, silentAfterMs: 300 };
    expect(await failure(streamAnswer(QUESTION, options))).toMatchObject({
      code: 'server-silent',
      data: { host, seconds: expect.any(Number) },
    });
  });

  test('a stop ends the diagnosis of a server that leaves its request open, and the engine is free again', async () => {
    await fetch(`${faults}/_clear`, { method: 'POST' });
    const stop = new AbortController();
    const asked = create();
    const load = failure(asked.load({ model: faultyRecord('no-cors-silent') }, stop.signal));
    // The first request, and the one that the server leaves open; it has answered those for its health.
    const asking = async () => (await recorded()).filter(({ path }) => path === '/no-cors-silent/v1/models');
    await expect.poll(asking).toHaveLength(2);
    stop.abort();
    expect(await load).toMatchObject({ name: 'AbortError' });
    await drain(asked.load({ model: faultyRecord('none') }, signal));
  });

  test('a missing server is reported as server-unreachable', async () => {
    const error = await failure(create().load({ model: recordFor('http://127.0.0.1:9') }, signal));
    expect(error).toMatchObject({ code: 'server-unreachable', data: { host: '127.0.0.1:9' } });
  });

  test('a server’s own error message is reported, without the key', async () => {
    expect((await outcome('fails')).error).toMatchObject({
      data: { status: 500, reason: 'model requires more system memory' },
    });
  });
});

describe.each([
  ['vllm', 4096, 4, { code: 'context-exceeded', data: { promptTokens: 5000, contextWindow: 4096 } }],
  ['ollama', undefined, undefined, { code: 'server-failed', data: { reason: expect.stringContaining('terminated') } }],
  [
    'lm-studio',
    undefined,
    undefined,
    { code: 'server-failed', data: { reason: expect.stringContaining('context length') } },
  ],
] as const)('a server that answers like %s', (kind, contextWindow, reusedTokens, tooLong) => {
  const { source } = faultyRecord(kind);
  if (source.kind !== 'custom-server') throw new Error('not on a server');
  const options = { source, key: undefined, signal, silentAfterMs: 10_000 };

  test('is recognised by its list of models', async () => {
    const listing = await listModels(`${faults}/${kind}/v1`, { key: undefined, signal });
    expect(listing.kind).toBe(kind);
    expect(listing.models[0]).toEqual({ name: 'm', contextWindow });
  });

  test('has only its reasoning, text and usage read', async () => {
    const events = await drain(streamAnswer(QUESTION, options));
    expect(textOf(events)).toBe('One two');
    expect(events.flatMap((event) => (event.type === 'reasoning-delta' ? event.text : []))).toEqual(['Hm.']);
    expect(usageOf(events)).toMatchObject({ promptTokens: 7, completionTokens: 3, reusedTokens });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  test('has its refusals mapped to error codes', async () => {
    const unknown = { ...options, source: { ...source, model: 'n' } };
    expect(await failure(streamAnswer(QUESTION, unknown))).toMatchObject({ code: 'server-model-unknown' });
    expect(await failure(streamAnswer(ask('A question that is too long.'), options))).toMatchObject(tooLong);
  });
});

test.each(['ollama', 'lm-studio'])('%s says itself which of its models compute embeddings', async (kind) => {
  const baseUrl = `${faults}/${kind}/v1`;
  const options = { key: undefined, signal };
  const { models } = await readModelTypes(baseUrl, await listModels(baseUrl, options), options);
  expect(models).toMatchObject([
    { name: 'm', isEmbedding: false },
    { name: 'vectors', isEmbedding: true },
  ]);
});

test('a server that does not say what its models do keeps them all', async () => {
  const listing = { kind: 'lm-studio', models: [{ name: 'm', contextWindow: undefined }] } as const;
  expect(await readModelTypes(`${faults}/fails/v1`, listing, { key: undefined, signal })).toBe(listing);
});

test('llama.cpp’s words for a full context window are understood where a proxy gives only them', () => {
  const message =
    'litellm.BadRequestError: OpenAIException - request (4120 tokens) exceeds the available context size (2048 tokens), try increasing it';
  expect(toRefusal(400, JSON.stringify({ error: { message } }), { host, model: 'm', key: undefined })).toMatchObject({
    code: 'context-exceeded',
    data: { promptTokens: 4120, contextWindow: 2048 },
  });
});

describe('a server', () => {
  const answerOf = async (fault: string, request: GenerateRequest = QUESTION, key?: string) => {
    const asked = create(key);
    await drain(asked.load({ model: faultyRecord(fault) }, signal));
    return drain(asked.generate({ model: faultyRecord(fault), ...request }, signal));
  };

  test('may answer without streaming', async () => {
    const events = await answerOf('whole');
    expect(textOf(events)).toBe('One two three');
    expect(usageOf(events)).toMatchObject({ promptTokens: 3, completionTokens: 3 });
  });

  test('may send its events byte by byte, with any line endings', async () => {
    expect(textOf(await answerOf('byte-by-byte'))).toBe('Oneé twoé threeé');
  });

  test('may end its stream without a reason', async () => {
    const events = await answerOf('done-only');
    expect(textOf(events)).toBe('One two three');
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  test('may send its text and thoughts in parts', async () => {
    const events = await answerOf('parts');
    expect(textOf(events)).toBe('Zero One two three');
    expect(textOf(events, 'reasoning-delta')).toBe('Hm.');
  });

  test('gets the key only in the header, and the request in the protocol’s fields', async () => {
    await fetch(`${faults}/_clear`, { method: 'POST' });
    const image = new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' });
    const request: GenerateRequest = {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', image },
          ],
        },
      ],
      sampling: { temperature: 0.5, topP: 0.9, maxTokens: 7, stop: ['x'] },
      tools: [{ name: 'f' }],
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
    };
    await answerOf('none', request, 'right');
    const requests = await recorded();
    expect(requests.every(({ authorization }) => authorization === 'Bearer right')).toBe(true);
    expect(requests.at(-1)).toMatchObject({
      path: '/none/v1/chat/completions',
      body: {
        model: 'm',
        stream: true,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is it?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
            ],
          },
        ],
        temperature: 0.5,
        top_p: 0.9,
        max_tokens: 7,
        stop: ['x'],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
        response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
      },
    });
    expect(JSON.stringify(requests.map(({ path, body }) => [path, body]))).not.toContain('right');
  });

  test('is not sent what it would silently ignore', async () => {
    const asked = create();
    await drain(asked.load({ model: faultyRecord('none') }, signal));
    const error = await failure(
      asked.generate({ model: faultyRecord('none'), ...QUESTION, sampling: { topK: 3 } }, signal),
    );
    expect(error).toMatchObject({ code: 'unsupported', data: { feature: 'topK' } });
  });
});
