import type {
  ChatCompletionChunk,
  ChatCompletionLogprobsContent,
  ChatCompletionUsage,
  RawCompletionChunk,
  ResultTimings,
  Wllama,
} from '@wllama/wllama/esm/index.js';
import type { FinishReason, GenerateEvent, GenerateRequest, Usage } from '../../engine.ts';
import { promptText } from '../../prompt-text.ts';
import { EchoFilter } from '../../stream/echo-filter.ts';
import { ReasoningParser } from '../../stream/reasoning-parser.ts';
import { toTokenLogprobs } from '../../stream/token-logprobs.ts';
import { ToolCalls } from '../../stream/tool-calls.ts';
import { toRawCompletion, toWllama } from './chat-params.ts';

/** llama.cpp's server sends the log probabilities of both kinds in the form of a chat's. */
type Chunk =
  | ChatCompletionChunk
  | (Omit<RawCompletionChunk, 'choices'> & {
      choices: (Omit<RawCompletionChunk['choices'][number], 'logprobs'> &
        Pick<ChatCompletionChunk['choices'][number], 'logprobs'>)[];
    });

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

  /** A raw completion has no reasoning: whatever it says is its text. */
  const toText = (content: string): readonly GenerateEvent[] =>
    request.rawPrompt ? [{ type: 'text-delta', text: content }] : parser.push(echo.push(content));
  const onData = (chunk: Chunk): void => {
    const choice = chunk.choices[0];
    const { content, reasoning_content: reasoning }: Delta = deltaOf(choice);
    const tokens: readonly ChatCompletionLogprobsContent[] = choice?.logprobs?.content ?? [];
    const events: GenerateEvent[] = readingOf(chunk);
    const { logprobs: topCount } = request;
    if (topCount !== undefined && tokens.length > 0) {
      events.push({ type: 'logprobs', tokens: tokens.map((token) => toTokenLogprobs(token, topCount)) });
    }
    if (reasoning) events.push({ type: 'reasoning-delta', text: reasoning });
    if (content) events.push(...toText(content));
    if (reasoning || content) timeToFirstTokenMs ??= performance.now() - startedAt;
    for (const { logprob } of tokens) logProbabilities.push(logprob);
    if (choice !== undefined && 'delta' in choice) toolCalls.push(choice.delta.tool_calls ?? []);
    if (choice?.finish_reason === 'length') reason = 'length';
    if (choice?.finish_reason === 'tool_calls') reason = 'tool-calls';
    usage = chunk.usage ?? usage;
    timings = chunk.timings ?? timings;
    if (events.length > 0) emit(events);
  };
  const callbacks = { stream: true, return_progress: true, abortSignal, onData } as const;
  if (request.rawPrompt) await wllama.createCompletion({ ...toRawCompletion(request), ...callbacks });
  else await wllama.createChatCompletion({ ...(await toWllama(request)), ...callbacks });

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

/** llama.cpp reports before the first step and after the last one too. What it has reused counts as processed. */
function readingOf({ prompt_progress: progress }: Chunk): GenerateEvent[] {
  if (progress === undefined || progress.processed <= progress.cache || progress.processed >= progress.total) return [];
  return [{ type: 'reading-progress', readTokens: progress.processed, totalTokens: progress.total }];
}

function deltaOf(choice: Chunk['choices'][number] | undefined): Delta {
  if (choice === undefined) return {};
  return 'text' in choice ? { content: choice.text } : choice.delta;
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
