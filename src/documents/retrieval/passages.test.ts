import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DocumentText } from '../document-text.ts';
import { passagesOf } from './passages.ts';

function documentOf(...pages: readonly string[]): DocumentText {
  return { kind: 'text', pages: pages.map((text, index) => ({ label: `p${index}`, text })) };
}

const sentence = (number: number): string =>
  `Sentence ${number} describes another remarkable harbour whose fishermen painted every vessel crimson.`;

test('a short page is one passage with its label', () => {
  expect(passagesOf(documentOf('One.\n\nTwo.', '', ' Three.\n'))).toEqual([
    { page: 0, label: 'p0', start: 0, end: 10, text: 'One.\n\nTwo.' },
    { page: 2, label: 'p2', start: 1, end: 7, text: 'Three.' },
  ]);
});

test('a long page is cut at ends of sentences into 200 to 300 words, which overlap by a sentence or more', () => {
  const passages = passagesOf(documentOf(Array.from({ length: 100 }, (_, index) => sentence(index)).join(' ')));
  expect(passages.length).toBeGreaterThan(4);
  for (const { text } of passages.slice(0, -1)) {
    expect(text.split(/\s+/).length).toBeGreaterThan(180);
    expect(text.split(/\s+/).length).toBeLessThan(330);
    expect(text).toMatch(/^Sentence .*crimson\.$/s);
  }
  for (const [index, { start }] of passages.entries()) {
    if (index > 0) expect(start).toBeLessThan(passages[index - 1]?.end ?? 0);
  }
});

test('a passage ends with its paragraph where that is long enough', () => {
  const paragraph = Array.from({ length: 18 }, (_, index) => sentence(index)).join(' ');
  const [first] = passagesOf(documentOf(`${paragraph}\n\n${paragraph}`));
  expect(first?.text).toBe(paragraph);
});

test('a text without spaces or sentences is cut too, never within a character', () => {
  const passages = passagesOf(documentOf('潮'.repeat(3_000), '𠮷'.repeat(9_000), 'x'.repeat(20_000)));
  expect(passages.filter(({ page }) => page === 0).length).toBeGreaterThan(4);
  for (const { text } of passages) {
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThan(2_500);
  }
});

test('every word of a page is in a passage, at the place that the passage names', () => {
  const word = fc.constantFrom('tide', 'Boat.', '\n\n', '\n', '潮が満ちる。', 'x'.repeat(900), '- a', '😀');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 400 }), (words) => {
      const page = words.join(' ');
      const passages = passagesOf(documentOf(page));
      let covered = 0;
      for (const { start, end, text } of passages) {
        expect(page.slice(start, end)).toBe(text);
        expect(page.slice(covered, Math.max(start, covered)).trim()).toBe('');
        expect(end).toBeGreaterThan(covered);
        covered = end;
      }
      expect(page.slice(covered).trim()).toBe('');
    }),
  );
});
