import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVER_SHAPES, type ServerShape } from './server-shapes.ts';

/** `vllm`, `ollama` and `lm-studio` answer as these do: server-shapes.ts. The address of a server that has a fault is `{origin}/{fault}`; its model is called `m`. */
export type ChatFault =
  | 'none'
  /** No CORS headers. */
  | 'no-cors'
  /** No CORS headers, and a request without CORS is never answered. */
  | 'no-cors-silent'
  /** Asks for the key `right`. */
  | 'key'
  /** Asks for a key, as vLLM does: without CORS headers on the refusal. */
  | 'key-without-cors'
  /** Refuses a key as LiteLLM does without a database. */
  | 'key-without-database'
  /** Lists the model and does not know it. */
  | 'unknown-model'
  /** The socket breaks after three words. */
  | 'cut'
  /** The stream ends after three words, politely. */
  | 'ends-early'
  /** Three words, then half of a JSON. */
  | 'invalid-json'
  /** A web page. */
  | 'web-page'
  /** Takes the request, never answers. */
  | 'silent'
  /** Three words, then silence without an end. */
  | 'stalls'
  /** A story without an end, for what has to happen while an answer is written. */
  | 'endless'
  /** An error as JSON in the middle of the stream. */
  | 'fails-midway'
  | 'fails'
  /** Sends on to another address. */
  | 'redirect'
  /** Ends its stream with `[DONE]`, without a reason. */
  | 'done-only'
  /** Sends text and thoughts in parts, as Mistral does. */
  | 'parts'
  /** Does not stream. */
  | 'whole'
  /** Lines end in CR LF, and each byte comes alone. */
  | 'byte-by-byte';

export interface RecordedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/**
 * Servers that break the OpenAI protocol. `GET /_requests` lists what was asked, `POST /_clear` forgets it, and `POST /_cut`
 * ends the connections of the fault `cut`: the browser may drop what it has not read yet when a connection breaks.
 */
export async function startChatFaults(): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const requests: RecordedRequest[] = [];
  const held = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(request, response, requests, held).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

const WORDS = ['One', ' two', ' three'];

/** Between the words of the endless story: some 100 tokens a second. */
const PACE_MS = 10;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requests: RecordedRequest[],
  held: Set<ServerResponse>,
): Promise<void> {
  const [, fault = '', ...rest] = (request.url ?? '').split('/');
  const path = `/${rest.join('/')}`;
  const isUnreadable = fault === 'key-without-cors' && path.startsWith('/v1/') && request.method !== 'OPTIONS';
  if (!fault.startsWith('no-cors') && !isUnreadable) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type');
  }
  if (fault === '_requests') return json(response, 200, requests);
  if (fault === '_clear') {
    requests.length = 0;
    return json(response, 200, {});
  }
  if (fault === '_cut') {
    for (const open of held) open.socket?.destroySoon();
    held.clear();
    return json(response, 200, {});
  }
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  const { authorization } = request.headers;
  const body = await readJson(request);
  requests.push({ path: `/${fault}${path}`, authorization, body });
  const shape = SERVER_SHAPES[fault];
  const model = (body as { readonly model?: string } | undefined)?.model;
  const detail = shape?.details?.[model === undefined ? path : `${path} ${model}`];
  if (detail !== undefined) return json(response, 200, detail);
  if (shape !== undefined) return answerAs(shape, path, JSON.stringify(body ?? {}), response);
  if (fault === 'silent' || (fault === 'no-cors-silent' && request.headers['sec-fetch-mode'] === 'no-cors')) return;
  if (fault === 'key' && authorization !== 'Bearer right') {
    return json(response, 401, { error: { message: `Incorrect API key provided: ${authorization}`, type: 'auth' } });
  }
  if (fault === 'key-without-database') {
    return json(response, 400, { error: { message: 'No connected db.', type: 'no_db_connection', code: '400' } });
  }
  if (isUnreadable) return json(response, 401, { error: 'Unauthorized' });
  if (path === '/health') return json(response, 200, {});
  if (fault === 'redirect') {
    response.writeHead(307, { Location: `/none${path}` }).end();
    return;
  }
  if (path === '/v1/models') {
    return json(response, 200, { object: 'list', data: [{ id: 'm', object: 'model', owned_by: 'test' }] });
  }
  if (path === '/v1/embeddings') {
    return json(response, 200, { data: [{ embedding: [3, 4], index: 0 }] });
  }
  return writeAnswer(fault, response, held);
}

function answerAs(shape: ServerShape, path: string, body: string, response: ServerResponse): void {
  const { models, unknownModel, tooLong, stream } = shape;
  if (path === '/v1/models') json(response, 200, models);
  else if (!body.includes('"model":"m"')) json(response, unknownModel.status, unknownModel.body);
  else if (body.includes('too long')) json(response, tooLong.status, tooLong.body);
  else response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' }).end(stream);
}

async function writeAnswer(fault: string, response: ServerResponse, held: Set<ServerResponse>): Promise<void> {
  if (fault === 'unknown-model') {
    return json(response, 404, { error: { message: 'model "m" not found, try pulling it first', type: 'api_error' } });
  }
  if (fault === 'fails') return json(response, 500, { error: 'model requires more system memory' });
  if (fault === 'web-page') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>');
    return;
  }
  if (fault === 'whole') {
    const usage = { prompt_tokens: 3, completion_tokens: 3 };
    const message = { role: 'assistant', content: WORDS.join('') };
    return json(response, 200, { choices: [{ message, finish_reason: 'stop' }], usage });
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const send = (text: string): Promise<void> => write(response, text);
  if (fault === 'byte-by-byte') {
    const events = [...WORDS.map((word) => chunk({ content: `${word}é` })), chunk({}, 'stop'), 'data: [DONE]\n\n'];
    for (const byte of Buffer.from(`: hello\r\n\r\n${events.join('').replaceAll('\n', '\r\n')}`)) {
      await write(response, Buffer.of(byte));
    }
    response.end();
    return;
  }
  if (fault === 'endless') {
    for (let day = 1; !response.destroyed; day += 1) {
      for (const word of `On day ${day} the small boat sailed on. `.match(/\S+ /g) ?? []) {
        await send(chunk({ content: word }));
        await sleep(PACE_MS);
      }
    }
    return;
  }
  if (fault === 'parts') {
    await send(chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }));
    await send(chunk({ content: [{ type: 'text', text: 'Zero ' }] }));
  }
  for (const word of WORDS) await send(chunk({ content: word }));
  switch (fault) {
    case 'cut':
      held.add(response);
      return;
    case 'ends-early':
      response.end();
      return;
    case 'invalid-json':
      await send('data: {"choices": [{\n\n');
      response.end();
      return;
    case 'stalls':
      return;
    case 'done-only':
      await send('data: [DONE]\n\n');
      response.end();
      return;
    case 'fails-midway':
      await send(`data: ${JSON.stringify({ error: { message: 'out of memory', type: 'server_error' } })}\n\n`);
      response.end();
      return;
    default:
      await send(chunk({}, 'stop'));
      await send(
        `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 3 } })}\n\ndata: [DONE]\n\n`,
      );
      response.end();
  }
}

function chunk(delta: unknown, finishReason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function write(response: ServerResponse, bytes: string | Buffer): Promise<void> {
  if (!response.write(bytes)) await once(response, 'drain');
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const bytes of request) chunks.push(bytes as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
