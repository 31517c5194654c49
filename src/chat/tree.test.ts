import { expect, test } from 'vitest';
import type { Conversation, Message } from './conversation.ts';
import { textParts } from './message-parts.ts';
import { promptFor } from './prompt/prompt.ts';
import { ATTACHMENTS } from './testing/random-edits.ts';
import {
  activePath,
  addMessage,
  createConversation,
  selectBranch,
  setFields,
  siblings,
  summarize,
  updateMessage,
} from './tree.ts';

function message(id: string, parentId: string | undefined, role: Message['role'], text = id): Message {
  return { id, parentId, role, parts: textParts(text), status: 'complete', createdAt: 1 };
}

function conversationOf(...messages: Message[]): Conversation {
  return messages.reduce(addMessage, createConversation('c', 0, 'toy'));
}

test('a second answer becomes a sibling, and the first one stays', () => {
  const chat = conversationOf(
    message('u', undefined, 'user'),
    message('a1', 'u', 'assistant'),
    message('a2', 'u', 'assistant'),
  );
  expect(activePath(chat).map((m) => m.id)).toEqual(['u', 'a2']);
  expect(siblings(chat, 'a1').map((m) => m.id)).toEqual(['a1', 'a2']);
  expect(activePath(selectBranch(chat, 'a1', 2)).map((m) => m.id)).toEqual(['u', 'a1']);
});

test('selecting a branch shows it to its newest leaf', () => {
  const chat = conversationOf(
    message('u', undefined, 'user'),
    message('a1', 'u', 'assistant'),
    message('u2', 'a1', 'user'),
    message('a3', 'u2', 'assistant'),
    message('a2', 'u', 'assistant'),
  );
  expect(activePath(selectBranch(chat, 'a1', 2)).map((m) => m.id)).toEqual(['u', 'a1', 'u2', 'a3']);
});

test('the tree functions never change their arguments', () => {
  const before = conversationOf(message('u', undefined, 'user'));
  const copy = structuredClone(before);
  addMessage(before, message('a', 'u', 'assistant'));
  updateMessage(before, 'u', { parts: textParts('other') });
  selectBranch(before, 'u', 2);
  expect(before).toEqual(copy);
});

test('a chat summary holds no messages', () => {
  expect(summarize(conversationOf(message('u', undefined, 'user')))).not.toHaveProperty('messages');
});

test('a duplicate id or a missing parent is refused', () => {
  const chat = conversationOf(message('u', undefined, 'user'));
  expect(() => addMessage(chat, message('u', undefined, 'user'))).toThrow(RangeError);
  expect(() => addMessage(chat, message('x', 'nobody', 'user'))).toThrow(RangeError);
  expect(() => updateMessage(chat, 'nobody', {})).toThrow(RangeError);
});

test('a prompt leaves out empty answers and joins the turns that are then adjacent', () => {
  const chat = conversationOf(
    message('u1', undefined, 'user', 'one'),
    message('a1', 'u1', 'assistant', ''),
    message('u2', 'a1', 'user', 'two'),
  );
  expect(promptFor(activePath(chat))).toEqual([{ role: 'user', content: 'one\n\ntwo' }]);
});

test('a prompt begins with the user and its roles alternate, whatever the chat’s history', () => {
  const roles = ['assistant', 'assistant', 'user', 'user', 'assistant', 'user'] as const;
  const path = roles.map((role, index) => message(`m${index}`, index === 0 ? undefined : `m${index - 1}`, role));
  const turns = promptFor(path, 'Be brief.');
  expect(turns.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
  expect(turns[1]?.content).toBe('[The beginning of this conversation is missing.]');
  expect(turns[2]?.content).toBe('m0\n\nm1');
  // After a summary too, where the cut leaves an answer first.
  const summary = { ...message('s', 'm5', 'summary', 'They talked.'), throughId: 'm3' };
  expect(promptFor([...path, summary]).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
});

test('a prompt has the text of documents and a line for each unsupported part, but no reasoning', () => {
  const parts = [...ATTACHMENTS, ...textParts('What is all this?', 'Hm.')];
  expect(promptFor([{ ...message('u', undefined, 'user'), parts }])).toEqual([
    {
      role: 'user',
      content: [
        '[Image: moon.png]',
        '[Document: tides.pdf]\nThe tide rises twice a day.',
        '[Audio: waves.ogg]',
        '[Attachment]',
        'What is all this?',
      ].join('\n\n'),
    },
  ]);
});

test('a summary replaces the messages before it in the prompt', () => {
  const turns = [
    message('u1', undefined, 'user'),
    message('a1', 'u1', 'assistant'),
    message('u2', 'a1', 'user'),
    message('a2', 'u2', 'assistant'),
  ];
  const summary = message('s', 'a2', 'summary', 'They talked.');
  const path = [...turns, summary, message('u3', 's', 'user')];
  expect(promptFor(path)).toEqual([
    { role: 'system', content: 'Summary of the conversation so far:\nThey talked.' },
    { role: 'user', content: 'u3' },
  ]);
  const older = { ...summary, throughId: 'a1' };
  expect(promptFor([...turns, older, message('u3', 's', 'user')]).map(({ content }) => content)).toEqual([
    'Summary of the conversation so far:\nThey talked.',
    'u2',
    'a2',
    'u3',
  ]);
});

test('a changed field carries the time of its change', () => {
  const chat = setFields(conversationOf(), { title: 'Boats', titleIsSet: true, pinnedAt: 7 }, 7);
  expect(chat).toMatchObject({ title: 'Boats', titleIsSet: true, pinnedAt: 7, fieldTimes: { title: 7, pinnedAt: 7 } });
});
