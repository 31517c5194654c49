import type {
  ChatCompletionMessage,
  ChatCompletionMessageContent,
  ChatCompletionParams,
  RawCompletionParams,
} from '@wllama/wllama/esm/index.js';
import type { GenerateRequest, PromptMessage, PromptPart, ResponseFormat } from '../../engine.ts';
import { toGbnf } from '../../grammar/grammar.ts';
import { boundsNumbers, schemaGrammar } from '../../grammar/schema-grammar.ts';
import {
  toOpenAiFormat,
  toOpenAiSampling,
  toOpenAiTool,
  toOpenAiToolCall,
  toOpenAiToolChoice,
} from '../../openai-request.ts';
import { hasImages, promptText } from '../../prompt-text.ts';

/**
 * llama.cpp makes no rule of a number's bounds, so a schema with some becomes a grammar of ours. Not that of a tool, whose
 * arguments are checked by the whole schema when it is called.
 * @throws AlcoveError `unsupported`, whose feature is a keyword that this grammar cannot keep
 */
export function holdBounds(request: GenerateRequest): GenerateRequest {
  const { responseFormat } = request;
  if (responseFormat?.type !== 'json-schema' || !boundsNumbers(responseFormat.schema)) return request;
  const { root, rules } = schemaGrammar(responseFormat.schema);
  return { ...request, responseFormat: { type: 'grammar', grammar: toGbnf(root, rules) } };
}

/** Translates a request of the engine contract into llama.cpp's parameters. */
export async function toWllama(request: GenerateRequest): Promise<ChatCompletionParams> {
  const { messages, sampling = {}, tools = [], toolChoice, responseFormat, continueLast = false } = request;
  // llama.cpp refuses to continue an answer with a template that begins the answer with reasoning.
  const thinking = continueLast ? false : request.thinking;
  return {
    messages: await Promise.all(messages.map(toMessage)),
    cache_prompt: true,
    ...toOpenAiSampling(sampling),
    ...(thinking !== undefined && { chat_template_kwargs: { enable_thinking: thinking } }),
    ...(tools.length > 0 && { tools: tools.map(toOpenAiTool) }),
    ...(tools.length > 0 && toolChoice !== undefined && { tool_choice: toOpenAiToolChoice(toolChoice) }),
    ...(responseFormat !== undefined && toResponseFormat(responseFormat)),
    ...toLogprobs(request),
    ...WITH_USAGE,
  };
}

/** A raw prompt in llama.cpp's parameters: the text of the one message. */
export function toRawCompletion({ messages, sampling = {}, responseFormat, ...request }: GenerateRequest) {
  const params: RawCompletionParams = {
    prompt: messages.map(({ content }) => promptText(content)).join(''),
    ...toOpenAiSampling(sampling),
  };
  const { logprobs = request.perplexity ? 1 : undefined } = request;
  return {
    ...params,
    cache_prompt: true,
    ...(responseFormat !== undefined && toResponseFormat(responseFormat)),
    ...(logprobs !== undefined && { logprobs: Math.max(1, logprobs) }),
    ...WITH_USAGE,
  };
}

/** Part of llama.cpp's server; missing in wllama's types. */
const WITH_USAGE = { stream_options: { include_usage: true } };

function toLogprobs({ perplexity = false, logprobs }: GenerateRequest) {
  if (!perplexity && logprobs === undefined) return {};
  return { logprobs: true, top_logprobs: Math.max(1, logprobs ?? 1) };
}

async function toMessage(message: PromptMessage): Promise<ChatCompletionMessage> {
  const { role, content, toolCalls = [], toolCallId = '' } = message;
  switch (role) {
    case 'tool':
      return { role, content: promptText(content), tool_call_id: toolCallId };
    case 'assistant':
      if (toolCalls.length === 0) return { role, content: promptText(content) };
      return {
        role,
        content: promptText(content),
        tool_calls: toolCalls.map(toOpenAiToolCall),
      };
    case 'system':
      return { role, content: promptText(content) };
    case 'user':
      // Most templates take text only, and llama.cpp would join several parts with newlines.
      if (typeof content === 'string' || !hasImages(message)) return { role, content: promptText(content) };
      return { role, content: await Promise.all(content.map(toPart)) };
  }
}

async function toPart(part: PromptPart): Promise<ChatCompletionMessageContent> {
  if (part.type === 'text') return part;
  // Reading a data URL sends no request.
  const blob = typeof part.image === 'string' ? await (await fetch(part.image)).blob() : part.image;
  return { type: 'image', data: await blob.arrayBuffer() };
}

function toResponseFormat(format: ResponseFormat): Pick<ChatCompletionParams, 'response_format' | 'grammar'> {
  return format.type === 'grammar' ? { grammar: format.grammar } : { response_format: toOpenAiFormat(format) };
}
