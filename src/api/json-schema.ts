import type { JsonSchema } from '../engine/engine.ts';
import { schemaFaults } from '../engine/json-schema.ts';
import { invalidValue, unsupportedValue } from './api-error.ts';

/** @throws AlcoveApiError `invalid_json_schema`; `unsupported_value` for a keyword that constrained decoding cannot keep */
export function checkJsonSchema(value: unknown, param: string): JsonSchema {
  for (const { path, reason, keyword } of schemaFaults(value, param)) {
    if (keyword === undefined) {
      throw invalidValue(path, `Invalid schema at '${path}': ${reason}.`, 'invalid_json_schema');
    }
    throw unsupportedValue(`${path}.${keyword}`, `No engine can hold an answer to '${keyword}' (${path}).`);
  }
  return value as JsonSchema;
}
