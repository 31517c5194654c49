import { expect, test } from 'vitest';
import type { Message } from './conversation.ts';
import { textParts } from './message-parts.ts';
import { ATTACHMENTS } from './testing/random-edits.ts';
import { titleFor, titleFrom, titleOf } from './title.ts';

function said(...texts: readonly string[]): Message[] {
  return texts.map((text, n) => ({
    id: `m${n}`,
    parentId: n === 0 ? undefined : `m${n - 1}`,
    role: n % 2 === 0 ? 'user' : 'assistant',
    parts: textParts(text),
    status: 'complete',
    createdAt: n,
  }));
}

test('a title is the first line that has words, without Markdown', () => {
  expect(titleFrom('  Hello there\nmore')).toBe('Hello there');
  expect(titleFrom('```js\nconst boat = 1;\n```')).toBe('js');
  expect(titleFrom('\n---\n## The **ark**, part `2`\n')).toBe('The ark, part 2');
  expect(titleFrom('Context:\nThe box holds a mirror.\nOpen it.')).toBe('Context: The box holds a mirror.');
  expect(titleFrom('What I have:')).toBe('What I have:');
  expect(titleFrom('')).toBe('');
  expect(titleFrom('🚢🚢')).toBe('🚢🚢');
  expect(titleFrom('???')).toBe('???');
});

test('a long title is cut at a sentence, else at a word, never inside a character', () => {
  expect(titleFrom(`Explain tides to a child. ${'word '.repeat(30)}`)).toBe('Explain tides to a child.');
  const long = titleFrom('word '.repeat(30));
  expect(long.length).toBeLessThanOrEqual(61);
  expect(long).toMatch(/word…$/);
  expect(titleFrom('x'.repeat(100))).toBe(`${'x'.repeat(60)}…`);
  expect(titleFrom('🚢'.repeat(100))).toBe(`${'🚢'.repeat(60)}…`);
});

test('a greeting does not become the title if a later line has more to say', () => {
  expect(titleFor(said('Hi!'))).toBe('Hi!');
  expect(titleFor(said('Hi!', 'Hello.', 'How do boats float?'))).toBe('How do boats float?');
  expect(titleFor(said('Guten Morgen', 'Hallo.', 'Was ist ein Boot?', 'Ein Schiff.', 'Und ein Floß?'))).toBe(
    'Was ist ein Boot?',
  );
  expect(titleFor([])).toBe('');
});

test('a question without text is named after its file', () => {
  expect(titleOf({ parts: ATTACHMENTS.slice(1, 2) })).toBe('tides.pdf');
  expect(titleOf({ parts: [] })).toBe('');
});

test('a title has no lone surrogates and no characters that change the text direction', () => {
  expect(titleFrom('\ud800 boats')).toBe('\ufffd boats');
  expect(titleFrom('abc\u202edcba')).toBe('abc dcba');
  expect(titleFrom('a\u0000b')).toBe('a b');
});

test('a title for ten megabytes of text is created without delay', () => {
  expect(titleFrom('boat '.repeat(2_000_000))).toMatch(/^boat .*…$/);
});
