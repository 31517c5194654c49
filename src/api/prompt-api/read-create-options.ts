import { isFields } from '../../platform/untrusted-json.ts';
import { readOptions } from './language-model-availability.ts';
import type { LanguageModelCreateOptions, LanguageModelTool } from './language-model-types.ts';

/** Validates the options of `create`, apart from the prompts. @throws TypeError, RangeError */
export function checkCreateOptions(options: LanguageModelCreateOptions): void {
  readOptions(options);
  const { samplingMode, temperature, topK, tools = [] } = options;
  if (samplingMode !== undefined && (temperature !== undefined || topK !== undefined)) {
    throw new TypeError('samplingMode excludes temperature and topK');
  }
  if (temperature !== undefined && !(temperature >= 0)) throw new RangeError('temperature is not negative');
  if (topK !== undefined && !(topK >= 1)) throw new RangeError('topK is at least 1');
  for (const tool of tools) checkTool(tool);
  if (new Set(tools.map(({ name }) => name)).size < tools.length) throw new TypeError('two tools have one name');
}

function checkTool({ name, description, inputSchema, execute }: LanguageModelTool): void {
  if (typeof name !== 'string' || name === '') throw new TypeError('a tool has a name');
  if (typeof description !== 'string' || description === '') throw new TypeError(`${name} has no description`);
  // What cannot be serialized throws its own error: a circle, or a getter of the page's.
  const schema: unknown = JSON.parse(JSON.stringify(inputSchema ?? null));
  if (!isFields(schema) || schema['type'] !== 'object') throw new TypeError(`the schema of ${name} is of no object`);
  const { properties = {}, required = [] } = schema;
  if (!isFields(properties) || !Array.isArray(required)) throw new TypeError(`the schema of ${name} is malformed`);
  if (typeof execute !== 'function') throw new TypeError(`${name} has no function execute`);
}
