import { isAbortError } from '../platform/errors.ts';
import { AlcoveApiError, toApiError } from './api-error.ts';
import type { ChatCompletions } from './chat-completions.ts';
import type { Completions } from './completions.ts';
import type { Embeddings } from './embeddings.ts';
import type { AlcoveModel, ApiModels } from './models.ts';
import type { RequestOptions } from './request-options.ts';
import type { ResponseStreamEvent } from './response-types.ts';
import type { Responses } from './responses.ts';
import { toBody, toSse } from './sse.ts';

/** What `alcove.fetch` answers with. */
export interface Endpoints {
  readonly models: ApiModels;
  readonly chat: { readonly completions: ChatCompletions };
  readonly completions: Completions;
  readonly responses: Responses;
  readonly embeddings: Embeddings;
}

/** A model in the list of OpenAI's protocol. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** When it was released, seconds since the epoch; 0 if unknown. */
  readonly created: number;
  readonly owned_by: string;
}

interface Call {
  readonly body: () => Promise<unknown>;
  /** The last part of the address, of a model. */
  readonly id: string;
  readonly options: RequestOptions;
}

type Handler = (call: Call, endpoints: Endpoints) => Promise<Response>;

/** By method and path, without the base: `https://any.name/v1`, or `/v1` alone. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET models': async (_, { models }) => {
    const downloaded = (await models.list()).filter(({ isDownloaded }) => isDownloaded);
    return Response.json({ object: 'list', data: downloaded.map(toListed) });
  },
  'GET models/': async ({ id }, { models }) => {
    const model = await models.retrieve(id);
    if (model.isDownloaded) return Response.json(toListed(model));
    throw new AlcoveApiError(`The model '${id}' is not downloaded.`, {
      status: 404,
      code: 'model_not_downloaded',
      param: 'model',
    });
  },
  'DELETE models/': async ({ id }, { models }) => {
    await models.delete(id);
    return Response.json({ id, object: 'model', deleted: true });
  },
  'POST chat/completions': async ({ body, options }, { chat }) => {
    return answer(await chat.completions.create((await body()) as never, options), (chunk) => toSse(chunk));
  },
  'POST completions': async ({ body, options }, { completions }) => {
    return answer(await completions.create((await body()) as never, options), (chunk) => toSse(chunk));
  },
  'POST responses': async ({ body, options }, { responses }) => {
    const answered = await responses.create((await body()) as never, options);
    if (!isStream<ResponseStreamEvent>(answered)) return Response.json(answered);
    return streamed(toBody(answered, (event) => toSse(event, event.type), noLast));
  },
  'POST embeddings': async ({ body, options }, { embeddings }) => {
    return Response.json(await embeddings.create((await body()) as never, options));
  },
};

/** Answers OpenAI's HTTP protocol inside the page, for clients that take a `fetch`. No request is made. */
export async function answerRequest(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  endpoints: Endpoints,
): Promise<Response> {
  const request = new Request(input, init);
  // Given to `new Request`, a signal is copied, and its reason with it.
  const { signal } = request;
  signal.throwIfAborted();
  try {
    const { handler, id } = findHandler(request);
    const body = () => readBody(request);
    return await handler({ body, id, options: { signal } }, endpoints);
  } catch (error) {
    signal.throwIfAborted();
    return errorResponse(toApiError(error));
  }
}

function findHandler({ method, url }: Request): { readonly handler: Handler; readonly id: string } {
  const { pathname } = new URL(url);
  const path = pathname.split('/v1/').at(-1)?.replace(/\/$/, '') ?? '';
  const [, id] = /^models\/(.+)$/.exec(path) ?? [];
  const route = id === undefined ? path : 'models/';
  const handler = HANDLERS[`${method} ${route}`];
  if (handler !== undefined) return { handler, id: decodeURIComponent(id ?? '') };
  const isPath = Object.keys(HANDLERS).some((known) => known.endsWith(` ${route}`));
  const message = isPath ? `${method} is not allowed for ${pathname}.` : `Unknown address: ${method} ${pathname}.`;
  throw new AlcoveApiError(message, {
    status: isPath ? 405 : 404,
    code: isPath ? 'method_not_allowed' : 'unknown_url',
  });
}

async function readBody(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new AlcoveApiError('The body of the request is no JSON.', {
      status: 400,
      code: 'invalid_json',
      cause: error,
    });
  }
}

function answer<Chunk>(
  answered: object | AsyncIterable<Chunk>,
  toEvent: (chunk: Chunk) => Uint8Array<ArrayBuffer>,
): Response {
  if (!isStream(answered)) return Response.json(answered);
  const toLast = (error: unknown) => (error === undefined ? toSse('[DONE]') : noLast(error));
  return streamed(toBody(answered, toEvent, toLast));
}

/** A failure in the middle of a stream is an event of its own, as OpenAI sends it. */
function noLast(error: unknown): Uint8Array<ArrayBuffer> | undefined {
  const failure = error === undefined ? undefined : toApiError(error);
  return AlcoveApiError.isInstance(failure) ? toSse(failure.toJSON()) : undefined;
}

function isStream<Chunk>(answered: object | AsyncIterable<Chunk>): answered is AsyncIterable<Chunk> {
  return Symbol.asyncIterator in answered;
}

function streamed(body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
}

function errorResponse(error: Error): Response {
  if (!AlcoveApiError.isInstance(error)) throw error;
  const { status, isPassing } = error;
  // OpenAI's clients send a request again after most errors of a server, unless this header says otherwise.
  return Response.json(error.toJSON(), { status, headers: { 'x-should-retry': String(isPassing) } });
}

function toListed({ id, record }: AlcoveModel): ListedModel {
  const released = Date.parse(record.releasedOn ?? '');
  const created = Number.isFinite(released) ? Math.floor(released / 1000) : 0;
  return { id, object: 'model', created, owned_by: record.maker };
}
