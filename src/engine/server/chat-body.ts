import type { CustomServerSource, ServerKind } from '../../models/model-record.ts';
import type { GenerateRequest, PromptMessage, PromptPart, ResponseFormat, Sampling, Tool } from '../engine.ts';
import { hasImages, promptText } from '../prompt-text.ts';

type Json = Readonly<Record<string, unknown>>;

/** A request as the body of `POST /chat/completions`. */
export async function chatBody(request: GenerateRequest, { model, serverKind }: CustomServerSource): Promise<Json> {
  const { messages, sampling = {}, tools = [], toolChoice, responseFormat, continueLast = false } = request;
  // llama.cpp refuses to continue an answer while its template would begin one with thinking.
  const thinking = continueLast && serverKind === 'llama.cpp' ? false : request.thinking;
  return {
    model,
    messages: await Promise.all(messages.map(toMessage)),
    stream: true,
    stream_options: { include_usage: true },
    ...toSampling(sampling, serverKind),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...(tools.length > 0 &&
      toolChoice !== undefined && {
        tool_choice:
          typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: { name: toolChoice.name } },
      }),
    ...(responseFormat !== undefined && toResponseFormat(responseFormat, serverKind)),
    ...(thinking !== undefined && { chat_template_kwargs: { enable_thinking: thinking } }),
    ...(continueLast && serverKind === 'vllm' && { add_generation_prompt: false, continue_final_message: true }),
    ...(serverKind === 'llama.cpp' && { cache_prompt: true }),
  };
}

export async function toMessage(message: PromptMessage): Promise<Json> {
  const { role, content, toolCalls = [], toolCallId } = message;
  return {
    role,
    content:
      hasImages(message) && typeof content !== 'string' ? await Promise.all(content.map(toPart)) : promptText(content),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(({ id, name, argumentsJson }) => {
        return { id, type: 'function', function: { name, arguments: argumentsJson } };
      }),
    }),
  };
}

async function toPart(part: PromptPart): Promise<Json> {
  if (part.type === 'text') return part;
  const url = typeof part.image === 'string' ? part.image : await toDataUrl(part.image);
  return { type: 'image_url', image_url: { url } };
}

async function toDataUrl(blob: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error ?? new Error('the image cannot be read'));
  reader.readAsDataURL(blob);
  return promise;
}

function toTool({ name, description, parameters }: Tool): Json {
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { type: 'object', properties: {}, ...parameters },
    },
  };
}

function toResponseFormat(format: ResponseFormat, kind: ServerKind): Json {
  switch (format.type) {
    case 'json':
      return { response_format: { type: 'json_object' } };
    case 'json-schema':
      return {
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema, strict: true } },
      };
    case 'grammar':
      return kind === 'vllm' ? { structured_outputs: { grammar: format.grammar } } : { grammar: format.grammar };
  }
}

function toSampling(sampling: Sampling, kind: ServerKind): Json {
  const named = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    [kind === 'vllm' ? 'repetition_penalty' : 'repeat_penalty']: sampling.repeatPenalty,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    seed: sampling.seed,
    max_tokens: sampling.maxTokens,
    stop: sampling.stop,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
