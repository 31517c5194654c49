import { expect, test } from 'vitest';
import { ToolCallParser } from './tool-call-parser.ts';

const CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Rome"}}\n</tool_call>';

function parse(pieces: readonly string[]) {
  const parser = new ToolCallParser();
  const events = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  return {
    text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
    calls: events.flatMap((event) => (event.type === 'tool-call' ? [`${event.name} ${event.argumentsJson}`] : [])),
  };
}

test('calls and text are separated wherever the pieces are cut', () => {
  const whole = `I look it up. It takes a moment.\n\n${CALL}\n${CALL}\n`;
  const expected = { text: 'I look it up. It takes a moment.', calls: Array(2).fill('weather {"city":"Rome"}') };
  for (let size = 1; size <= whole.length; size++) {
    expect(parse(whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [])).toEqual(expected);
  }
});

test('text without a call passes whole, also when it begins like one', () => {
  expect(parse(['A ', '<tool', ' is\n', 'no call. '])).toEqual({ text: 'A <tool is\nno call.', calls: [] });
});

test('a call that was cut off, or that is no JSON, is none', () => {
  expect(parse([CALL.slice(0, 30)])).toEqual({ text: '', calls: [] });
  expect(parse(['<tool_call>hello</tool_call>'])).toEqual({ text: '', calls: [] });
});
