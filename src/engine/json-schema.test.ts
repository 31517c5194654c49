import { expect, test } from 'vitest';
import { decodableSchema, schemaFaults } from './json-schema.ts';

function faults(value: unknown): string[] {
  return [...schemaFaults(value, 's')].map(({ path, reason, keyword }) => `${path}: ${keyword ?? reason}`);
}

test('all faults of a schema are found, each with its place', () => {
  const schema = {
    type: 'thing',
    properties: { a: { $ref: '#/$defs/none' }, b: { pattern: '(', not: {} }, c: 3 },
    required: 'a',
    anyOf: [],
  };
  expect(faults(schema)).toEqual([
    expect.stringMatching(/^s: type is one of/),
    's: required is a list of names',
    's: anyOf is a list of schemas',
    's.properties.a: $ref #/$defs/none points to nothing',
    's.properties.b: not',
    's.properties.b: pattern is a regular expression',
    's.properties.c: a schema is an object or a boolean',
  ]);
  expect(faults('text')).toEqual(['s: a schema is an object']);
  const circular: Record<string, unknown> = {};
  circular['items'] = circular;
  expect(faults(circular)).toEqual([expect.stringMatching(/at most 64 levels deep$/)]);
});

test('a schema for constrained decoding lacks what no grammar can keep, and keeps properties of those names', () => {
  const schema = {
    type: 'object',
    properties: { not: { type: 'string', not: { const: '' } }, list: { items: { multipleOf: 2, type: 'integer' } } },
    oneOf: [{ if: {}, required: ['not'] }],
    uniqueItems: true,
  };
  expect(decodableSchema(schema)).toEqual({
    type: 'object',
    properties: { not: { type: 'string' }, list: { items: { type: 'integer' } } },
    oneOf: [{ required: ['not'] }],
  });
  expect(faults(decodableSchema(schema))).toEqual([]);
});
