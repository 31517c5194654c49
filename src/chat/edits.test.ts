import { expect, it } from 'vitest';
import type { Message } from './conversation.ts';
import { keepAsSibling } from './edits.ts';
import { textOf, textParts } from './message-parts.ts';
import { activePath, addMessage, createConversation, siblings } from './tree.ts';

const ERROR = { name: 'AlcoveError', code: 'device-lost', message: 'gone', data: {} } as const;

function message(change: Partial<Message>): Message {
  return { id: 'q', parentId: undefined, role: 'user', parts: [], status: 'complete', createdAt: 1, ...change };
}

const asked = addMessage(createConversation('c', 0, 'm'), message({ parts: textParts('Why?') }));
const answer = message({ id: 'a', parentId: 'q', role: 'assistant', status: 'streaming', createdAt: 2 });
const writing = addMessage(asked, { ...answer, parts: textParts('Because the', 'Hm.') });

it('a restart keeps the text of an answer as an earlier sibling and shows the new answer', () => {
  const again = keepAsSibling(writing, 'a', { id: 'b', error: ERROR, now: 3 });
  expect(siblings(again, 'a').map((message) => [message.id, textOf(message), message.status])).toEqual([
    ['b', 'Because the', 'failed'],
    ['a', '', 'streaming'],
  ]);
  expect(activePath(again).map(({ id }) => id)).toEqual(['q', 'a']);
  expect(again.messages.get('b')).toMatchObject({ parts: textParts('Because the', 'Hm.'), error: ERROR });
  expect(again.messages.get('a')?.parts).toEqual([]);
});

it('a restart refuses an unknown message', () => {
  expect(() => keepAsSibling(writing, 'x', { id: 'b', error: ERROR, now: 3 })).toThrow(RangeError);
});
