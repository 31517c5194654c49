import type { GenerateRequest, JsonSchema, PromptMessage, Tool, ToolCall } from './engine.ts';
import { promptText } from './prompt-text.ts';

/*
 * Tools for a model whose chat template knows none: the prompt describes them, and constrained decoding holds each call
 * to its tool's schema. The form of a call is that of Hermes and Qwen, which other models imitate best.
 */

export const CALL_START = '<tool_call>';
export const CALL_END = '</tool_call>';

/** The tools that a request lets the model call. */
export function offeredTools({ tools = [], toolChoice = 'auto' }: GenerateRequest): readonly Tool[] {
  if (toolChoice === 'none') return [];
  return typeof toolChoice === 'string' ? tools : tools.filter(({ name }) => name === toolChoice.name);
}

/** Whether the answer has to be a call. */
export function mustCall({ toolChoice = 'auto' }: GenerateRequest): boolean {
  return toolChoice === 'required' || typeof toolChoice === 'object';
}

/**
 * The conversation with the tools in its system message, and with earlier calls and their results as text.
 * @param hasToolRole whether the chat template has a role for results; the user's is used otherwise
 */
export function withToolPrompt(
  messages: readonly PromptMessage[],
  tools: readonly Tool[],
  hasToolRole: boolean,
): readonly PromptMessage[] {
  const [first, ...rest] = messages.map((message) => withoutCalls(message, hasToolRole));
  if (first === undefined || tools.length === 0) return first === undefined ? [] : [first, ...rest];
  const prompt = toolPrompt(tools);
  if (first.role !== 'system') return [{ role: 'system', content: prompt }, first, ...rest];
  return [{ role: 'system', content: `${promptText(first.content)}\n\n${prompt}` }, ...rest];
}

/** How a model writes a call, without the tags: `arguments` are JSON. */
export function callStart(name: string): string {
  return `\n{"name": ${JSON.stringify(name)}, "arguments": `;
}

/** A call of one of the tools. */
export function callSchema(tools: readonly Tool[]): JsonSchema {
  return {
    anyOf: tools.map((tool) => ({
      type: 'object',
      properties: { name: { const: tool.name }, arguments: argumentsSchema(tool) },
      required: ['name', 'arguments'],
      additionalProperties: false,
    })),
  };
}

export function argumentsSchema({ parameters }: Tool): JsonSchema {
  return { type: 'object', properties: {}, ...parameters };
}

function toolPrompt(tools: readonly Tool[]): string {
  const list = tools.map(({ name, description, parameters }) => {
    return spacedJson({ name, ...(description !== undefined && { description }), parameters: brief(parameters) });
  });
  return [
    `To call a tool, write ${CALL_START}\n{"name": "...", "arguments": {...}}\n${CALL_END}`,
    `You can call tools. Tools: [${list.join(', ')}]`,
  ].join('\n');
}

/** Small models understand `{"city": "string"}` best, and it takes the fewest tokens. A richer schema stays as it is. */
function brief(parameters: JsonSchema | undefined): unknown {
  const properties = parameters?.['properties'];
  if (typeof properties !== 'object' || properties === null) return parameters ?? {};
  const entries = Object.entries(properties).map(([name, schema]): readonly [string, unknown] => {
    const isPlain = typeof schema?.type === 'string' && Object.keys(schema).length === 1;
    return [name, isPlain ? schema.type : schema];
  });
  return Object.fromEntries(entries);
}

function withoutCalls(message: PromptMessage, hasToolRole: boolean): PromptMessage {
  const { role, content, toolCalls = [] } = message;
  if (role === 'tool' && !hasToolRole) {
    return { role: 'user', content: `<tool_response>\n${promptText(content)}\n</tool_response>` };
  }
  if (toolCalls.length === 0) return message;
  return { role, content: [promptText(content), ...toolCalls.map(toText)].filter((text) => text !== '').join('\n') };
}

function toText({ name, argumentsJson }: ToolCall): string {
  return `${CALL_START}${callStart(name)}${spacedJson(JSON.parse(argumentsJson))}}\n${CALL_END}`;
}

/** JSON with a space after each colon and comma, as chat templates and training data have it. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${spacedJson(field)}`);
  return `{${fields.join(', ')}}`;
}
