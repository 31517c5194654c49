import { expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { textParts } from '../../chat/message-parts.ts';
import { INITIAL_STATE, type SessionState } from '../../session/state/session-state.ts';
import { AnswerAnnouncer } from './answer-announcer.ts';

const WRITING: Message = {
  id: 'a',
  parentId: 'q',
  role: 'assistant',
  parts: [],
  status: 'streaming',
  createdAt: 0,
};
const READY: SessionState = { ...INITIAL_STATE, engine: { status: 'ready', modelId: 'm' } };

/** What is said of an answer that goes through these states. */
function hear(...states: readonly Partial<Message>[]): string[] {
  const region = document.createElement('div');
  const announcer = new AnswerAnnouncer(region, 'a');
  for (const state of states) announcer.update({ ...WRITING, ...state }, READY);
  return [...region.children].map((line) => line.textContent ?? '');
}

test('the start of an answer, its sentences and its end are announced once each', () => {
  const text = 'One. Two';
  const states = [...text].map((_, at) => ({ parts: textParts(text.slice(0, at + 1)) }));
  const end = { parts: textParts(text), status: 'complete' } as const;
  expect(hear({}, ...states, end, end)).toEqual(['The answer starts.', 'One.', 'Two', 'The answer is complete.']);
});

test('an answer without a word is announced as such, and one that is cut off too', () => {
  expect(hear({ status: 'complete' })).toEqual(['The model gave an empty answer.']);
  expect(hear({ status: 'stopped' })).toEqual(['Stopped before the answer started.']);
  const thought = textParts('', 'Hm.');
  expect(hear({ parts: thought }, { parts: thought, status: 'complete' })).toEqual([
    'Thinking…',
    'The model thought about it and gave no answer.',
  ]);
  const cut = textParts('One');
  expect(hear({ parts: cut }, { parts: cut, status: 'complete', finishReason: 'length' }).at(-1)).toBe(
    'Cut off: the answer reached its maximum length.',
  );
});

test('the start of reasoning is announced, but not its text', () => {
  expect(
    hear(
      { parts: textParts('', 'Well. ') },
      { parts: textParts('', 'Well. Now') },
      { parts: textParts('Y', 'Well. Now') },
    ),
  ).toEqual(['Thinking…', 'The answer starts.']);
});

test('a stopped answer and a failed answer are announced, with their text', () => {
  expect(hear({ parts: textParts('Half a') }, { parts: textParts('Half a'), status: 'stopped' })).toEqual([
    'The answer starts.',
    'Half a',
    'Stopped. The answer so far is kept.',
  ]);
  const error = { name: 'AlcoveError', code: 'device-lost', message: '', data: {} } as const;
  expect(hear({ status: 'failed', error })).toEqual(['The answer failed: The graphics card was lost.']);
});

test('a call of a tool is announced, and the question whether it may run', () => {
  const region = document.createElement('div');
  const announcer = new AnswerAnnouncer(region, 'a');
  const call = { type: 'tool-call', id: 'c', name: 'get_weather', argumentsJson: '{}' } as const;
  const asked = { ...READY, toolQuestion: { chatId: 'c', messageId: 'a', callId: 'c' } };
  announcer.update({ ...WRITING, parts: [{ ...call, state: 'pending' }] }, asked);
  announcer.update({ ...WRITING, parts: [{ ...call, state: 'running' }] }, READY);
  const result = { type: 'tool-result', toolCallId: 'c', content: '{}' } as const;
  announcer.update({ ...WRITING, parts: [{ ...call, state: 'complete' }, result] }, READY);
  expect([...region.children].map((line) => line.textContent)).toEqual([
    'The model wants to use a tool of this page: get_weather. Allow it?',
    'Tool call: get_weather',
  ]);
});

test('the load of a model is announced, and an answer from before is not', () => {
  const region = document.createElement('div');
  const announcer = new AnswerAnnouncer(region, 'a');
  announcer.update(WRITING, { ...READY, engine: { status: 'loading', modelId: 'm', progress: undefined } });
  announcer.update({ ...WRITING, id: 'old', parts: textParts('Old.'), status: 'complete' }, READY);
  expect(region.textContent).toBe('Loading the model');
});

test('how much of a long prompt is read is announced every five seconds at most', () => {
  const region = document.createElement('div');
  let now = 0;
  const announcer = new AnswerAnnouncer(region, 'a', () => now);
  for (const [at, readTokens] of [
    [0, 100],
    [1_000, 200],
    [6_000, 500],
    [7_000, 600],
  ] as const) {
    now = at;
    const reading = { readTokens, totalTokens: 1_000 };
    announcer.update(WRITING, { ...READY, generation: { status: 'submitted', chatId: 'c', messageId: 'a', reading } });
  }
  expect([...region.children].map((line) => line.textContent)).toEqual([
    'Reading the message, 10%',
    'Reading the message, 50%',
  ]);
});
