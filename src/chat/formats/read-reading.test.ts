import { expect, test } from 'vitest';
import type { Message } from '../conversation.ts';
import { mergeMessages } from '../merge.ts';
import { textParts } from '../message-parts.ts';
import type { Reading } from '../reading.ts';
import { readReading } from './read-reading.ts';

const PASSAGE = { number: 3, document: 0, page: 13, label: '14', start: 0, end: 90, tokens: 40, score: 7.5 };
const READING: Reading = {
  documents: [{ sha256: 'a'.repeat(64), name: 'report.pdf', pages: 14, isWhole: false }],
  passages: [PASSAGE],
  tokens: 100,
};

test('what an answer has read comes back as it was written', () => {
  expect(readReading(JSON.parse(JSON.stringify(READING)))).toEqual(READING);
});

test.each([
  ['a hash that is none', { ...READING, documents: [{ ...READING.documents[0], sha256: '../x' }] }],
  ['a passage of a document that is not there', { ...READING, passages: [{ ...PASSAGE, document: 1 }] }],
  ['a passage that ends before it begins', { ...READING, passages: [{ ...PASSAGE, start: 91 }] }],
  ['places between characters', { ...READING, passages: [{ ...PASSAGE, end: 90.5 }] }],
  ['a number twice', { ...READING, passages: [PASSAGE, PASSAGE] }],
  ['no list', { ...READING, passages: { length: 1e9 } }],
  [
    'more than any window holds',
    { ...READING, passages: Array.from({ length: 10_001 }, (_, number) => ({ ...PASSAGE, number })) },
  ],
  ['nothing', undefined],
])('%s is not taken out of a file', (_, value) => {
  expect(readReading(value)).toBeUndefined();
});

test('a copy of an answer that lacks what was read gets it in a merge', () => {
  const answer: Message = {
    id: 'a',
    parentId: 'q',
    role: 'assistant',
    parts: textParts('So [3].'),
    status: 'complete',
    createdAt: 2,
  };
  expect(mergeMessages({ ...answer, parts: textParts('So [3]. Yes.') }, { ...answer, read: READING })).toMatchObject([
    { id: 'a', read: READING },
  ]);
});
