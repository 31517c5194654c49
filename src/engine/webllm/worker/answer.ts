import type {
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionRequestStreaming,
  Completion,
  CompletionUsage,
  ResponseFormat as FormatParam,
  MLCEngine,
} from '@mlc-ai/web-llm';
import type {
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  PromptMessage,
  ResponseFormat,
  Sampling,
  Tool,
  Usage,
} from '../../engine.ts';
import { promptText } from '../../prompt-text.ts';
import { partialSuffixLength, ReasoningParser, type ReasoningPiece } from '../../stream/reasoning-parser.ts';
import { toTokenLogprobs } from '../../stream/token-logprobs.ts';
import { ToolCallParser } from '../../stream/tool-call-parser.ts';
import {
  argumentsSchema,
  CALL_END,
  CALL_START,
  callStart,
  mustCall,
  offeredTools,
  withToolPrompt,
} from '../../tool-prompt.ts';
import { filledTokens, hasToolRole, tokenLogprobs } from './pipeline-fields.ts';

type Chunk = ChatCompletionChunk | Completion;
type Delta = Partial<ChatCompletionChunk['choices'][number]['delta']>;

/** Runs one request through web-llm and emits the contract's events as they come; `finish` is the last. */
export async function writeAnswer(
  engine: MLCEngine,
  modelId: string,
  request: GenerateRequest,
  emit: (events: readonly GenerateEvent[]) => void,
): Promise<void> {
  const startedAt = performance.now();
  const parser = new ReasoningParser();
  const stops = request.sampling?.stop ?? [];
  let held = '';
  let sentLength = 0;
  let timeToFirstTokenMs: number | undefined;
  let reason: FinishReason = 'stop';
  const toolCalls = offeredTools(request).length > 0 ? new ToolCallParser() : undefined;
  let usage: CompletionUsage | undefined;
  let logprobCount = 0;
  /** A raw completion has no reasoning: whatever it says is its text. */
  const toText = (text: string): GenerateEvent[] =>
    request.rawPrompt && text !== '' ? [{ type: 'text-delta', text }] : withoutCalls(parser.push(text), toolCalls);
  for await (const chunk of await start(engine, modelId, request)) {
    const choice = chunk.choices[0];
    const text = deltaOf(choice).content ?? '';
    if (text !== '') {
      timeToFirstTokenMs ??= performance.now() - startedAt;
      // web-llm removes a complete stop string, but sends its beginning if that is an earlier token.
      held += text;
      const certain = held.slice(0, held.length - Math.max(0, ...stops.map((stop) => partialSuffixLength(held, stop))));
      held = held.slice(certain.length);
      sentLength += certain.length;
      const deltas: GenerateEvent[] = toText(certain);
      if (request.logprobs !== undefined) {
        const { logprobs: topCount } = request;
        const tokens = tokenLogprobs(engine, modelId)?.slice(logprobCount) ?? [];
        logprobCount += tokens.length;
        deltas.push({ type: 'logprobs', tokens: tokens.map((token) => toTokenLogprobs(token, topCount)) });
      }
      if (deltas.length > 0) emit(deltas);
    }
    if (choice?.finish_reason === 'length') reason = 'length';
    if (chunk.usage !== undefined && chunk.usage !== null) usage = chunk.usage;
  }
  const events: GenerateEvent[] = [];
  if (held !== '') events.push(...toText((await engine.getMessage(modelId)).slice(sentLength)));
  events.push(...withoutCalls(parser.end(), toolCalls), ...(toolCalls?.end() ?? []));
  if (reason === 'stop' && (toolCalls?.callCount ?? 0) > 0) reason = 'tool-calls';
  if (usage !== undefined) {
    const firstMs = timeToFirstTokenMs ?? performance.now() - startedAt;
    events.push({ type: 'usage', usage: toUsage(usage, firstMs, filledTokens(engine, modelId)) });
  }
  events.push({ type: 'finish', reason });
  emit(events);
}

function toUsage(usage: CompletionUsage, timeToFirstTokenMs: number, filled: number | undefined): Usage {
  const { completion_tokens: completionTokens, extra } = usage;
  // web-llm counts as prompt_tokens what it prefilled. The cache holds that, what it kept of earlier prompts, and
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

/** The pieces of an answer with the calls in its text as events. */
function withoutCalls(pieces: readonly ReasoningPiece[], toolCalls: ToolCallParser | undefined): GenerateEvent[] {
  if (toolCalls === undefined) return [...pieces];
  return pieces.flatMap((piece) => (piece.type === 'text-delta' ? toolCalls.push(piece.text) : [piece]));
}

async function start(engine: MLCEngine, modelId: string, request: GenerateRequest): Promise<AsyncIterable<Chunk>> {
  if (!request.rawPrompt) return engine.chat.completions.create(toWebLlm(request, hasToolRole(engine, modelId)));
  return engine.completions.create({
    stream: true,
    stream_options: { include_usage: true },
    prompt: request.messages.map(({ content }) => promptText(content)).join(''),
    ...toSampling(request.sampling ?? {}),
    ...toLogprobs(request),
  });
}

function deltaOf(choice: Chunk['choices'][number] | undefined): Delta {
  if (choice === undefined) return {};
  return 'text' in choice ? { content: choice.text } : choice.delta;
}

/** With no alternatives, web-llm gives nothing at all. */
function toLogprobs({ logprobs }: GenerateRequest) {
  return logprobs === undefined ? {} : { logprobs: true, top_logprobs: Math.max(1, logprobs) };
}

function toWebLlm(request: GenerateRequest, hasRole: boolean): ChatCompletionRequestStreaming {
  const { messages, sampling = {}, thinking, responseFormat } = request;
  const tools = offeredTools(request);
  return {
    stream: true,
    stream_options: { include_usage: true },
    messages: withToolPrompt(messages, tools, hasRole).map(toMessage),
    ...toSampling(sampling),
    ...(responseFormat !== undefined && { response_format: toResponseFormat(responseFormat) }),
    ...(tools.length > 0 && { response_format: toCallFormat(tools, mustCall(request)) }),
    ...toLogprobs(request),
    ...(thinking !== undefined && { extra_body: { enable_thinking: thinking } }),
  };
}

function toMessage({ role, content, toolCallId = '' }: PromptMessage): ChatCompletionMessageParam {
  const text = promptText(content);
  // web-llm asks for the id of the call but does not look at it.
  return role === 'tool' ? { role, content: text, tool_call_id: toolCallId } : { role, content: text };
}

function toResponseFormat(format: ResponseFormat): FormatParam {
  switch (format.type) {
    case 'json':
      // web-llm 0.2.86 fails without a schema; OpenAI's `json_object` is an object too.
      return { type: 'json_object', schema: '{"type":"object"}' };
    case 'json-schema':
      return { type: 'json_object', schema: JSON.stringify(format.schema) };
    case 'grammar':
      return { type: 'grammar', grammar: format.grammar };
  }
}

/**
 * web-llm's own `tools` work for five models and make every answer a list of calls. A structural tag lets any model write
 * text until it begins a call, whose arguments then keep to the tool's schema.
 */
function toCallFormat(tools: readonly Tool[], isRequired: boolean): FormatParam {
  const tags = tools.map((tool) => ({
    type: 'tag' as const,
    begin: `${CALL_START}${callStart(tool.name)}`,
    content: { type: 'json_schema' as const, json_schema: argumentsSchema(tool) },
    end: `}\n${CALL_END}`,
  }));
  const format = { type: 'triggered_tags', triggers: [CALL_START], tags, at_least_one: isRequired };
  return { type: 'structural_tag', structural_tag: JSON.stringify({ type: 'structural_tag', format }) };
}

/** `null` is web-llm's own default for each. */
function toSampling(sampling: Sampling) {
  return {
    temperature: sampling.temperature ?? null,
    top_p: sampling.topP ?? null,
    frequency_penalty: sampling.frequencyPenalty ?? null,
    presence_penalty: sampling.presencePenalty ?? null,
    repetition_penalty: sampling.repeatPenalty ?? null,
    seed: sampling.seed ?? null,
    max_tokens: sampling.maxTokens ?? null,
    stop: sampling.stop === undefined ? null : [...sampling.stop],
  };
}
