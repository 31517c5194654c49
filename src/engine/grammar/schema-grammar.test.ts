import { expect, test } from 'vitest';
import { advance, toGbnf } from './grammar.ts';
import { boundsNumbers, schemaGrammar } from './schema-grammar.ts';

/** Whether a text is a beginning of something that the schema's grammar allows. */
function begins(schema: Readonly<Record<string, unknown>>, text: string): boolean {
  const { root, rules } = schemaGrammar(schema);
  return advance(root, text, rules) !== undefined;
}

/** Whether the grammar allows the text, and nothing after it. */
function isWhole(schema: Readonly<Record<string, unknown>>, text: string): boolean {
  const { root, rules } = schemaGrammar(schema);
  const rest = advance(root, text, rules);
  return rest !== undefined && toGbnf(rest) === 'root ::= ""\n';
}

const LABEL = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 3 }, age: { type: 'integer', minimum: 0 }, tags: { items: {} } },
  required: ['age'],
} as const;
const TREE = { $ref: '#/$defs/node', $defs: { node: { type: 'array', items: { $ref: '#/$defs/node' } } } } as const;

test.each<readonly [schema: Readonly<Record<string, unknown>>, text: string]>([
  [LABEL, '{"name":"Ann","age":7}'],
  [LABEL, '{ "age" : 70 , "tags" : [1, {"a": null}, "x\\u00e9\\n"] }'],
  [TREE, '[[],[[]]]'],
  [{}, '{"a":[true,-1.5,"b"]}'],
  [{ type: ['boolean', 'null'] }, 'null'],
  [{ type: 'object' }, '{"any":{}}'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, '{"a":true,"b":false}'],
  [{ type: 'object', additionalProperties: false }, '{}'],
  [{ type: 'integer', minimum: -2, maximum: 12 }, '-2'],
  [{ type: 'number', minimum: -1, maximum: 1 }, '-0.25'],
  [{ anyOf: [{ const: { a: 1 } }, { type: 'string' }] }, '{"a":1}'],
  [{ type: 'array', items: { type: 'null' }, minItems: 2, maxItems: 2 }, '[null, null]'],
])('the grammar of %j allows %s', (schema, text) => {
  for (let length = 0; length <= text.length; length++) expect(begins(schema, text.slice(0, length))).toBe(true);
});

test.each<readonly [schema: Readonly<Record<string, unknown>>, text: string]>([
  [LABEL, '{"name":"Anna'],
  [LABEL, '{"name":"Ann"}'],
  [LABEL, '{"age":-'],
  [LABEL, '{"height"'],
  [TREE, '[1'],
  [{ type: 'boolean' }, 'tr '],
  [{ type: 'integer', minimum: 1, maximum: 12 }, '13'],
  [{ type: 'integer', minimum: 1, maximum: 12 }, '1.'],
  [{ type: 'number', minimum: 0, maximum: 5 }, '5.'],
  [{ type: 'array', items: { type: 'null' }, minItems: 2 }, '[null]'],
  [{ type: 'array', items: {}, maxItems: 1 }, '[1,'],
])('the grammar of %j does not allow %s', (schema, text) => {
  expect(begins(schema, text)).toBe(false);
});

test('a text that is whole has nothing after it', () => {
  expect(isWhole({ enum: ['a', 'ab'] }, '"ab"')).toBe(true);
  expect(isWhole({ enum: ['a', 'ab'] }, '"a')).toBe(false);
});

test.each([{ type: 'string', pattern: 'a' }, { type: 'integer', minimum: 5 }, { allOf: [{}] }, { prefixItems: [{}] }])(
  '%j is refused by its keyword',
  (schema) => {
    const keyword = Object.keys(schema).at(-1) ?? '';
    expect(() => schemaGrammar(schema)).toThrow(
      expect.objectContaining({ code: 'unsupported', data: { feature: keyword } }),
    );
  },
);

test.each<readonly [schema: object, has: boolean]>([
  [{ type: 'number', minimum: 0 }, true],
  [{ items: { anyOf: [{ type: ['integer', 'number'], exclusiveMaximum: 2 }] } }, true],
  [{ $defs: { share: { maximum: 1 } } }, true],
  [{ type: 'integer', minimum: 0 }, false],
  [{ properties: { minimum: { type: 'number' } }, const: { minimum: 1 } }, false],
])('numbers with bounds in %j: %s', (schema, has) => {
  expect(boundsNumbers(schema)).toBe(has);
});
