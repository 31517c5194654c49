import type { JsonSchema } from '../engine/engine.ts';
import { isFields } from '../platform/untrusted-json.ts';
import { invalidValue, unsupportedValue } from './api-error.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** A deeper schema is no schema of an answer, and would exhaust the stack of what compiles it. */
const MOST_DEPTH = 64;

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE = ['items', 'additionalProperties'];
const SEVERAL = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const NAMED = ['properties', '$defs', 'definitions'];

/** Keywords that no grammar of ours can keep. An answer would look as if they were kept. */
const BEYOND_GRAMMARS = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'uniqueItems',
  'multipleOf',
  'patternProperties',
  'propertyNames',
  'dependentSchemas',
  'dependentRequired',
  'unevaluatedProperties',
  'unevaluatedItems',
  '$dynamicRef',
];

/** @throws AlcoveApiError `invalid_json_schema`; `unsupported_value` for a keyword that constrained decoding cannot keep */
export function checkJsonSchema(value: unknown, param: string): JsonSchema {
  if (!isFields(value)) throw invalid(param, 'a schema is an object');
  checkSchema(value, param, value, 0);
  return value;
}

function checkSchema(value: unknown, path: string, root: JsonSchema, depth: number): void {
  if (typeof value === 'boolean') return;
  if (!isFields(value)) throw invalid(path, 'a schema is an object or a boolean');
  if (depth > MOST_DEPTH) throw invalid(path, `a schema is at most ${MOST_DEPTH} levels deep`);
  for (const keyword of BEYOND_GRAMMARS) {
    const used = value[keyword];
    if (used === undefined || (keyword === 'uniqueItems' && used === false)) continue;
    throw unsupportedValue(`${path}.${keyword}`, `No engine can hold an answer to '${keyword}' (${path}).`);
  }
  checkType(value['type'], path);
  checkReference(value['$ref'], path, root);
  const { enum: values, required, pattern } = value;
  if (values !== undefined && !(Array.isArray(values) && values.length > 0)) throw invalid(path, 'enum is a list');
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string'))) {
    throw invalid(path, 'required is a list of names');
  }
  if (pattern !== undefined) checkPattern(pattern, path);
  checkParts(value, path, root, depth + 1);
}

function checkParts(value: JsonSchema, path: string, root: JsonSchema, depth: number): void {
  for (const keyword of ONE) {
    if (value[keyword] !== undefined) checkSchema(value[keyword], `${path}.${keyword}`, root, depth);
  }
  for (const keyword of SEVERAL) {
    const parts = value[keyword];
    if (parts === undefined) continue;
    if (!Array.isArray(parts) || parts.length === 0) throw invalid(path, `${keyword} is a list of schemas`);
    for (const [index, part] of parts.entries()) checkSchema(part, `${path}.${keyword}[${index}]`, root, depth);
  }
  for (const keyword of NAMED) {
    const parts = value[keyword];
    if (parts === undefined) continue;
    if (!isFields(parts)) throw invalid(path, `${keyword} has schemas by name`);
    for (const [name, part] of Object.entries(parts)) checkSchema(part, `${path}.${keyword}.${name}`, root, depth);
  }
}

function checkType(type: unknown, path: string): void {
  if (type === undefined) return;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const known = types.length > 0 && types.every((one) => typeof one === 'string' && TYPES.includes(one));
  if (!known) throw invalid(path, `type is one of ${TYPES.join(', ')}, not ${JSON.stringify(type)}`);
}

function checkPattern(pattern: unknown, path: string): void {
  try {
    if (typeof pattern === 'string' && new RegExp(pattern, 'u')) return;
  } catch {
    // No expression.
  }
  throw invalid(path, 'pattern is a regular expression');
}

/** `#/$defs/name`, and nothing that would have to be fetched. */
function checkReference(reference: unknown, path: string, root: JsonSchema): void {
  if (reference === undefined) return;
  if (typeof reference !== 'string' || !reference.startsWith('#')) {
    throw invalid(path, '$ref points into the schema itself');
  }
  let target: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    target = isFields(target) && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  if (target === undefined) throw invalid(path, `$ref ${reference} points to nothing`);
}

function invalid(path: string, reason: string) {
  return invalidValue(path, `Invalid schema at '${path}': ${reason}.`, 'invalid_json_schema');
}
