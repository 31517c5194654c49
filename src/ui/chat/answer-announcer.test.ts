import { expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { INITIAL_STATE, type SessionState } from '../../session/state/session-state.ts';
import { AnswerAnnouncer } from './answer-announcer.ts';

const WRITING: Message = {
  id: 'a',
  parentId: 'q',
  role: 'assistant',
  text: '',
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

test('the beginning of an answer, its sentences and its end are said once each', () => {
  const text = 'One. Two';
  const states = [...text].map((_, at) => ({ text: text.slice(0, at + 1) }));
  expect(hear({}, ...states, { text, status: 'complete' }, { text, status: 'complete' })).toEqual([
    'The answer begins.',
    'One.',
    'Two',
    'The answer is complete.',
  ]);
});

test('thinking is said, not what is thought', () => {
  expect(hear({ reasoning: 'Well. ' }, { reasoning: 'Well. Now' }, { reasoning: 'Well. Now', text: 'Y' })).toEqual([
    'Thinking…',
    'The answer begins.',
  ]);
});

test('an answer that is stopped and one that fails say so, with what there is', () => {
  expect(hear({ text: 'Half a' }, { text: 'Half a', status: 'stopped' })).toEqual([
    'The answer begins.',
    'Half a',
    'Stopped. What was written is kept.',
  ]);
  const error = { name: 'AlcoveError', code: 'device-lost', message: '', data: {} } as const;
  expect(hear({ status: 'failed', error })).toEqual(['The answer failed: The graphics card was taken away.']);
});

test('a model that is loaded first is said, and an answer that was there before is not', () => {
  const region = document.createElement('div');
  const announcer = new AnswerAnnouncer(region, 'a');
  announcer.update(WRITING, { ...READY, engine: { status: 'loading', modelId: 'm', progress: undefined } });
  announcer.update({ ...WRITING, id: 'old', text: 'Old.', status: 'complete' }, READY);
  expect(region.textContent).toBe('Loading the model');
});
