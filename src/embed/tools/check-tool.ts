import { schemaFaults } from '../../engine/json-schema.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { ChatTool, ToolInputSchema } from './tool-types.ts';

/** OpenAI's, which servers check too. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** Of a schema as JSON. A longer one leaves no room for a conversation. */
const MOST_SCHEMA_CHARACTERS = 32_768;

/** Copies a tool that no compiler has checked. @throws AlcoveError `tool-invalid` */
export function checkTool(tool: ChatTool): ChatTool {
  // A page may pass anything.
  const { name, description, inputSchema, readOnly, confirm } = (tool ?? {}) as Partial<ChatTool>;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(String(name), 'name is not 1 to 64 letters, digits, _ and -');
  }
  if (description !== undefined && typeof description !== 'string') throw invalid(name, 'description is not a string');
  if (typeof tool.execute !== 'function') throw invalid(name, 'execute is not a function');
  return {
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema: checkSchema(name, inputSchema) }),
    readOnly: readOnly === true,
    confirm: confirm ?? readOnly !== true,
    execute: (input, options) => tool.execute(input, options),
  };
}

/** Copies a schema, so that a later change by the page has no effect. @throws AlcoveError `tool-invalid` */
export function checkSchema(name: string, schema: unknown): ToolInputSchema {
  const json = toJson(schema) ?? '';
  if (json.length > MOST_SCHEMA_CHARACTERS) throw invalid(name, 'inputSchema is too long');
  const copy: unknown = json === '' ? undefined : JSON.parse(json);
  const fault = [...schemaFaults(copy, 'inputSchema')].find(({ keyword }) => keyword === undefined);
  if (fault !== undefined) throw invalid(name, `${fault.path}: ${fault.reason}`);
  const checked = copy as ToolInputSchema;
  if ((checked['type'] ?? 'object') !== 'object') throw invalid(name, 'inputSchema.type is not object');
  return checked;
}

export function invalid(tool: string, reason: string): AlcoveError {
  return new AlcoveError('tool-invalid', `tool ${tool}: ${reason}`, { data: { tool, reason } });
}

/** Undefined for what JSON cannot hold, such as a circle. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
