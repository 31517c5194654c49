import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_TOKENS = 800;
const CHARACTERS_PER_TOKEN = 4;

export interface AskedQuestion {
  readonly authorization: string | undefined;
  /** The last message of the prompt. */
  readonly text: string;
}

/**
 * A server of the user's own with one model, found by test browsers under a name that no port is part of, so that a
 * profile which names it can be opened on any machine. It thinks before it answers; "break off" ends the connection
 * after three words, and "count the days" writes for as long as it is listened to.
 */
export class ChatServer {
  static readonly origin = 'http://chat.example';
  static readonly key = 'open sesame';
  static readonly model = 'large-model';
  /** Oldest first. */
  readonly asked: AskedQuestion[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<ChatServer> {
    const server = new ChatServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** For Chromium's `--host-resolver-rules`. */
  get resolverRule(): string {
    return `MAP ${new URL(ChatServer.origin).host}:80 127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const { authorization } = request.headers;
    if (authorization !== `Bearer ${ChatServer.key}`) return json(response, 401, { error: { message: 'wrong key' } });
    if (request.url === '/v1/models') {
      const model = { id: ChatServer.model, object: 'model', owned_by: 'test', max_model_len: WINDOW_TOKENS };
      return json(response, 200, { object: 'list', data: [model] });
    }
    const { messages } = JSON.parse(await textOf(request)) as { messages: readonly { content: string }[] };
    const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
    const text = messages.at(-1)?.content ?? '';
    this.asked.push({ authorization, text });
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(chunk({ reasoning_content: 'The user writes, so I answer.' }));
    for (const word of ['This', ' is', ' the answer.']) response.write(chunk({ content: word }));
    for (let day = 1; /count the days/i.test(text) && !response.destroyed; day++) {
      response.write(chunk({ content: ` Day ${day}.` }));
      await sleep(10);
    }
    if (/break off/i.test(text)) {
      // What was written before is to arrive.
      await sleep(100);
      response.destroy();
      return;
    }
    response.write(chunk({}, 'stop'));
    const usage = { prompt_tokens: Math.ceil(characters / CHARACTERS_PER_TOKEN), completion_tokens: 4 };
    response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
  }
}

function chunk(delta: unknown, finishReason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const bytes of request) chunks.push(bytes as Buffer);
  return Buffer.concat(chunks).toString();
}
