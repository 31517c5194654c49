import type { FinishReason, TokenLogprobs, Usage } from '../engine/engine.ts';
import type { ModelSession } from '../session/model-session.ts';
import { type AnswerEvent, startAnswer } from './answer-events.ts';
import { toApiError } from './api-error.ts';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionChunkChoice,
  ChatCompletionCreateParams,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionToolCall,
  ChatFinishReason,
  ChatLogprobs,
  CompletionUsage,
} from './chat-types.ts';
import { type ChatRequest, readChatRequest } from './read-chat-request.ts';
import type { RequestOptions } from './request-options.ts';

/** `alcove.chat.completions` */
export class ChatCompletions {
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
  }

  /**
   * Writes an answer with a downloaded model, which is loaded first if it is not. Requests are answered one after another.
   * @returns the answer; with `stream`, its chunks as they come, from the first one on
   * @throws AlcoveApiError; AbortError after `signal`. A stream throws them in its loop
   */
  create(params: ChatCompletionCreateParamsNonStreaming, options?: RequestOptions): Promise<ChatCompletion>;
  create(
    params: ChatCompletionCreateParamsStreaming,
    options?: RequestOptions,
  ): Promise<AsyncIterable<ChatCompletionChunk>>;
  create(
    params: ChatCompletionCreateParams,
    options?: RequestOptions,
  ): Promise<ChatCompletion | AsyncIterable<ChatCompletionChunk>>;
  async create(
    params: ChatCompletionCreateParams,
    { signal }: RequestOptions = {},
  ): Promise<ChatCompletion | AsyncIterable<ChatCompletionChunk>> {
    try {
      const request = readChatRequest(params);
      const events = await startAnswer(this.#session, request.model, request.request, signal);
      return request.stream ? toChunks(events, request) : await toCompletion(events, request);
    } catch (error) {
      throw toApiError(error);
    }
  }
}

async function* toChunks(
  events: AsyncIterable<AnswerEvent>,
  request: ChatRequest,
): AsyncGenerator<ChatCompletionChunk> {
  const head = {
    id: newId('chatcmpl'),
    object: 'chat.completion.chunk',
    created: now(),
    model: request.model,
  } as const;
  // OpenAI's protocol: with `include_usage` every chunk but the last has `usage: null`.
  const noUsage = request.includeUsage ? { usage: null } : {};
  const chunk = (
    delta: ChatCompletionChunkChoice['delta'],
    rest: Partial<ChatCompletionChunkChoice> = {},
  ): ChatCompletionChunk => {
    return { ...head, choices: [{ index: 0, delta, finish_reason: null, logprobs: null, ...rest }], ...noUsage };
  };
  let tokens: readonly TokenLogprobs[] = [];
  let callCount = 0;
  let usage: Usage | undefined;
  yield chunk({ role: 'assistant', content: '' });
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'logprobs':
          tokens = [...tokens, ...event.tokens];
          break;
        case 'text-delta':
          yield chunk({ content: event.text }, { logprobs: toLogprobs(tokens) });
          tokens = [];
          break;
        case 'reasoning-delta':
          yield chunk({ reasoning_content: event.text });
          break;
        case 'text-was-reasoning':
          // Of a model that is not known to think: what was sent cannot be taken back.
          yield chunk({ content: '', content_was_reasoning: true });
          break;
        case 'tool-call':
          yield chunk({ tool_calls: [{ index: callCount, ...toToolCall(event) }] });
          callCount++;
          break;
        case 'usage':
          usage = event.usage;
          break;
        case 'finish':
          yield chunk({}, { finish_reason: toFinishReason(event.reason), logprobs: toLogprobs(tokens) });
      }
    }
  } catch (error) {
    throw toApiError(error);
  }
  if (request.includeUsage) yield { ...head, choices: [], usage: toUsage(usage) };
}

async function toCompletion(events: AsyncIterable<AnswerEvent>, request: ChatRequest): Promise<ChatCompletion> {
  const { text, reasoning, toolCalls, tokens, usage, reason } = await collect(events);
  return {
    id: newId('chatcmpl'),
    object: 'chat.completion',
    created: now(),
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning !== '' && { reasoning_content: reasoning }),
          ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        },
        finish_reason: toFinishReason(reason),
        logprobs: request.request.logprobs === undefined ? null : toLogprobs(tokens),
      },
    ],
    usage: toUsage(usage),
  };
}

export interface CollectedAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ChatCompletionToolCall[];
  readonly tokens: readonly TokenLogprobs[];
  readonly usage: Usage | undefined;
  readonly reason: FinishReason;
}

export async function collect(events: AsyncIterable<AnswerEvent>): Promise<CollectedAnswer> {
  const toolCalls: ChatCompletionToolCall[] = [];
  const tokens: TokenLogprobs[] = [];
  let text = '';
  let reasoning = '';
  let usage: Usage | undefined;
  let reason: FinishReason = 'stop';
  for await (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'reasoning-delta') reasoning += event.text;
    else if (event.type === 'text-was-reasoning') [text, reasoning] = ['', reasoning + text];
    else if (event.type === 'tool-call') toolCalls.push(toToolCall(event));
    else if (event.type === 'logprobs') tokens.push(...event.tokens);
    else if (event.type === 'usage') usage = event.usage;
    else if (event.type === 'finish') reason = event.reason;
  }
  return { text, reasoning, toolCalls, tokens, usage, reason };
}

/** Templates give calls no id, or the same one each time; OpenAI's are unique. */
function toToolCall({ name, argumentsJson }: Extract<AnswerEvent, { type: 'tool-call' }>): ChatCompletionToolCall {
  return { id: newId('call'), type: 'function', function: { name, arguments: argumentsJson } };
}

function toLogprobs(tokens: readonly TokenLogprobs[]): ChatLogprobs | null {
  if (tokens.length === 0) return null;
  const content = tokens.map(({ token, bytes = null, logprob, top }) => {
    const alternatives = top.map((one) => ({ ...one, bytes: one.bytes ?? null }));
    return { token, bytes, logprob, top_logprobs: alternatives };
  });
  return { content, refusal: null };
}

export function toFinishReason(reason: FinishReason): ChatFinishReason {
  return reason === 'tool-calls' ? 'tool_calls' : reason;
}

export function toUsage(usage: Usage | undefined): CompletionUsage {
  const { promptTokens = 0, completionTokens = 0, reusedTokens, timeToFirstTokenMs = 0 } = usage ?? {};
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(reusedTokens !== undefined && { prompt_tokens_details: { cached_tokens: reusedTokens } }),
    timings: {
      time_to_first_token_ms: timeToFirstTokenMs,
      prompt_tokens_per_second: usage?.prefillTokensPerSecond,
      completion_tokens_per_second: usage?.decodeTokensPerSecond,
    },
  };
}

/** As OpenAI's ids look: `chatcmpl-…`. */
export function newId(kind: string): string {
  return `${kind}-${crypto.randomUUID().replaceAll('-', '')}`;
}

/** Seconds since the epoch. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
