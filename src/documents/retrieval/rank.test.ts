import { expect, test } from 'vitest';
import { fuse, rankByVectors, rankByWords } from './rank.ts';
import { TermIndexBuilder } from './term-index.ts';

function indexOf(...passages: readonly string[]) {
  const builder = new TermIndexBuilder();
  for (const passage of passages) builder.add(passage);
  return builder.build();
}

function found(query: string, ...documents: readonly (readonly string[])[]): (string | undefined)[] {
  const ranked = rankByWords(
    query,
    documents.map((passages) => indexOf(...passages)),
    10,
  );
  return ranked.map(({ document, passage }) => documents[document]?.[passage]);
}

test('a rare word decides over common ones, over all documents', () => {
  expect(found('the tide', ['the boat the boat', 'the tide'], ['the sea', 'the sky'])[0]).toBe('the tide');
});

test('a short passage comes before a long one with the same words, and repeats count less and less', () => {
  expect(found('tide', [`tide ${'sea '.repeat(50)}`, 'tide sea'])[0]).toBe('tide sea');
  expect(found('tide boat', ['tide tide tide tide tide tide', 'tide boat and much more'])[0]).toBe(
    'tide boat and much more',
  );
});

test('a word finds itself before longer words that begin with it, without case and accents', () => {
  expect(found('HARBÓUR', ['harbours here', 'a harbour here', 'port'])).toEqual(['a harbour here', 'harbours here']);
});

test.each([
  ['潮汐', '今天的潮汐很高', '今天天气很好'],
  ['データ分析', 'データの分析をする', '船が来る'],
  ['เรือ', 'ผมมีเรือสองลำ', 'อากาศดี'],
])('%s is found in a text without spaces', (query, text, other) => {
  expect(found(query, [other, text])[0]).toBe(text);
});

test('vectors rank by their angle, and passages without one are left out', () => {
  const ranked = rankByVectors(Float32Array.of(1, 0), [Float32Array.of(0, 1, 0.6, 0.8), Float32Array.of(1, 0)], 2);
  expect(ranked.map(({ document, passage }) => [document, passage])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('what two rankings have high up comes before what one of them has first', () => {
  const at = (passage: number) => ({ document: 0, passage, score: 0 });
  expect(
    fuse(
      [
        [at(1), at(2)],
        [at(3), at(2)],
      ],
      3,
    ).map(({ passage }) => passage),
  ).toEqual([2, 1, 3]);
});

test('the best are kept when many passages match', () => {
  const passages = Array.from({ length: 3_000 }, (_, index) => `tide ${'sea '.repeat((index * 7_919) % 3_000)}`);
  const ranked = rankByWords('tide', [indexOf(...passages)], 3);
  expect(ranked.map(({ passage }) => (passage * 7_919) % 3_000)).toEqual([0, 1, 2]);
});
