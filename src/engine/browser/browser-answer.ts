import { abortError } from '../../platform/errors.ts';
import type { GenerateEvent, GenerateRequest, ToolCall, Usage } from '../engine.ts';
import { promptText } from '../prompt-text.ts';
import { EchoFilter } from '../stream/echo-filter.ts';
import { EventQueue } from '../stream/event-queue.ts';
import { ReasoningParser } from '../stream/reasoning-parser.ts';
import { offeredTools } from '../tool-prompt.ts';
import { contextExceeded } from './browser-errors.ts';
import type { BrowserMessage, BrowserModelSession, BrowserPromptOptions } from './browser-language-model.ts';
import { toBrowserMessages } from './browser-messages.ts';
import type { BrowserSessions } from './browser-sessions.ts';

/** Lets the browser's model write an answer, and yields the contract's events; `finish` is the last. */
export async function* writeAnswer(
  sessions: BrowserSessions,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void> {
  const startedAt = performance.now();
  const start = request.continueLast ? promptText(request.messages.at(-1)?.content ?? '') : '';
  const messages = await toBrowserMessages(request.messages, request.continueLast ?? false);
  const pieces = new EventQueue<string>();
  const calls: ToolCall[] = [];
  const onToolCall = (name: string, input: unknown): void => {
    calls.push({ id: crypto.randomUUID(), name, argumentsJson: JSON.stringify(input ?? {}) });
    // The model may make several calls at once. Their results come with another request.
    setTimeout(() => pieces.end(), 0);
  };
  const { session, asked } = await sessions.take(messages, request, onToolCall, signal);
  let isForgetful = false;
  session.addEventListener('contextoverflow', () => {
    isForgetful = true;
  });
  signal.addEventListener('abort', () => pieces.cutShort(abortError()));
  let isKept = false;
  try {
    const promptTokens = await measure(session, asked, signal);
    void pump(session.promptStreaming(asked, { signal, ...constraintOf(request) }), pieces);
    const parser = new ReasoningParser();
    const echo = new EchoFilter(start);
    let text = start;
    let firstAt: number | undefined;
    for await (const piece of pieces) {
      if (piece === '') continue;
      firstAt ??= performance.now();
      const fresh = echo.push(piece);
      text += fresh;
      yield* parser.push(fresh);
    }
    if (signal.aborted) throw abortError();
    yield* parser.push(echo.end());
    yield* parser.end();
    for (const call of calls) yield { type: 'tool-call', ...call };
    yield { type: 'usage', usage: usageOf(promptTokens, session.contextUsage, startedAt, firstAt) };
    // A session keeps its tools, which the next request may not offer.
    if (offeredTools(request).length === 0 && !isForgetful) {
      const before = start === '' ? messages : messages.slice(0, -1);
      sessions.keep(session, [...before, { role: 'assistant', content: text }]);
      isKept = true;
    }
    yield { type: 'finish', reason: calls.length > 0 ? 'tool-calls' : 'stop' };
  } finally {
    // It also ends a prompt that is still being answered.
    if (!isKept) session.destroy();
  }
}

/**
 * Tokens of the conversation with the messages that are to be asked.
 * @throws AlcoveError `context-exceeded`, where the browser would leave out the oldest messages silently
 */
async function measure(
  session: BrowserModelSession,
  asked: readonly BrowserMessage[],
  signal: AbortSignal,
): Promise<number> {
  const tokens = session.contextUsage + (await session.measureContextUsage(asked, { signal }));
  if (tokens > session.contextWindow) throw contextExceeded(tokens, session.contextWindow);
  return tokens;
}

async function pump(stream: ReadableStream<string>, pieces: EventQueue<string>): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
    pieces.end();
  } catch (error) {
    pieces.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

function constraintOf({ responseFormat }: GenerateRequest): Pick<BrowserPromptOptions, 'responseConstraint'> {
  if (responseFormat?.type === 'json') return { responseConstraint: { type: 'object' } };
  return responseFormat?.type === 'json-schema' ? { responseConstraint: responseFormat.schema } : {};
}

function usageOf(promptTokens: number, allTokens: number, startedAt: number, firstAt: number | undefined): Usage {
  const now = performance.now();
  const completionTokens = Math.max(0, allTokens - promptTokens);
  const seconds = (now - (firstAt ?? now)) / 1000;
  return {
    promptTokens,
    completionTokens,
    reusedTokens: undefined,
    timeToFirstTokenMs: (firstAt ?? now) - startedAt,
    prefillTokensPerSecond: undefined,
    decodeTokensPerSecond: completionTokens > 1 && seconds > 0 ? (completionTokens - 1) / seconds : undefined,
  };
}
