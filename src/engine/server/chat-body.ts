import type { CustomServerSource, ServerKind } from '../../models/model-record.ts';
import { toDataUrl } from '../../platform/data-url.ts';
import type { GenerateRequest, PromptMessage, PromptPart, ResponseFormat } from '../engine.ts';
import {
  toOpenAiFormat,
  toOpenAiSampling,
  toOpenAiTool,
  toOpenAiToolCall,
  toOpenAiToolChoice,
} from '../openai-request.ts';
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
    ...toOpenAiSampling(sampling, serverKind === 'vllm' ? 'repetition_penalty' : 'repeat_penalty'),
    ...(tools.length > 0 && { tools: tools.map(toOpenAiTool) }),
    ...(tools.length > 0 && toolChoice !== undefined && { tool_choice: toOpenAiToolChoice(toolChoice) }),
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
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(toOpenAiToolCall) }),
  };
}

async function toPart(part: PromptPart): Promise<Json> {
  if (part.type === 'text') return part;
  const url = typeof part.image === 'string' ? part.image : await toDataUrl(part.image);
  return { type: 'image_url', image_url: { url } };
}

function toResponseFormat(format: ResponseFormat, kind: ServerKind): Json {
  if (format.type !== 'grammar') return { response_format: toOpenAiFormat(format) };
  return kind === 'vllm' ? { structured_outputs: { grammar: format.grammar } } : { grammar: format.grammar };
}
