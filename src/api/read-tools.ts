import type { GenerateRequest, Tool, ToolChoice } from '../engine/engine.ts';
import { invalidValue } from './api-error.ts';
import { checkJsonSchema } from './json-schema.ts';
import { Parameters } from './parameters.ts';

/** OpenAI's own limits. */
const MOST_TOOLS = 128;
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

type ToolRequest = Pick<GenerateRequest, 'tools' | 'toolChoice'>;

/** `nested`: name and schema below `function`, as in chat completions; `flat`: beside the type, as in responses. */
export type ToolShape = 'nested' | 'flat';

/** Reads `tools` and `tool_choice`. */
export function readTools(parameters: Parameters, shape: ToolShape): ToolRequest {
  const list = parameters.list('tools', { most: MOST_TOOLS });
  const tools = list?.map((tool) => readTool(tool, shape)) ?? [];
  const repeated = tools.find(({ name }, index) => tools.findIndex((other) => other.name === name) !== index);
  if (repeated !== undefined) {
    throw invalidValue(parameters.pathOf('tools'), `Invalid 'tools': two are called '${repeated.name}'.`);
  }
  const toolChoice = readChoice(parameters, tools, shape);
  return { ...(tools.length > 0 && { tools }), ...(toolChoice !== undefined && { toolChoice }) };
}

function readTool(tool: Parameters, shape: ToolShape): Tool {
  tool.required('type');
  tool.oneOf('type', ['function']);
  if (shape === 'flat') return readFunction(tool);
  tool.required('function');
  const read = readFunction(tool.object('function') ?? tool);
  tool.end();
  return read;
}

function readFunction(parameters: Parameters): Tool {
  const name = readName(parameters);
  const description = parameters.string('description');
  const schema = parameters.get('parameters');
  const path = parameters.pathOf('parameters');
  parameters.boolean('strict');
  parameters.end();
  const checked = schema === undefined ? undefined : checkJsonSchema(schema, path);
  if (checked !== undefined && (checked['type'] ?? 'object') !== 'object') {
    throw invalidValue(path, `Invalid schema at '${path}': arguments are an object.`, 'invalid_json_schema');
  }
  return {
    name,
    ...(description !== undefined && { description }),
    ...(checked !== undefined && { parameters: checked }),
  };
}

/** A name as OpenAI accepts it, for tools and schemas. */
export function readName(parameters: Parameters): string {
  const name = parameters.requiredString('name');
  if (NAME.test(name)) return name;
  const param = parameters.pathOf('name');
  throw invalidValue(param, `Invalid '${param}': up to 64 letters, digits, '_' and '-', but got '${name}'.`);
}

function readChoice(parameters: Parameters, tools: readonly Tool[], shape: ToolShape): ToolChoice | undefined {
  const value = parameters.get('tool_choice');
  if (value === undefined) return undefined;
  const param = parameters.pathOf('tool_choice');
  if (typeof value === 'string') {
    const choice = parameters.oneOf('tool_choice', ['none', 'auto', 'required']);
    if (choice !== 'required' || tools.length > 0) return choice;
    throw invalidValue(param, `Invalid '${param}': 'required' needs tools.`);
  }
  const named = new Parameters(value, param);
  named.required('type');
  named.oneOf('type', ['function']);
  const target = shape === 'flat' ? named : (named.object('function') ?? named);
  const name = target.requiredString('name');
  target.end();
  named.end();
  if (!tools.some((tool) => tool.name === name)) {
    throw invalidValue(param, `Invalid '${param}': no tool is called '${name}'.`);
  }
  return { name };
}
