import { expect, it } from 'vitest';
import type { Message } from './conversation.ts';
import { keepAsSibling } from './set-aside.ts';
import { activePath, addMessage, createConversation, siblings } from './tree.ts';

const ERROR = { name: 'AlcoveError', code: 'device-lost', message: 'gone', data: {} } as const;

function message(change: Partial<Message>): Message {
  return { id: 'q', parentId: undefined, role: 'user', text: '', status: 'complete', createdAt: 1, ...change };
}

const asked = addMessage(createConversation('c', 0, 'm'), message({ text: 'Why?' }));
const answer = message({ id: 'a', parentId: 'q', role: 'assistant', status: 'streaming', createdAt: 2 });
const writing = addMessage(asked, { ...answer, text: 'Because the', reasoning: 'Hm.' });

it('keeps what an answer had said beside it, before it, and shows the one that begins again', () => {
  const again = keepAsSibling(writing, 'a', { id: 'b', error: ERROR, now: 3 });
  expect(siblings(again, 'a').map(({ id, text, status }) => [id, text, status])).toEqual([
    ['b', 'Because the', 'failed'],
    ['a', '', 'streaming'],
  ]);
  expect(activePath(again).map(({ id }) => id)).toEqual(['q', 'a']);
  expect(again.messages.get('b')).toMatchObject({ reasoning: 'Hm.', error: ERROR });
  expect(again.messages.get('a')).not.toHaveProperty('reasoning');
});

it('refuses a message that is not there', () => {
  expect(() => keepAsSibling(writing, 'x', { id: 'b', error: ERROR, now: 3 })).toThrow(RangeError);
});
