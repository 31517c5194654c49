import type { ChatCompletionChunk, ChatCompletionUsage, ResultTimings, Wllama } from '@wllama/wllama/esm/index.js';
import type { FinishReason, GenerateEvent, GenerateRequest, Usage } from '../../engine.ts';
import { promptText } from '../../prompt-text.ts';
import { EchoFilter } from '../../stream/echo-filter.ts';
import { ReasoningParser } from '../../stream/reasoning-parser.ts';
import { ToolCalls } from '../../stream/tool-calls.ts';
import { toWllama } from './chat-params.ts';

/** Members that llama.cpp's server sends and wllama 3.13.0's types leave out. */
interface Delta {
  readonly content?: string | null;
  /** llama.cpp separates the reasoning from the answer itself where it knows the model's chat template. */
  readonly reasoning_content?: string | null;
}

/**
 * Runs one request through llama.cpp and emits the engine contract's events as they arrive; `finish` is the last.
 * @throws what wllama throws; its AbortError after `abortSignal`
 */
export async function writeAnswer(
  wllama: Wllama,
  request: GenerateRequest,
  abortSignal: AbortSignal,
  emit: (events: readonly GenerateEvent[]) => void,
): Promise<void> {
  const startedAt = performance.now();
  const parser = new ReasoningParser();
  const echo = new EchoFilter(request.continueLast ? promptText(request.messages.at(-1)?.content ?? '') : '');
  const toolCalls = new ToolCalls();
  let timeToFirstTokenMs: number | undefined;
  let reason: FinishReason = 'stop';
  let usage: ChatCompletionUsage | undefined;
  let timings: ResultTimings | undefined;
  /** JSON has `null` in place of NaN. */
  const logProbabilities: (number | null)[] = [];

  const onData = (chunk: ChatCompletionChunk): void => {
    const choice = chunk.choices[0];
    const { content, reasoning_content: reasoning }: Delta = choice?.delta ?? {};
    const events: GenerateEvent[] = [];
    if (reasoning) events.push({ type: 'reasoning-delta', text: reasoning });
    if (content) events.push(...parser.push(echo.push(content)));
    if (reasoning || content) timeToFirstTokenMs ??= performance.now() - startedAt;
    for (const { logprob } of choice?.logprobs?.content ?? []) logProbabilities.push(logprob);
    toolCalls.push(choice?.delta.tool_calls ?? []);
    if (choice?.finish_reason === 'length') reason = 'length';
    if (choice?.finish_reason === 'tool_calls') reason = 'tool-calls';
    usage = chunk.usage ?? usage;
    timings = chunk.timings ?? timings;
    if (events.length > 0) emit(events);
  };
  await wllama.createChatCompletion({ ...(await toWllama(request)), stream: true, abortSignal, onData });

  const events: GenerateEvent[] = [...parser.push(echo.end()), ...parser.end(), ...toolCalls.end()];
  if (usage !== undefined) {
    events.push({
      type: 'usage',
      usage: {
        ...toUsage(usage, timings, timeToFirstTokenMs ?? performance.now() - startedAt),
        ...(request.perplexity && { perplexity: perplexityOf(logProbabilities.slice(1)) }),
      },
    });
  }
  events.push({ type: 'finish', reason });
  emit(events);
}

function toUsage(usage: ChatCompletionUsage, timings: ResultTimings | undefined, timeToFirstTokenMs: number): Usage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    reusedTokens: timings?.cache_n,
    timeToFirstTokenMs,
    prefillTokensPerSecond: rate(timings?.prompt_per_second),
    decodeTokensPerSecond: rate(timings?.predicted_per_second),
  };
}

function perplexityOf(logProbabilities: readonly (number | null)[]): number {
  const sum = logProbabilities.reduce((total: number, one) => total + (one ?? Number.NaN), 0);
  return Math.exp(-sum / logProbabilities.length);
}

/** llama.cpp divides by zero for an answer of one token, which JSON turns into `null`. */
function rate(tokensPerSecond: number | null | undefined): number | undefined {
  return Number.isFinite(tokensPerSecond) && (tokensPerSecond ?? 0) > 0 ? (tokensPerSecond ?? undefined) : undefined;
}
