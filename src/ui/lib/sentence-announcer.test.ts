import { expect, test } from 'vitest';
import { SentenceAnnouncer } from './sentence-announcer.ts';

function said(region: HTMLElement): string[] {
  return [...region.children].map((line) => line.textContent ?? '');
}

test('a sentence is announced when it is finished, and once', () => {
  const region = document.createElement('div');
  const announcer = new SentenceAnnouncer(region);
  const answer = 'The **Moon** is 384,400 km away. It is [old](https://example.org). And';
  for (let end = 1; end <= answer.length; end += 1) announcer.update('a', answer.slice(0, end));
  expect(said(region)).toEqual(['The Moon is 384,400 km away.', 'It is old.']);
  announcer.finish('a', `${answer} grey`);
  expect(said(region)).toEqual(['The Moon is 384,400 km away.', 'It is old.', 'And grey']);
});

test('link targets are not announced', () => {
  const region = document.createElement('div');
  const announcer = new SentenceAnnouncer(region);
  announcer.update('a', 'See [the page][1].\n\n[1]: https://example.org/ "One. Two"\n\n[Note]: nothing else.\n');
  expect(said(region)).toEqual(['See [the page][1].\n\n\n\n[Note]: nothing else.']);
});

test('the next answer starts from scratch, and an answer from before is not announced', () => {
  const region = document.createElement('div');
  const announcer = new SentenceAnnouncer(region);
  announcer.finish('old', 'An old answer.');
  announcer.update('a', 'One. ');
  announcer.update('b', 'Two. ');
  expect(said(region)).toEqual(['One.', 'Two.']);
});
