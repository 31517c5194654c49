import { expect, it } from 'vitest';
import { retiredWordsIn } from './retired-words.ts';

it.each([
  ['// The reader chooses.', 'the user'],
  ['const rung = 1;', 'backend'],
  ['class LadderRunner {}', 'backend ranking, or BackendSelector'],
  ['It is told to the page.', 'is reported'],
  ['the sealed backup', 'encrypt, encrypted'],
  ['renderVerdict()', 'fit, or run result'],
])('finds the retired word in %j', (line, instead) => {
  expect(retiredWordsIn(`first line\n${line}`, 'src/a.ts')).toMatchObject([{ place: 'src/a.ts:2', instead }]);
});

it.each(['for a screen reader', 'a wrung cloth', 'A Blob is read.', 'const readers = 1;', 'the persona of a chat'])(
  'finds nothing in %j',
  (line) => {
    expect(retiredWordsIn(line, 'src/a.ts')).toEqual([]);
  },
);
