import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CharacterCodes } from './character-codes.ts';

/** More characters than have codes of one and of two bytes; the last ones take a surrogate pair each. */
const MANY = Array.from({ length: 5_000 }, (_, index) =>
  String.fromCodePoint((index < 4_500 ? 0x4e00 : 0x1f000) + index),
);

test('a text in codes has what the text has, and nothing else', () => {
  const codes = new CharacterCodes();
  codes.encode(MANY.join(''));
  // Characters whose codes share bytes, of each length.
  const character = fc.constantFrom(
    ...[0, 1, 127, 128, 129, 192, 193, 4_159, 4_160, 4_161, 4_999].map((n) => MANY[n] ?? ''),
  );
  const text = (maxLength: number) => fc.array(character, { maxLength }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text(20), text(3), (all, part) => {
      expect(codes.encode(all).includes(codes.encode(part))).toBe(all.includes(part));
    }),
  );
});

test('codes are single bytes, one for each of the first characters', () => {
  const coded = new CharacterCodes().encode(MANY.join(''));
  expect(Math.max(...Array.from(coded, (byte) => byte.charCodeAt(0)))).toBeLessThan(256);
  expect(new CharacterCodes().encode(MANY.slice(0, 128).join(''))).toHaveLength(128);
});
