/**
 * A JSON Schema as a grammar, where an engine's own does not do: for answers that continue a prefix, and for bounds of a
 * `number`, which llama.cpp ignores. It allows fewer texts than the schema: the properties come in the schema's order, and
 * none that it does not name.
 */
import { isFields } from '../../platform/untrusted-json.ts';
import { unsupported } from '../capabilities.ts';
import type { JsonSchema } from '../engine.ts';
import { choice, EMPTY, type Grammar, literal, optional, type Rules, repeat, rule, sequence, set } from './grammar.ts';

const WHITESPACE = set([
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x20],
]);
const DIGIT = set([[0x30, 0x39]]);
const DIGIT_BUT_ZERO = set([[0x31, 0x39]]);
const HEX = set([
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
]);
const QUOTE = literal('"');

/** A small model may write nothing else. */
const MOST_WHITESPACE = 20;
/** More digits than a number in JavaScript keeps. */
const MOST_DIGITS = 15;
/** Bounded numbers are written out one by one. */
const MOST_NUMBERS = 1_000;

const ANY = 'any';
const JSON_RULES: Rules = new Map([
  ['ws', repeat(WHITESPACE, 0, MOST_WHITESPACE)],
  [
    'char',
    choice(
      set(
        [
          [0x00, 0x1f],
          [0x22, 0x22],
          [0x5c, 0x5c],
        ],
        true,
      ),
      sequence(literal('\\'), set([...'"\\/bfnrt'].map((one) => [one.charCodeAt(0), one.charCodeAt(0)]))),
      sequence(literal('\\u'), repeat(HEX, 4, 4)),
    ),
  ],
  ['string', sequence(QUOTE, repeat(rule('char'), 0, Number.POSITIVE_INFINITY), QUOTE)],
  ['natural', choice(literal('0'), sequence(DIGIT_BUT_ZERO, repeat(DIGIT, 0, MOST_DIGITS - 1)))],
  ['fraction', sequence(literal('.'), repeat(DIGIT, 1, MOST_DIGITS))],
]);
const WS = rule('ws');
const COMMA = sequence(WS, literal(','), WS);

/** Keywords with an effect on each type. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
  boolean: [],
  null: [],
};
/** Keywords whose values are no schemas. */
const VALUES = ['const', 'enum', 'default', 'examples'];
const ANNOTATIONS = [
  'title',
  'description',
  'default',
  'examples',
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
];

/** Keywords that llama.cpp keeps for an `integer` alone. */
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** Whether numbers with a fraction have bounds anywhere in the schema. */
export function boundsNumbers(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(boundsNumbers);
  if (!isFields(schema)) return false;
  const isBounded = BOUNDS.some((keyword) => typeof schema[keyword] === 'number');
  if (isBounded && schema['type'] !== 'integer') return true;
  return Object.entries(schema).some(([keyword, part]) => !VALUES.includes(keyword) && boundsNumbers(part));
}

/** @throws AlcoveError `unsupported`, whose feature is the keyword that this grammar cannot keep */
export function schemaGrammar(schema: JsonSchema): { readonly root: Grammar; readonly rules: Rules } {
  const reader = new SchemaReader(schema);
  return { root: reader.root, rules: reader.rules };
}

class SchemaReader {
  readonly rules: Map<string, Grammar> = new Map(JSON_RULES);
  readonly root: Grammar;
  readonly #schema: JsonSchema;
  readonly #references = new Map<string, string>();

  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.root = this.#value(schema);
  }

  #value(schema: unknown): Grammar {
    if (!isFields(schema)) return schema === false ? choice() : this.#any();
    const { $ref, const: constant, enum: values, anyOf, oneOf = anyOf, type } = schema;
    if (typeof $ref === 'string') return this.#only(schema, ['$ref'], this.#reference($ref));
    if (constant !== undefined) return this.#only(schema, ['const', 'type'], literal(JSON.stringify(constant)));
    if (Array.isArray(values)) {
      return this.#only(schema, ['enum', 'type'], choice(...values.map((value) => literal(JSON.stringify(value)))));
    }
    if (Array.isArray(oneOf)) {
      const keyword = anyOf === undefined ? 'oneOf' : 'anyOf';
      return this.#only(schema, [keyword], choice(...oneOf.map((option) => this.#value(option))));
    }
    const types = type === undefined ? typesOf(schema) : [type].flat().map(String);
    if (types.length === 0) return this.#only(schema, [], this.#any());
    const keywords = types.flatMap((one) => KEYWORDS[one] ?? []);
    return this.#only(schema, ['type', ...keywords], choice(...types.map((one) => this.#typed(one, schema))));
  }

  /** @throws AlcoveError for a keyword besides these and annotations */
  #only(schema: JsonSchema, keywords: readonly string[], grammar: Grammar): Grammar {
    const other = Object.keys(schema).find((keyword) => ![...keywords, ...ANNOTATIONS].includes(keyword));
    if (other !== undefined) throw unsupported(other);
    return grammar;
  }

  #typed(type: string, schema: JsonSchema): Grammar {
    switch (type) {
      case 'object':
        return this.#object(schema);
      case 'array':
        return this.#array(schema);
      case 'string':
        return sequence(QUOTE, counted(rule('char'), schema, 'minLength', 'maxLength'), QUOTE);
      case 'integer':
      case 'number':
        return numberOf(schema, type === 'number');
      case 'boolean':
        return choice(literal('true'), literal('false'));
      default:
        return literal('null');
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema): Grammar {
    const known = isFields(properties) ? properties : {};
    const needed = Array.isArray(required) ? required.map(String) : [];
    const names = [...new Set([...Object.keys(known), ...needed])];
    const pair = (name: Grammar, value: unknown): Grammar =>
      sequence(name, WS, literal(':'), WS, this.#value(value ?? true));
    const isOpen = names.length === 0 && additionalProperties !== false;
    if (isOpen)
      return enclosed('{', list(pair(rule('string'), additionalProperties), 0, Number.POSITIVE_INFINITY), '}');
    /** What may come from each property on, if it is the first one, and if others come before it. */
    let first: Grammar = EMPTY;
    let later: Grammar = EMPTY;
    for (const name of names.toReversed()) {
      const member = pair(literal(JSON.stringify(name)), known[name]);
      const isNeeded = needed.includes(name);
      const beginning = sequence(member, later);
      first = isNeeded ? beginning : choice(beginning, first);
      const next = sequence(COMMA, member);
      later = sequence(isNeeded ? next : optional(next), later);
    }
    return enclosed('{', first, '}');
  }

  #array({ items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: JsonSchema): Grammar {
    return enclosed('[', list(this.#value(items), Number(minItems), Number(maxItems)), ']');
  }

  #reference(pointer: string): Grammar {
    const known = this.#references.get(pointer);
    if (known !== undefined) return rule(known);
    const name = `ref-${this.#references.size}`;
    this.#references.set(pointer, name);
    let target: unknown = this.#schema;
    for (const step of pointer.split('/').slice(1)) {
      target = isFields(target) ? target[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
    }
    this.rules.set(name, this.#value(target));
    return rule(name);
  }

  #any(): Grammar {
    if (!this.rules.has(ANY)) {
      // Known before its parts are read, which name it.
      this.rules.set(ANY, EMPTY);
      const types = ['object', 'array', 'number', 'boolean', 'null'].map((type) => this.#typed(type, {}));
      this.rules.set(ANY, choice(rule('string'), ...types));
    }
    return rule(ANY);
  }
}

/** The types to which a schema's keywords belong that names none; none if any value may come. */
function typesOf(schema: JsonSchema): readonly string[] {
  return ['object', 'array', 'string', 'number'].filter((type) =>
    KEYWORDS[type]?.some((keyword) => schema[keyword] !== undefined),
  );
}

function enclosed(open: string, content: Grammar, close: string): Grammar {
  return sequence(literal(open), WS, content, WS, literal(close));
}

function list(item: Grammar, least: number, most: number): Grammar {
  if (most === 0) return EMPTY;
  const items = sequence(item, repeat(sequence(COMMA, item), Math.max(0, least - 1), most - 1));
  return least === 0 ? optional(items) : items;
}

function counted(of: Grammar, schema: JsonSchema, least: string, most: string): Grammar {
  return repeat(of, Number(schema[least] ?? 0), Number(schema[most] ?? Number.POSITIVE_INFINITY));
}

/** Numbers without exponents: without bounds, not below 0, or those between two bounds that are near each other. */
function numberOf({ minimum, maximum }: JsonSchema, hasFraction: boolean): Grammar {
  const fraction = hasFraction ? optional(rule('fraction')) : EMPTY;
  if (maximum === undefined && (minimum === undefined || minimum === 0)) {
    const sign = minimum === 0 ? EMPTY : optional(literal('-'));
    return sequence(sign, rule('natural'), fraction);
  }
  const [least, most] = [Number(minimum), Number(maximum)];
  if (!(most - least < MOST_NUMBERS)) throw unsupported(maximum === undefined ? 'minimum' : 'maximum');
  const numbers: Grammar[] = [];
  for (let whole = Math.ceil(least); whole <= most; whole++) {
    // All fractions lie between this number and the next one from 0.
    const isInside = whole < 0 ? whole - 1 >= least : whole + 1 <= most;
    numbers.push(sequence(literal(String(whole)), isInside ? fraction : EMPTY));
  }
  if (hasFraction && least <= -1 && most >= 0) numbers.push(sequence(literal('-0'), rule('fraction')));
  return choice(...numbers);
}
