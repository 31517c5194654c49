import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonPiece, JsonSplitter } from './json-splitter.ts';

function split(text: string, cuts: readonly number[] = []): JsonPiece[] {
  const splitter = new JsonSplitter(['chats']);
  const at = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  const pieces = at.slice(1).flatMap((end, index) => splitter.push(text.slice(at[index], end)));
  return [...pieces, ...splitter.end()];
}

function elements(pieces: readonly JsonPiece[]): unknown[] {
  return pieces.flatMap((piece) => (piece.type === 'element' ? [JSON.parse(piece.text)] : []));
}

test('the splitter yields any array element by element, wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 8 }),
      fc.array(fc.nat(400)),
      fc.constantFrom(0, 2),
      (values, cuts, indent) => {
        const text = JSON.stringify(values, undefined, indent);
        const pieces = split(
          text,
          cuts.map((cut) => cut % (text.length + 1)),
        );
        expect(elements(pieces)).toEqual(JSON.parse(text));
        expect(pieces.map(({ type }) => type)).toEqual(values.map(() => 'element'));
      },
    ),
  );
});

test('the splitter yields the named array of an object element by element, and the other members whole', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }), fc.jsonValue(), (chats, other) => {
      const pieces = split(JSON.stringify({ format: 'x', other, chats, after: [1] }));
      expect(elements(pieces)).toEqual(JSON.parse(JSON.stringify(chats)));
      const members = pieces.flatMap((piece) => (piece.type === 'member' ? [piece] : []));
      expect(members.map(({ key }) => key)).toEqual(['format', 'other', 'after']);
      expect(members.map(({ text }) => JSON.parse(text))).toEqual(['x', JSON.parse(JSON.stringify(other)), [1]]);
    }),
  );
});

test('a truncated text yields its complete elements, and is reported as truncated', () => {
  const values = [{ a: '"],[' }, [1, 2], 'three', { b: { c: [] } }];
  const text = JSON.stringify(values);
  const ends = values.map((_, index) => JSON.stringify(values.slice(0, index + 1)).length - 1);
  for (let length = 1; length < text.length; length++) {
    const pieces = split(text.slice(0, length));
    const whole = ends.filter((end) => end <= length).length;
    expect(elements(pieces)).toEqual(values.slice(0, whole));
    expect(pieces.at(-1)).toEqual({ type: 'broken', index: whole, reason: 'ends-early' });
  }
});

test('invalid JSON is reported after the complete elements before it', () => {
  expect(split('<!doctype html>')).toEqual([{ type: 'broken', index: 0, reason: 'not-json' }]);
  expect(split('')).toEqual([{ type: 'broken', index: 0, reason: 'not-json' }]);
  const pieces = split('[{"a":1},] [');
  expect(elements(pieces)).toEqual([{ a: 1 }]);
  expect(pieces.at(-1)).toMatchObject({ type: 'broken', reason: 'not-json' });
});

test('an element that is nested too deeply is refused, and the ones after it are read', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const pieces = split(`[1,${deep},2]`);
  expect(elements(pieces)).toEqual([1, 2]);
  expect(pieces[1]).toEqual({ type: 'refused', index: 1, reason: 'too-deep' });
});
