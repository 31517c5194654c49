import type { ToolCallPiece } from '../stream/tool-calls.ts';

/** The members of a streamed chunk that the app uses; each was checked. */
export interface ChatChunk {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCallPiece[];
  readonly finishReason: string | undefined;
  readonly usage: ChunkUsage | undefined;
  /** The error that the server reports in the middle of its answer. */
  readonly error: unknown;
}

export interface ChunkUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly reusedTokens: number | undefined;
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
}

/**
 * Reads a chunk, or a whole answer of a server that does not stream. A missing member is empty: servers differ in what they
 * send.
 * @throws TypeError for a value that is not an object
 */
export function readChunk(json: unknown): ChatChunk {
  const root = asObject(json);
  if (root === undefined) throw new TypeError('a chunk is no object');
  const choice = asObject(asArray(root['choices'])[0]);
  const delta = asObject(choice?.['delta']) ?? asObject(choice?.['message']) ?? {};
  const { text, thinking } = readContent(delta['content']);
  return {
    text,
    // llama.cpp, LM Studio and older vLLM use the first name, Ollama and vLLM the second.
    reasoning: asText(delta['reasoning_content']) || asText(delta['reasoning']) || thinking,
    toolCalls: asArray(delta['tool_calls']).flatMap(readToolCall),
    finishReason: asText(choice?.['finish_reason']) || undefined,
    usage: readUsage(root),
    error: root['error'] ?? undefined,
  };
}

/** The content is a text, or a list of parts, such as Mistral's: `{"type": "thinking", "thinking": [{"text"}]}`, `{"text"}`. */
function readContent(content: unknown): { readonly text: string; readonly thinking: string } {
  if (typeof content === 'string') return { text: content, thinking: '' };
  let text = '';
  let thinking = '';
  for (const part of asArray(content)) {
    const fields = asObject(part) ?? {};
    const thought = fields['thinking'] ?? fields['reasoning'];
    if (thought !== undefined) thinking += asText(thought) || readContent(thought).text;
    else text += asText(part) || asText(fields['text']) || asText(asObject(fields['text'])?.['value']);
  }
  return { text, thinking };
}

function readToolCall(json: unknown): ToolCallPiece[] {
  const call = asObject(json);
  const called = asObject(call?.['function']);
  if (call === undefined || called === undefined) return [];
  const { index, id } = call;
  return [
    {
      ...(typeof index === 'number' && { index }),
      ...(typeof id === 'string' && { id }),
      function: {
        ...(typeof called['name'] === 'string' && { name: called['name'] }),
        arguments: asText(called['arguments']),
      },
    },
  ];
}

/** @param root with `usage`, and from llama.cpp `timings` */
function readUsage(root: Readonly<Record<string, unknown>>): ChunkUsage | undefined {
  const usage = asObject(root['usage']);
  const timings = asObject(root['timings']);
  const promptTokens = asCount(usage?.['prompt_tokens']);
  const completionTokens = asCount(usage?.['completion_tokens']);
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  return {
    promptTokens,
    completionTokens,
    reusedTokens:
      asCount(timings?.['cache_n']) ?? asCount(asObject(usage?.['prompt_tokens_details'])?.['cached_tokens']),
    prefillTokensPerSecond: asCount(timings?.['prompt_per_second']) || undefined,
    decodeTokensPerSecond: asCount(timings?.['predicted_per_second']) || undefined,
  };
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
