import type { CustomServerSource } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { FinishReason, GenerateEvent, GenerateRequest, Usage } from '../engine.ts';
import { promptText } from '../prompt-text.ts';
import { EchoFilter } from '../stream/echo-filter.ts';
import { ReasoningParser } from '../stream/reasoning-parser.ts';
import { ToolCalls } from '../stream/tool-calls.ts';
import { chatBody } from './chat-body.ts';
import { type ChatChunk, type ChunkUsage, readChunk } from './chat-chunk.ts';
import { type RefusalContext, toRefusal, toStreamedError } from './server-errors.ts';
import { readText, requestServer, type ServerAnswer } from './server-request.ts';
import { ServerSentEvents } from './server-sent-events.ts';

export interface AnswerOptions {
  readonly source: CustomServerSource;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  readonly silentAfterMs: number;
}

/** Lets a server write an answer, and yields the contract's events as they come; `finish` is the last. */
export async function* streamAnswer(
  request: GenerateRequest,
  { source, key, signal, silentAfterMs }: AnswerOptions,
): AsyncGenerator<GenerateEvent, void> {
  const startedAt = performance.now();
  const { host } = new URL(source.baseUrl);
  const context: RefusalContext = { host, model: source.model, key };
  const body = await chatBody(request, source);
  const answer = await requestServer({ url: `${source.baseUrl}/chat/completions`, key, body, signal, silentAfterMs });
  const writer = new AnswerReader(request, startedAt);
  try {
    const { response } = answer;
    if (!response.ok) throw toRefusal(response.status, await readText(answer).catch(() => ''), context);
    for await (const chunk of readChunks(answer, host)) {
      if (chunk === DONE) {
        writer.done();
        break;
      }
      if (chunk.error !== undefined) throw toStreamedError(chunk.error, context);
      yield* writer.push(chunk);
    }
    // A stream without an end was cut by a proxy, or by a server that died.
    if (!writer.isFinished) throw new AlcoveError('server-cut-off', 'the stream ended early', { data: { host } });
    yield* writer.end();
  } finally {
    answer.end();
    answer.meter.report();
    // The rest is not wanted, even if the server continues to send.
    void answer.response.body?.cancel().catch(() => {});
  }
}

/** The end of a stream, by the protocol. */
const DONE = '[DONE]';

/** The chunks of a stream, and its end; a whole answer, from a server that does not stream, is one chunk. */
async function* readChunks(answer: ServerAnswer, host: string): AsyncGenerator<ChatChunk | typeof DONE, void> {
  const { response, watch, meter, explain } = answer;
  const isStream = response.headers.get('content-type')?.includes('event-stream') ?? true;
  const events = new ServerSentEvents();
  const parse = (data: string): ChatChunk => {
    try {
      return readChunk(JSON.parse(data));
    } catch (cause) {
      throw new AlcoveError('server-answer-invalid', 'the answer is no JSON of the protocol', {
        data: { host },
        cause,
      });
    }
  };
  const read = (bytes: Uint8Array | undefined): string[] => {
    try {
      return bytes === undefined ? events.end() : events.push(bytes);
    } catch (cause) {
      throw new AlcoveError('server-answer-invalid', 'an event that does not end', { data: { host }, cause });
    }
  };
  if (!isStream) {
    yield parse(await readText(answer));
    return;
  }
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw explain(cause);
    });
    watch.heard();
    meter.add(value?.length ?? 0);
    for (const data of read(done ? undefined : value)) {
      if (data.trim() === DONE) {
        yield DONE;
        return;
      }
      yield parse(data);
    }
    if (done) return;
  }
}

/** Turns the chunks of one answer into events. */
class AnswerReader {
  readonly #startedAt: number;
  readonly #thinking = new ReasoningParser();
  readonly #toolCalls = new ToolCalls();
  readonly #echo: EchoFilter;
  #firstAt: number | undefined;
  #reason: string | undefined;
  #isDone = false;
  #usage: ChunkUsage | undefined;

  constructor({ continueLast, messages }: GenerateRequest, startedAt: number) {
    this.#startedAt = startedAt;
    this.#echo = new EchoFilter(continueLast ? promptText(messages.at(-1)?.content ?? '') : '');
  }

  /** Whether the server has reported that its answer ended, or why. */
  get isFinished(): boolean {
    return this.#isDone || this.#reason !== undefined;
  }

  /** Some servers end their stream without a reason. */
  done(): void {
    this.#isDone = true;
  }

  *push({ text, reasoning, toolCalls, finishReason, usage }: ChatChunk): Generator<GenerateEvent> {
    if (text !== '' || reasoning !== '') this.#firstAt ??= performance.now();
    if (reasoning !== '') yield { type: 'reasoning-delta', text: reasoning };
    if (text !== '') yield* this.#thinking.push(this.#echo.push(text));
    this.#toolCalls.push(toolCalls);
    this.#reason = finishReason ?? this.#reason;
    this.#usage = usage ?? this.#usage;
  }

  *end(): Generator<GenerateEvent> {
    yield* this.#thinking.push(this.#echo.end());
    yield* this.#thinking.end();
    const calls = this.#toolCalls.end();
    yield* calls;
    if (this.#usage !== undefined) yield { type: 'usage', usage: this.#toUsage(this.#usage) };
    yield { type: 'finish', reason: calls.length > 0 ? 'tool-calls' : toReason(this.#reason) };
  }

  #toUsage(usage: ChunkUsage): Usage {
    const now = performance.now();
    const firstAt = this.#firstAt ?? now;
    const { decodeTokensPerSecond, completionTokens } = usage;
    const seconds = (now - firstAt) / 1000;
    const measured = completionTokens > 1 && seconds > 0 ? (completionTokens - 1) / seconds : undefined;
    return {
      ...usage,
      timeToFirstTokenMs: firstAt - this.#startedAt,
      decodeTokensPerSecond: decodeTokensPerSecond ?? measured,
    };
  }
}

function toReason(reason: string | undefined): FinishReason {
  return reason === 'length' ? 'length' : 'stop';
}
