import { expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { textParts } from '../../chat/message-parts.ts';
import { answerEnd } from './answer-end.ts';

function end(status: Message['status'], text: string, reasoning?: string): string | undefined {
  return answerEnd({
    id: 'a',
    parentId: 'q',
    role: 'assistant',
    createdAt: 0,
    status,
    parts: textParts(text, reasoning),
  });
}

test('an answer that failed or was stopped says that it is kept, if there is any of it', () => {
  expect(end('failed', 'The Moon is')).toBe('The answer so far is kept.');
  expect(end('stopped', 'The Moon is')).toBe('Stopped. The answer so far is kept.');
  expect(end('failed', '', 'The user asks')).toBe('The answer so far is kept.');
});

test('an answer without a word does not say so', () => {
  expect(end('failed', '')).toBeUndefined();
  expect(end('stopped', '')).toBe('Stopped before the answer started.');
});
