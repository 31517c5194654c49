import { expect, test } from 'vitest';
import { toGbnf } from '../../engine/grammar/grammar.ts';
import { grammarOf } from './regexp-grammar.ts';

test.each([
  [/hello/, 'root ::= [h] [e] [l] [l] [o]\n'],
  [/^(yes|no)$/, 'root ::= [y] [e] [s] | [n] [o]\n'],
  [/^[a-z]$/, 'root ::= [a-z]\n'],
  [/^-?\d+(?:\.\d{1,2})?$/, `${String.raw`root ::= [\u002D]? [0-9]+ ([\u002E] [0-9]{1,2})?`}\n`],
  [/^([^,]+,)+[^,]+$/, `${String.raw`root ::= ([^\u002C]+ [\u002C])+ [^\u002C]+`}\n`],
  [/^[\w.-]+@[a-z]{2,}$/, `${String.raw`root ::= [a-zA-Z0-9\u005F\u002E\u002D]+ [\u0040] [a-z]{2,}`}\n`],
  [/^.{0,125}?$/, `${String.raw`root ::= [^\u000A\u000D]{0,125}`}\n`],
  [/(?<day>\d\d)\n\u0041\x42/, `${String.raw`root ::= [0-9] [0-9] [\u000A] [A] [B]`}\n`],
  [/^$|a/, 'root ::= "" | [a]\n'],
  [/\S/, `${String.raw`root ::= [^\u0009-\u000D\u0020\u00A0\uFEFF]`}\n`],
])('%s becomes a grammar', (expression, grammar) => {
  expect(toGbnf(grammarOf(expression))).toBe(grammar);
});

test.each([/a(?=b)/, /(?<!a)b/, /(a)\1/, /\bword\b/, /\p{L}/u, /yes/i, /a^b/, /[\D]/, /\P{L}/u])(
  '%s is refused by name',
  (expression) => {
    expect(() => grammarOf(expression)).toThrow(expect.objectContaining({ name: 'NotSupportedError' }));
  },
);
