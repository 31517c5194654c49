import { expect, test } from 'vitest';
import { EchoFilter } from './echo-filter.ts';

function filtered(start: string, pieces: readonly string[]): string {
  const filter = new EchoFilter(start);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
}

test('the repeated prefix of a continued answer is removed once, however it is split', () => {
  expect(filtered('The sky', ['The sky is', ' blue.'])).toBe(' is blue.');
  expect(filtered('The sky', ['The', ' sky', ' is', ' The sky'])).toBe(' is The sky');
  expect(filtered('The sky', ['The sky'])).toBe('');
});

test('an answer that does not repeat its prefix stays complete', () => {
  expect(filtered('The sky', [' is blue.'])).toBe(' is blue.');
  expect(filtered('The sky', ['The', ' end'])).toBe('The end');
  expect(filtered('The sky', ['The'])).toBe('The');
  expect(filtered('', ['The sky', ' is'])).toBe('The sky is');
});
