import type { ResponseFormat } from '../../engine/engine.ts';
import { checkJsonSchema } from '../json-schema.ts';
import { grammarOf } from './regexp-grammar.ts';

/** Reads a `responseConstraint`. @throws DOMException `NotSupportedError`; AlcoveApiError for a schema that is none */
export function readConstraint(constraint: object | undefined): ResponseFormat | undefined {
  if (constraint === undefined || constraint === null) return undefined;
  if (constraint instanceof RegExp) return { type: 'grammar', grammar: grammarOf(constraint) };
  return { type: 'json-schema', schema: checkJsonSchema(toPlain(constraint), 'responseConstraint') };
}

/** @throws DOMException `NotSupportedError` for what is no JSON, such as a circle */
function toPlain(constraint: object): unknown {
  try {
    return JSON.parse(JSON.stringify(constraint));
  } catch (error) {
    throw new DOMException(String(error), 'NotSupportedError');
  }
}
