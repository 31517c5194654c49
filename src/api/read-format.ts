import type { ResponseFormat } from '../engine/engine.ts';
import { unsupportedParameter } from './api-error.ts';
import { checkJsonSchema } from './json-schema.ts';
import type { Parameters } from './parameters.ts';
import { readName } from './read-tools.ts';

/** Reads `response_format` of a chat completion, or `text.format` of a response, whose schema is not nested. */
export function readFormat(format: Parameters | undefined, shape: 'nested' | 'flat'): ResponseFormat | undefined {
  if (format === undefined) return undefined;
  format.required('type');
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema']);
  const read = type === 'json_schema' ? readJsonSchema(format, shape) : undefined;
  format.end();
  return type === 'json_object' ? { type: 'json' } : read;
}

function readJsonSchema(format: Parameters, shape: 'nested' | 'flat'): ResponseFormat {
  if (shape === 'nested') format.required('json_schema');
  const named = shape === 'nested' ? (format.object('json_schema') ?? format) : format;
  readName(named);
  // For people who read the request; a model is not told about it by OpenAI's protocol.
  named.accept('description');
  named.boolean('strict');
  const schema = named.get('schema');
  if (schema === undefined)
    throw unsupportedParameter(named.pathOf('schema'), 'A format without a schema is no format.');
  const checked = checkJsonSchema(schema, named.pathOf('schema'));
  if (shape === 'nested') named.end();
  return { type: 'json-schema', schema: checked };
}
