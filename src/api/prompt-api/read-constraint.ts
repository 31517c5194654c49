import type { ResponseFormat } from '../../engine/engine.ts';
import { advance, type Grammar, type Rules, toGbnf } from '../../engine/grammar/grammar.ts';
import { schemaGrammar } from '../../engine/grammar/schema-grammar.ts';
import { checkJsonSchema } from '../json-schema.ts';
import { grammarOf } from './regexp-grammar.ts';

/**
 * Reads a `responseConstraint`.
 * @param prefix the beginning of the answer: what is returned holds the rest, so that the constraint holds both
 * @throws DOMException `NotSupportedError`; AlcoveError `unsupported`; AlcoveApiError for a schema that is none
 */
export function readConstraint(constraint: object | undefined, prefix: string): ResponseFormat | undefined {
  if (constraint === undefined || constraint === null) return undefined;
  if (constraint instanceof RegExp) return restOf({ root: grammarOf(constraint) }, prefix);
  const schema = checkJsonSchema(toPlain(constraint), 'responseConstraint');
  // The engine knows more keywords than the grammar of ours.
  return prefix === '' ? { type: 'json-schema', schema } : restOf(schemaGrammar(schema), prefix);
}

function restOf({ root, rules }: { root: Grammar; rules?: Rules }, prefix: string): ResponseFormat {
  const rest = advance(root, prefix, rules);
  if (rest === undefined) throw new DOMException('the prefix breaks the responseConstraint', 'NotSupportedError');
  return { type: 'grammar', grammar: toGbnf(rest, rules) };
}

/** @throws DOMException `NotSupportedError` for what is no JSON, such as a circle */
function toPlain(constraint: object): unknown {
  try {
    return JSON.parse(JSON.stringify(constraint));
  } catch (error) {
    throw new DOMException(String(error), 'NotSupportedError');
  }
}
