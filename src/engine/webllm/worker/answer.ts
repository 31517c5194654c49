import type {
  ChatCompletionMessageParam,
  ChatCompletionRequestStreaming,
  CompletionUsage,
  MLCEngine,
} from '@mlc-ai/web-llm';
import type { GenerateEvent, GenerateRequest, PromptMessage, Sampling, Usage } from '../../engine.ts';
import { partialSuffixLength } from '../../partial-suffix.ts';
import { ThinkingParser } from '../../thinking-parser.ts';
import { filledTokens } from './kv-cache.ts';

/** Runs one request through web-llm and emits the contract's events as they come; `finish` is the last. */
export async function writeAnswer(
  engine: MLCEngine,
  modelId: string,
  request: GenerateRequest,
  emit: (events: readonly GenerateEvent[]) => void,
): Promise<void> {
  const startedAt = performance.now();
  const parser = new ThinkingParser();
  const stops = request.sampling?.stop ?? [];
  let held = '';
  let sentLength = 0;
  let timeToFirstTokenMs: number | undefined;
  let reason: 'stop' | 'length' = 'stop';
  let usage: CompletionUsage | undefined;
  for await (const chunk of await engine.chat.completions.create(toWebLlm(request))) {
    const choice = chunk.choices[0];
    const text = choice?.delta.content ?? '';
    if (text !== '') {
      timeToFirstTokenMs ??= performance.now() - startedAt;
      // web-llm cuts a stop string off when it is whole, and sends its beginning when that is a token before.
      held += text;
      const certain = held.slice(0, held.length - Math.max(0, ...stops.map((stop) => partialSuffixLength(held, stop))));
      held = held.slice(certain.length);
      sentLength += certain.length;
      const deltas = parser.push(certain);
      if (deltas.length > 0) emit(deltas);
    }
    if (choice?.finish_reason === 'length') reason = 'length';
    if (chunk.usage !== undefined && chunk.usage !== null) usage = chunk.usage;
  }
  const events: GenerateEvent[] = [];
  if (held !== '') events.push(...parser.push((await engine.getMessage(modelId)).slice(sentLength)));
  events.push(...parser.end());
  if (usage !== undefined) {
    const firstMs = timeToFirstTokenMs ?? performance.now() - startedAt;
    events.push({ type: 'usage', usage: toUsage(usage, firstMs, filledTokens(engine, modelId)) });
  }
  events.push({ type: 'finish', reason });
  emit(events);
}

function toUsage(usage: CompletionUsage, timeToFirstTokenMs: number, filled: number | undefined): Usage {
  const { completion_tokens: completionTokens, extra } = usage;
  // web-llm counts as prompt_tokens what it prefilled. The cache holds that, what was kept from the answer before, and
  // every token of this one but the last, which was sampled and not fed back.
  const prefilledTokens = usage.prompt_tokens;
  const reused = filled === undefined ? undefined : filled - prefilledTokens - (completionTokens - 1);
  const reusedTokens = reused === undefined || reused < 0 ? undefined : reused;
  return {
    promptTokens: prefilledTokens + (reusedTokens ?? 0),
    completionTokens,
    reusedTokens,
    timeToFirstTokenMs,
    prefillTokensPerSecond: rate(extra.prefill_tokens_per_s),
    decodeTokensPerSecond: rate(extra.decode_tokens_per_s),
  };
}

/** 0/0 and n/0 for an answer of one token. */
function rate(tokensPerSecond: number): number | undefined {
  return Number.isFinite(tokensPerSecond) && tokensPerSecond > 0 ? tokensPerSecond : undefined;
}

function toWebLlm({ messages, sampling = {} }: GenerateRequest): ChatCompletionRequestStreaming {
  return {
    stream: true,
    stream_options: { include_usage: true },
    messages: messages.map(toMessage),
    ...toSampling(sampling),
  };
}

function toMessage({ role, content }: PromptMessage): ChatCompletionMessageParam {
  // web-llm asks for the id of the call but does not look at it.
  return role === 'tool' ? { role, content, tool_call_id: '' } : { role, content };
}

/** `null` is web-llm's own default for each. */
function toSampling(sampling: Sampling) {
  return {
    temperature: sampling.temperature ?? null,
    top_p: sampling.topP ?? null,
    frequency_penalty: sampling.frequencyPenalty ?? null,
    presence_penalty: sampling.presencePenalty ?? null,
    seed: sampling.seed ?? null,
    max_tokens: sampling.maxTokens ?? null,
    stop: sampling.stop === undefined ? null : [...sampling.stop],
  };
}
