import { expect, test } from 'vitest';
import type { Message } from '../conversation.ts';
import type { MessagePart } from '../message-parts.ts';
import { promptFor } from './prompt.ts';

const CALL = { type: 'tool-call', id: 'c1', name: 'now', argumentsJson: '{"zone":"UTC"}', state: 'complete' } as const;
const RESULT = { type: 'tool-result', toolCallId: 'c1', content: '12:00' } as const;
const MADE = { id: 'c1', name: 'now', argumentsJson: '{"zone":"UTC"}' };

function text(words: string): MessagePart {
  return { type: 'text', text: words };
}

function path(...answer: readonly MessagePart[]): Message[] {
  const messages = [[text('When?')], answer];
  return messages.map((parts, index) => ({
    id: `m${index}`,
    parentId: index === 0 ? undefined : 'm0',
    role: index === 0 ? 'user' : 'assistant',
    parts,
    status: 'complete',
    createdAt: index,
  }));
}

function turns(...answer: readonly MessagePart[]) {
  return promptFor(path(...answer), '', { tools: true }).slice(1);
}

test('a model that is offered tools reads earlier calls and results as turns', () => {
  const second = { ...CALL, id: 'c2' };
  const parts = [
    { type: 'reasoning', text: 'Hm.' } as const,
    text('I look.'),
    CALL,
    second,
    RESULT,
    { ...RESULT, toolCallId: 'c2', omittedCharacters: 7 },
    text('\n\nIt is noon.'),
  ];
  expect(turns(...parts)).toEqual([
    { role: 'assistant', content: 'I look.', toolCalls: [MADE, { ...MADE, id: 'c2' }] },
    { role: 'tool', content: '12:00', toolCallId: 'c1' },
    { role: 'tool', content: '12:00\n[The result is cut here: 7 more characters are left out.]', toolCallId: 'c2' },
    { role: 'assistant', content: 'It is noon.' },
  ]);
});

test('a call after a result begins a turn, and a call without a result gets one that says so', () => {
  expect(turns(CALL, { ...RESULT, content: '' }, { ...CALL, id: 'c2', state: 'running' })).toEqual([
    { role: 'assistant', content: '', toolCalls: [MADE] },
    { role: 'tool', content: '(empty)', toolCallId: 'c1' },
    { role: 'assistant', content: '', toolCalls: [{ ...MADE, id: 'c2' }] },
    { role: 'tool', content: '[The call did not end.]', toolCallId: 'c2' },
  ]);
});

test('arguments that are no JSON object become one', () => {
  const sent = ['print(1)', '[1]', ''].map((argumentsJson) => turns({ ...CALL, argumentsJson })[0]?.toolCalls?.[0]);
  expect(sent.map((call) => call?.argumentsJson)).toEqual(['{"input":"print(1)"}', '{"input":"[1]"}', '{}']);
});

test('a model without tools reads calls and results as text', () => {
  expect(promptFor(path(CALL, RESULT, text('Noon.'))).slice(1)).toEqual([
    { role: 'assistant', content: '[Tool call: now]\n{"zone":"UTC"}\n\n[Tool result]\n12:00\n\nNoon.' },
  ]);
});

const CAT = { type: 'image', name: 'cat.png', mediaType: 'image/png', sha256: 'c1' } as const;
const DOG = { type: 'image', name: 'dog.png', mediaType: 'image/png', sha256: 'd1' } as const;

function asked(id: string, ...parts: readonly MessagePart[]): Message {
  return { id, parentId: undefined, role: 'user', parts, status: 'complete', createdAt: 0 };
}

test('a model that sees is given images at their places, also in turns that are joined', () => {
  const path = [asked('a', CAT, text('A cat?')), asked('b', DOG, text('Or this?'))];
  expect(promptFor(path, '', { images: true })).toEqual([
    {
      role: 'user',
      content: 'A cat?\n\nOr this?',
      images: [
        { at: 0, part: CAT },
        { at: 8, part: DOG },
      ],
    },
  ]);
  expect(promptFor(path)).toEqual([
    { role: 'user', content: '[Image: cat.png]\n\nA cat?\n\n[Image: dog.png]\n\nOr this?' },
  ]);
});

test('an image without its bytes is named to a model that sees, too', () => {
  const { sha256: _, ...lost } = CAT;
  expect(promptFor([asked('a', lost, text('A cat?'))], '', { images: true })).toEqual([
    { role: 'user', content: '[Image: cat.png]\n\nA cat?' },
  ]);
});
