import { expect, test } from 'vitest';
import { ReasoningParser, type ReasoningPiece } from './reasoning-parser.ts';

function parse(pieces: readonly string[]): { reasoning: string; text: string; deltas: ReasoningPiece[] } {
  const parser = new ReasoningParser();
  const deltas = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  let [reasoning, text] = ['', ''];
  for (const delta of deltas) {
    if (delta.type === 'reasoning-delta') reasoning += delta.text;
    else if (delta.type === 'text-delta') text += delta.text;
    else [reasoning, text] = [reasoning + text, ''];
  }
  return { reasoning, text, deltas };
}

/** The same, wherever the completion is cut into pieces. */
function parseAll(completion: string) {
  const [whole, ...others] = [completion.length, 1, 2, 3, 5, 8, 13].map((size) => {
    const { reasoning, text } = parse(completion.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []);
    return { reasoning, text };
  });
  for (const other of others) expect(other).toEqual(whole);
  return whole;
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
  expect(parse(pieces).deltas).toEqual(pieces.map((text) => ({ type: 'text-delta', text })));
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

test.each([
  ['<thinking>', '<thinking>\nHm.\n</thinking>\nYes.'],
  ['Magistral', '[THINK]Hm.[/THINK]Yes.'],
  ['Command', '<|START_THINKING|>Hm.<|END_THINKING|>Yes.'],
  ['Kimi', '◁think▷Hm.◁/think▷Yes.'],
  ['Harmony', '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>'],
  ['Harmony without ends', '<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>Yes.'],
  ['Gemma', '<|channel>thought\nHm.<channel|>Yes.'],
  ['a turn that ends twice', '<think>Hm.</think>Yes.<|im_end|>\n<|endoftext|>'],
])('reasoning is separated from the answer: %s', (_, completion) => {
  expect(parseAll(completion)).toEqual({ reasoning: 'Hm.', text: 'Yes.' });
});

test('reasoning that the prompt has opened is recognised by its end', () => {
  expect(parseAll('I add 2 and 9.\n</think>\n\nThe sum is 11.')).toEqual({
    reasoning: 'I add 2 and 9.\n',
    text: 'The sum is 11.',
  });
  expect(parse(['I add.', '</think>', ' 11']).deltas).toEqual([
    { type: 'text-delta', text: 'I add.' },
    { type: 'text-was-reasoning' },
    { type: 'text-delta', text: '11' },
  ]);
});

test('reasoning within an answer is separated from it, where a line begins', () => {
  expect(parseAll('First.\n\n<think>\nHm.\n</think>\n\nSecond.')).toEqual({
    reasoning: 'Hm.',
    text: 'First.\n\nSecond.',
  });
});

test.each([
  'Write `<think>` before and `</think>` after it.',
  'In XML:\n```xml\n<think>\nx\n</think>\n```\nDone.',
  'The token <|im_end|> ends a turn.',
  'A <think> tag, and a </think> tag.',
])('marks that are talked about stay text: %s', (completion) => {
  expect(parseAll(completion)).toEqual({ reasoning: '', text: completion });
});
