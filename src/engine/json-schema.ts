/** Checks JSON schemas that constrained decoding has to keep, or that a tool of a page has for its arguments. */
import { isFields } from '../platform/untrusted-json.ts';
import type { JsonSchema } from './engine.ts';

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

export interface SchemaFault {
  /** Where in the schema, from the path that was given: `parameters.properties.city`. */
  readonly path: string;
  readonly reason: string;
  /** The keyword, if the schema is one and constrained decoding cannot keep it. */
  readonly keyword?: string;
}

/** What is wrong with a schema, in its order. @param path its name in the faults */
export function* schemaFaults(value: unknown, path: string): Generator<SchemaFault> {
  if (isFields(value)) yield* faultsOf(value, path, value, 0);
  else yield { path, reason: 'a schema is an object' };
}

/**
 * The schema without the keywords that constrained decoding cannot keep. More values match it, so that what is written by
 * it has to be checked by the whole schema.
 */
export function decodableSchema(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([keyword]) => !BEYOND_GRAMMARS.includes(keyword));
  return Object.fromEntries(entries.map(([keyword, value]) => [keyword, decodableValue(keyword, value)]));
}

function decodableValue(keyword: string, value: unknown): unknown {
  const decodable = (part: unknown): unknown => (isFields(part) ? decodableSchema(part) : part);
  if (ONE.includes(keyword)) return decodable(value);
  if (SEVERAL.includes(keyword) && Array.isArray(value)) return value.map(decodable);
  if (!NAMED.includes(keyword) || !isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decodable(part)]));
}

function* faultsOf(value: unknown, path: string, root: JsonSchema, depth: number): Generator<SchemaFault> {
  if (typeof value === 'boolean') return;
  if (!isFields(value)) return yield { path, reason: 'a schema is an object or a boolean' };
  if (depth > MOST_DEPTH) return yield { path, reason: `a schema is at most ${MOST_DEPTH} levels deep` };
  for (const keyword of BEYOND_GRAMMARS) {
    const used = value[keyword];
    if (used === undefined || (keyword === 'uniqueItems' && used === false)) continue;
    yield { path, reason: `no engine can hold an answer to '${keyword}'`, keyword };
  }
  yield* typeFaults(value['type'], path);
  yield* referenceFaults(value['$ref'], path, root);
  const { enum: values, required, pattern } = value;
  if (values !== undefined && !(Array.isArray(values) && values.length > 0)) yield { path, reason: 'enum is a list' };
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string'))) {
    yield { path, reason: 'required is a list of names' };
  }
  if (pattern !== undefined && !isPattern(pattern)) yield { path, reason: 'pattern is a regular expression' };
  yield* partFaults(value, path, root, depth + 1);
}

function* partFaults(value: JsonSchema, path: string, root: JsonSchema, depth: number): Generator<SchemaFault> {
  for (const keyword of ONE) {
    if (value[keyword] !== undefined) yield* faultsOf(value[keyword], `${path}.${keyword}`, root, depth);
  }
  for (const keyword of SEVERAL) {
    const parts = value[keyword];
    if (parts === undefined) continue;
    if (!Array.isArray(parts) || parts.length === 0) yield { path, reason: `${keyword} is a list of schemas` };
    else
      for (const [index, part] of parts.entries()) yield* faultsOf(part, `${path}.${keyword}[${index}]`, root, depth);
  }
  for (const keyword of NAMED) {
    const parts = value[keyword];
    if (parts === undefined) continue;
    if (!isFields(parts)) yield { path, reason: `${keyword} has schemas by name` };
    else {
      for (const [name, part] of Object.entries(parts))
        yield* faultsOf(part, `${path}.${keyword}.${name}`, root, depth);
    }
  }
}

function* typeFaults(type: unknown, path: string): Generator<SchemaFault> {
  if (type === undefined) return;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const known = types.length > 0 && types.every((one) => typeof one === 'string' && TYPES.includes(one));
  if (!known) yield { path, reason: `type is one of ${TYPES.join(', ')}, not ${JSON.stringify(type)}` };
}

function isPattern(pattern: unknown): boolean {
  try {
    return typeof pattern === 'string' && new RegExp(pattern, 'u').flags === 'u';
  } catch {
    return false;
  }
}

/** `#/$defs/name`, and nothing that would have to be fetched. */
function* referenceFaults(reference: unknown, path: string, root: JsonSchema): Generator<SchemaFault> {
  if (reference === undefined) return;
  if (typeof reference !== 'string' || !reference.startsWith('#')) {
    return yield { path, reason: '$ref points into the schema itself' };
  }
  let target: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    target = isFields(target) && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  if (target === undefined) yield { path, reason: `$ref ${reference} points to nothing` };
}
