import { Validator } from '@cfworker/json-schema';
import type { JsonSchema } from '../../../engine/engine.ts';
import { isFields } from '../../../platform/untrusted-json.ts';
import type { ToolArguments } from './tool-box.ts';

/**
 * Reads the arguments of a call. Constrained decoding holds our engines to most of a schema; servers promise nothing.
 * @throws TypeError whose message tells the model what is wrong
 */
export function readArguments(json: string, schema: JsonSchema | undefined): ToolArguments {
  const value = parse(json);
  if (!isFields(value)) throw new TypeError('the arguments are not a JSON object');
  const { valid, errors } = new Validator({ type: 'object', ...schema }, '2020-12', true).validate(value);
  if (valid) return value;
  // The last one is about the innermost value.
  const { instanceLocation = '#', error = 'invalid' } = errors.at(-1) ?? {};
  throw new TypeError(`the arguments do not match the schema at ${instanceLocation}: ${error}`);
}

function parse(json: string): unknown {
  try {
    // Some models write nothing where there are no arguments.
    return json.trim() === '' ? {} : JSON.parse(json);
  } catch {
    return undefined;
  }
}
