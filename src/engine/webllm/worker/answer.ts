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
import { toOpenAiToolCall } from '../../openai-request.ts';
import { promptText } from '../../prompt-text.ts';
import { partialSuffixLength, ReasoningParser } from '../../stream/reasoning-parser.ts';
import { toTokenLogprobs } from '../../stream/token-logprobs.ts';
import { filledTokens, tokenLogprobs } from './pipeline-fields.ts';

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
  const toolCalls: GenerateEvent[] = [];
  const tools = offeredTools(request);
  let usage: CompletionUsage | undefined;
  let logprobCount = 0;
  /** A raw completion has no reasoning: whatever it says is its text. */
  const toText = (text: string): GenerateEvent[] =>
    request.rawPrompt && text !== '' ? [{ type: 'text-delta', text }] : parser.push(text);
  for await (const chunk of await start(engine, request)) {
    const choice = chunk.choices[0];
    const { content, tool_calls: calls = [] } = deltaOf(choice);
    // With tools the text is the calls as JSON, which the last chunk brings parsed.
    const text = tools.length === 0 ? (content ?? '') : '';
    for (const { id, function: called } of calls) {
      toolCalls.push({
        type: 'tool-call',
        id: id ?? crypto.randomUUID(),
        name: called?.name ?? '',
        argumentsJson: called?.arguments ?? '{}',
      });
    }
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
    if (choice?.finish_reason === 'tool_calls') reason = 'tool-calls';
    if (chunk.usage !== undefined && chunk.usage !== null) usage = chunk.usage;
  }
  const events: GenerateEvent[] = [];
  if (held !== '') events.push(...toText((await engine.getMessage(modelId)).slice(sentLength)));
  events.push(...parser.end(), ...toolCalls);
  if (usage !== undefined) {
    const firstMs = timeToFirstTokenMs ?? performance.now() - startedAt;
    events.push({ type: 'usage', usage: toUsage(usage, firstMs, filledTokens(engine, modelId)) });
  }
  events.push({ type: 'finish', reason });
  emit(events);
}

function toUsage(usage: CompletionUsage, timeToFirstTokenMs: number, filled: number | undefined): Usage {
  const { completion_tokens: completionTokens, extra } = usage;
  // web-llm counts as prompt_tokens what it prefilled. The cache holds that, what it kept from the answer before, and
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

async function start(engine: MLCEngine, request: GenerateRequest): Promise<AsyncIterable<Chunk>> {
  if (!request.rawPrompt) return engine.chat.completions.create(toWebLlm(request));
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

function toWebLlm(request: GenerateRequest): ChatCompletionRequestStreaming {
  const { messages, sampling = {}, thinking, responseFormat } = request;
  const tools = offeredTools(request);
  return {
    stream: true,
    stream_options: { include_usage: true },
    messages: messages.map(toMessage),
    ...toSampling(sampling),
    ...(responseFormat !== undefined && { response_format: toResponseFormat(responseFormat) }),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...toLogprobs(request),
    ...(thinking !== undefined && { extra_body: { enable_thinking: thinking } }),
  };
}

function toMessage({ role, content, toolCalls, toolCallId = '' }: PromptMessage): ChatCompletionMessageParam {
  const text = promptText(content);
  switch (role) {
    case 'tool':
      // web-llm asks for the id of the call but does not look at it.
      return { role, content: text, tool_call_id: toolCallId };
    case 'assistant':
      if (toolCalls === undefined || toolCalls.length === 0) return { role, content: text };
      return {
        role,
        content: text,
        tool_calls: toolCalls.map(toOpenAiToolCall),
      };
    default:
      return { role, content: text };
  }
}

function toResponseFormat(format: ResponseFormat): FormatParam {
  switch (format.type) {
    case 'json':
      return { type: 'json_object' };
    case 'json-schema':
      return { type: 'json_object', schema: JSON.stringify(format.schema) };
    case 'grammar':
      return { type: 'grammar', grammar: format.grammar };
  }
}

/** web-llm 0.2.86 does not look at `tool_choice`; with tools, its grammar makes every answer a list of calls. */
function offeredTools({ tools = [], toolChoice = 'auto' }: GenerateRequest): readonly Tool[] {
  if (toolChoice === 'none') return [];
  return typeof toolChoice === 'string' ? tools : tools.filter(({ name }) => name === toolChoice.name);
}

function toTool({ name, description, parameters }: Tool) {
  return {
    type: 'function' as const,
    function: {
      name,
      ...(description !== undefined && { description }),
      ...(parameters && { parameters: { ...parameters } }),
    },
  };
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
