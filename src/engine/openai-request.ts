import type { ResponseFormat, Sampling, Tool, ToolCall, ToolChoice } from './engine.ts';

/** Parts of a request in the form of OpenAI's protocol, in which all our engines take them. */

export function toOpenAiTool({ name, description, parameters }: Tool) {
  return {
    type: 'function' as const,
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { type: 'object' as const, properties: {}, ...parameters },
    },
  };
}

export function toOpenAiToolCall({ id, name, argumentsJson }: ToolCall) {
  return { id, type: 'function' as const, function: { name, arguments: argumentsJson } };
}

export function toOpenAiToolChoice(choice: ToolChoice) {
  return typeof choice === 'string' ? choice : { type: 'function' as const, function: { name: choice.name } };
}

/** A grammar has no form in the protocol: each program has a parameter of its own for it. */
export function toOpenAiFormat(format: Exclude<ResponseFormat, { type: 'grammar' }>) {
  if (format.type === 'json') return { type: 'json_object' as const };
  return { type: 'json_schema' as const, json_schema: { name: 'answer', schema: format.schema, strict: true } };
}

/** A parameter that is left out keeps the default of the server, of llama.cpp, or of the GGUF file. */
export function toOpenAiSampling(
  sampling: Sampling,
  repeatPenalty = 'repeat_penalty',
): Readonly<Record<string, unknown>> {
  const named = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    [repeatPenalty]: sampling.repeatPenalty,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    seed: sampling.seed,
    max_tokens: sampling.maxTokens,
    stop: sampling.stop,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
