import { describe, expect, it } from 'vitest';
import prompts from '../../tools/toy-model/prompts.json';
import { findDegeneration } from './degenerate-text.ts';

describe('a text that shows a broken model', () => {
  it.each([
    ['nothing', ' \n', 'empty'],
    ['one character without end, as when all numbers are NaN', '!!!!!!!!!!!!!!!!!!!!!!!!', 'repetition'],
    ['one word without end', ' the the the the the the the the', 'repetition'],
    [
      'a good beginning that gets stuck',
      'Sure: one, two, one, two, one, two, one, two, one, two, one, two',
      'repetition',
    ],
    ['bytes that are no characters', 'a\uFFFDb\uFFFD\uFFFDc\uFFFD done and over', 'invalid-text'],
    ['control characters', '\u0001\u0002 one two three', 'invalid-text'],
    ['tokens drawn at random', 'ordо 의 ভা ward λό ไฟ unter 請求', 'mixed-scripts'],
  ])('is detected: %s', (_, text, expected) => {
    expect(findDegeneration(text)).toBe(expected);
  });
});

describe('a text that a working model can write', () => {
  it.each([
    'one, two, three, four, five, six, seven, eight, nine, ten',
    '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17',
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12',
    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20',
    'Sure! Here is the count:\n\n1. One\n2. Two\n3. Three\n4. Four',
    '<think>\nOkay, the user wants me to count from one to twenty. Let me',
    '一、二、三、四、五、六、七、八、九、十、十一、十二',
    'ひとつ、ふたつ、みっつ。カウントを1から20まで数えます。',
    'один, два, три, четыре, пять, шесть, семь, восемь',
    'Ha ha ha!',
    'Yes.',
    // Its last byte has not come yet.
    'one two three \uFFFD',
  ])('is not flagged: %s', (text) => {
    expect(findDegeneration(text)).toBeUndefined();
  });

  it('is not flagged: each of the toy’s answers and each prefix of one', () => {
    for (const { answer } of prompts) {
      const beginnings = Array.from({ length: Math.min(answer.length, 200) }, (_, index) => answer.slice(0, index + 1));
      expect(beginnings.filter((text) => findDegeneration(text) !== undefined && text.trim() !== '')).toEqual([]);
    }
  });
});
