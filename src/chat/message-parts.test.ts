import { expect, test } from 'vitest';
import {
  appended,
  otherParts,
  reasoningMsOf,
  reasoningOf,
  resultOf,
  textOf,
  textParts,
  withText,
} from './message-parts.ts';
import { ATTACHMENTS } from './testing/random-edits.ts';

const [image] = ATTACHMENTS;
const [text] = textParts('The Moon');
const [thought] = textParts('', 'Hm.', 20);
if (image === undefined || text === undefined || thought === undefined) throw new Error('unreachable');

test('text, reasoning and its duration are read across the other parts', () => {
  const parts = [...textParts('One', 'Hm', 20), image, ...textParts(' two', '!', 5)];
  expect([textOf({ parts }), reasoningOf({ parts }), reasoningMsOf({ parts })]).toEqual(['One two', 'Hm!', 25]);
  expect(otherParts({ parts })).toEqual([image]);
  expect([textOf({ parts: [] }), reasoningMsOf({ parts: textParts('One', 'Hm') })]).toEqual(['', undefined]);
  expect(textParts('')).toEqual([]);
});

test('a new text replaces the old one in its place, and every other part stays', () => {
  expect(withText([thought, text, image, text], 'New')).toEqual([thought, ...textParts('New'), image]);
  expect(withText([image], 'New')).toEqual([image, ...textParts('New')]);
  expect(withText([image, text], '')).toEqual([image]);
});

test('a new text of an answer that has called tools follows their results', () => {
  const call = { type: 'tool-call', id: 'c', name: 'now', argumentsJson: '{}', state: 'complete' } as const;
  const result = { type: 'tool-result', toolCallId: 'c', content: '12:00' } as const;
  expect(withText([text, call, result, text], 'New')).toEqual([call, result, ...textParts('New')]);
  expect(withText([text, call, result], 'New')).toEqual([call, result, ...textParts('New')]);
  expect(textOf({ parts: [text, call, result, text, text] })).toBe('The Moon\n\nThe MoonThe Moon');
  expect([resultOf({ parts: [call, result] }, 'c'), resultOf({ parts: [call] }, 'c')]).toEqual([result, undefined]);
});

test('new text is added to the last part if that has its type, else as a new part', () => {
  const deltas = [
    { type: 'reasoning', text: 'H', durationMs: 1 },
    { type: 'reasoning', text: 'm', durationMs: 4 },
    { type: 'text', text: 'On' },
    { type: 'text', text: '' },
    { type: 'text', text: 'e' },
    { type: 'reasoning', text: 'Wait', durationMs: 2 },
  ] as const;
  expect(deltas.reduce(appended, [image])).toEqual([
    image,
    { type: 'reasoning', text: 'Hm', durationMs: 4 },
    { type: 'text', text: 'One' },
    { type: 'reasoning', text: 'Wait', durationMs: 2 },
  ]);
});
