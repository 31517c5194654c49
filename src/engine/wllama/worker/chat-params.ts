import type {
  ChatCompletionMessage,
  ChatCompletionMessageContent,
  ChatCompletionParams,
  ChatCompletionTool,
} from '@wllama/wllama/esm/index.js';
import type {
  GenerateRequest,
  JsonSchema,
  PromptMessage,
  PromptPart,
  ResponseFormat,
  Sampling,
  Tool,
  ToolChoice,
} from '../../engine.ts';
import { hasImages, promptText } from '../../prompt-text.ts';

/** Translates a request of the engine contract into llama.cpp's parameters. */
export async function toWllama(request: GenerateRequest): Promise<ChatCompletionParams> {
  const { messages, sampling = {}, tools = [], toolChoice, responseFormat, continueLast = false, perplexity } = request;
  // llama.cpp refuses to continue an answer with a template that begins the answer with reasoning.
  const thinking = continueLast ? false : request.thinking;
  return {
    messages: await Promise.all(messages.map(toMessage)),
    cache_prompt: true,
    ...toSampling(sampling),
    ...(thinking !== undefined && { chat_template_kwargs: { enable_thinking: thinking } }),
    ...(tools.length > 0 && { tools: tools.map(toTool), ...toToolChoice(toolChoice) }),
    ...(responseFormat !== undefined && toResponseFormat(responseFormat)),
    ...(perplexity && { logprobs: true, top_logprobs: 1 }),
    // Part of llama.cpp's server; missing in wllama's types.
    ...{ stream_options: { include_usage: true } },
  };
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
        tool_calls: toolCalls.map(({ id, name, argumentsJson }) => {
          return { id, type: 'function', function: { name, arguments: argumentsJson } };
        }),
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

function toTool({ name, description, parameters }: Tool): ChatCompletionTool {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { type: 'object', properties: {}, ...parameters },
    },
  };
}

function toToolChoice(choice: ToolChoice | undefined): Pick<ChatCompletionParams, 'tool_choice'> {
  if (choice === undefined) return {};
  return { tool_choice: typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } } };
}

function toResponseFormat(format: ResponseFormat): Pick<ChatCompletionParams, 'response_format' | 'grammar'> {
  switch (format.type) {
    case 'json':
      return { response_format: { type: 'json_object' } };
    case 'json-schema':
      return { response_format: { type: 'json_schema', json_schema: schemaOf(format.schema) } };
    case 'grammar':
      return { grammar: format.grammar };
  }
}

function schemaOf(schema: JsonSchema): { name: string; schema: unknown; strict: boolean } {
  return { name: 'answer', schema, strict: true };
}

/** A setting that is left out keeps llama.cpp's default, or the GGUF file's own. */
function toSampling(sampling: Sampling): Readonly<Record<string, unknown>> {
  const named = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    repeat_penalty: sampling.repeatPenalty,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    seed: sampling.seed,
    max_tokens: sampling.maxTokens,
    stop: sampling.stop,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
