import { expect, test } from 'vitest';
import { ReasoningParser, type ReasoningPiece } from './reasoning-parser.ts';

function parse(pieces: readonly string[]): { reasoning: string; text: string; deltas: ReasoningPiece[] } {
  const parser = new ReasoningParser();
  const deltas = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  const join = (type: ReasoningPiece['type']) =>
    deltas
      .filter((delta) => delta.type === type)
      .map((delta) => delta.text)
      .join('');
  return { reasoning: join('reasoning-delta'), text: join('text-delta'), deltas };
}

const THOUGHT = '<think>\nI add 2 and 9.\nThen I stop.\n</think>\n\nThe sum is 11.\n\nDone.';

test('reasoning and answer are separated wherever the pieces are cut', () => {
  const expected = { reasoning: 'I add 2 and 9.\nThen I stop.', text: 'The sum is 11.\n\nDone.' };
  for (let size = 1; size <= THOUGHT.length; size++) {
    const pieces = THOUGHT.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(parse(pieces)).toMatchObject(expected);
  }
});

test('text without reasoning passes unchanged, piece by piece', () => {
  const pieces = ['  The', ' sum', ' <think>is</think>', ' 11.\n'];
  expect(parse(pieces).deltas.map((delta) => delta.text)).toEqual(pieces);
  expect(parse(pieces).reasoning).toBe('');
});

test('text that only starts like a tag stays text', () => {
  expect(parse(['<', 'th', 'e']).text).toBe('<the');
  expect(parse(['<thin']).text).toBe('<thin');
});

test('reasoning streams before its tag is closed, and an interrupted one is kept', () => {
  const parser = new ReasoningParser();
  expect(parser.push('<think>I add')).toEqual([{ type: 'reasoning-delta', text: 'I add' }]);
  expect(parser.push(' </thi')).toEqual([]);
  expect(parser.end()).toEqual([{ type: 'reasoning-delta', text: ' </thi' }]);
});

test('empty reasoning is left out', () => {
  expect(parse(['<think>\n\n</think>\n\nYes.'])).toMatchObject({ reasoning: '', text: 'Yes.' });
});
