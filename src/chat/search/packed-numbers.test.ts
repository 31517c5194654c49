import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedNumbers } from './packed-numbers.ts';

test('packed numbers are those that were put in, near ones and far ones', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { minLength: 1 }), fc.uniqueArray(fc.nat(300)), (some, near) => {
      const numbers = [...new Set([...some, ...near])].sort((a, b) => a - b);
      const packed = new PackedNumbers(numbers.slice(0, 1));
      for (const number of numbers.slice(1)) packed.push(number);
      const found: number[] = [];
      packed.forEach((number) => {
        found.push(number);
      });
      expect(found).toEqual(numbers);
      expect(packed.at(-1)).toBe(numbers.at(-1));
    }),
  );
});
