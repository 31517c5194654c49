import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findRetiredWords, retiredWordsIn } from './retired-words.ts';

it.each([
  ['// The reader chooses.', 'the user'],
  ['const rung = 1;', 'backend'],
  ['class LadderRunner {}', 'backend ranking, or BackendSelector'],
  ['It is told to the page.', 'is reported'],
  ['the sealed backup', 'encrypt, encrypted'],
  ['renderVerdict()', 'fit, or run result'],
  ['// What came of a run', 'the result of'],
  ['// Its connection broke off.', 'is cut off'],
])('finds the retired word in %j', (line, instead) => {
  expect(retiredWordsIn(`first line\n${line}`, 'src/a.ts')).toMatchObject([{ place: 'src/a.ts:2', instead }]);
});

it.each([
  'for a screen reader',
  'a wrung cloth',
  'A Blob is read.',
  'const readers = 1;',
  'the layers of a model',
  'a delay in layout',
  'the persona of a chat',
])('finds nothing in %j', (line) => {
  expect(retiredWordsIn(line, 'src/a.ts')).toEqual([]);
});

it('allows a stored name only in the files that read it', () => {
  const line = 'readonly halt: PauseReason | undefined;';
  expect(retiredWordsIn(line, 'src/storage/weights/weight-store-schema.ts')).toEqual([]);
  expect(retiredWordsIn(line, 'src/download/downloader.ts')).toHaveLength(1);
});

it('finds no retired word in the project', () => {
  expect(findRetiredWords(fileURLToPath(new URL('..', import.meta.url)))).toEqual([]);
});
