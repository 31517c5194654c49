import { expect, test } from 'vitest';
import type { Conversation, Message } from './conversation.ts';
import { deleteBranch, restoreBranch } from './deletion.ts';
import { canContinue, editMessage, forkConversation, reopened } from './edits.ts';
import { mergeConversations } from './merge.ts';
import { textOf, textParts } from './message-parts.ts';
import { outline } from './outline.ts';
import { ATTACHMENTS } from './testing/random-edits.ts';
import { activePath, addMessage, createConversation, siblings, updateMessage } from './tree.ts';

function message(id: string, parentId: string | undefined, role: Message['role'], text = id): Message {
  return { id, parentId, role, parts: textParts(text), status: 'complete', createdAt: 1 };
}

function chatOf(...messages: Message[]): Conversation {
  return messages.reduce(addMessage, createConversation('c', 0, 'toy'));
}

const TALK = chatOf(
  message('u1', undefined, 'user'),
  message('a1', 'u1', 'assistant'),
  message('u2', 'a1', 'user'),
  message('a2', 'u2', 'assistant'),
);

function shown(chat: Conversation): string[] {
  return activePath(chat).map(({ id }) => id);
}

test('an edited question becomes a sibling of the old one, which keeps its answers', () => {
  const edited = editMessage(TALK, 'u2', 'Other words', 'u3', 5);
  expect(shown(edited)).toEqual(['u1', 'a1', 'u3']);
  expect(siblings(edited, 'u3').map(({ id }) => id)).toEqual(['u2', 'u3']);
  expect(edited.messages.get('u3')).toMatchObject({ parts: textParts('Other words'), editedFrom: 'u2', role: 'user' });
  expect(edited.messages.get('u2')).toBe(TALK.messages.get('u2'));
});

test('an edit keeps the attachments, and leaves the reasoning to the old version', () => {
  const parts = [...ATTACHMENTS, ...textParts('Old', 'Hm')];
  const edited = editMessage(updateMessage(TALK, 'u2', { parts }), 'u2', 'New', 'u3', 5);
  expect(edited.messages.get('u3')?.parts).toEqual([...ATTACHMENTS, ...textParts('New')]);
});

test('a merge keeps one copy of an answer whose tool call one tab lacks, and both of two that differ', () => {
  const call = { type: 'tool-call', id: 'c', name: 'clock', argumentsJson: '{}', state: 'pending' } as const;
  const result = { type: 'tool-result', toolCallId: 'c', content: '12:00' } as const;
  const asks = updateMessage(TALK, 'a2', { parts: [...textParts('a2'), call] });
  const told = updateMessage(TALK, 'a2', { parts: [...textParts('a2'), { ...call, state: 'complete' }, result] });
  for (const earlier of [TALK, asks]) {
    const merged = mergeConversations(earlier, told);
    expect(merged.messages.size).toBe(4);
    expect(merged.messages.get('a2')?.parts).toEqual(told.messages.get('a2')?.parts);
  }
  const image = updateMessage(TALK, 'a2', { parts: [...textParts('a2'), ...ATTACHMENTS.slice(0, 1)] });
  expect(mergeConversations(asks, image).messages.size).toBe(5);
});

test('an edited answer starts a branch too', () => {
  const edited = editMessage(TALK, 'a1', 'Better', 'a3', 5);
  expect(shown(edited)).toEqual(['u1', 'a3']);
  expect(edited.messages.get('a3')).toMatchObject({ role: 'assistant', status: 'complete' });
});

test('deleting an answer shows its sibling, deleting a question shows the message above, and undo restores it', () => {
  const two = addMessage(TALK, message('a3', 'u2', 'assistant'));
  const less = deleteBranch(two, 'a3', 9);
  expect(shown(less)).toEqual(['u1', 'a1', 'u2', 'a2']);
  expect(siblings(less, 'a2')).toHaveLength(1);
  const without = deleteBranch(less, 'u2', 10);
  expect(shown(without)).toEqual(['u1', 'a1']);
  const nothing = deleteBranch(without, 'u1', 11);
  expect(nothing.activeLeafId).toBeUndefined();
  const back = restoreBranch(restoreBranch(nothing, 'u1', 12), 'u2', 12);
  expect(shown(back)).toEqual(['u1', 'a1', 'u2', 'a2']);
});

test('a deletion in one tab applies in the other, and the later of deletion and undo wins', () => {
  const deleted = deleteBranch(TALK, 'u2', 9);
  expect(shown(mergeConversations(TALK, deleted))).toEqual(['u1', 'a1']);
  const restored = restoreBranch(deleted, 'u2', 9);
  expect(shown(mergeConversations(deleted, restored))).toEqual(['u1', 'a1', 'u2', 'a2']);
});

test('a merge keeps both versions of an answer that two tabs continued differently', () => {
  const cut = updateMessage(TALK, 'a2', { status: 'stopped' });
  const here = updateMessage(cut, 'a2', { parts: textParts('a2 and more') });
  const there = updateMessage(cut, 'a2', { parts: textParts('a2 or less') });
  const merged = mergeConversations(here, there);
  expect(siblings(merged, 'a2').map(textOf)).toEqual(['a2 and more', 'a2 or less']);
  expect(mergeConversations(cut, here).messages.size).toBe(4);
});

test('an answer that was cut off can be continued: it keeps its text and loses its end reason', () => {
  const cut: Message = { ...message('a', 'u', 'assistant', 'so far'), finishReason: 'length' };
  expect(canContinue(cut)).toBe(true);
  expect(reopened(cut)).toEqual({ ...message('a', 'u', 'assistant', 'so far'), status: 'streaming' });
  expect(canContinue({ ...cut, finishReason: 'stop' })).toBe(false);
  expect(canContinue({ ...cut, parts: textParts('') })).toBe(false);
  const call = { type: 'tool-call', id: 'c', name: 'now', argumentsJson: '{}', state: 'failed' } as const;
  expect(canContinue({ ...cut, parts: [...cut.parts, call] })).toBe(false);
  expect(canContinue({ ...cut, role: 'user' })).toBe(false);
});

test('a fork holds the messages up to its own, and names the chat it comes from', () => {
  const titled = { ...TALK, title: 'Boats', tags: ['sea'] };
  const fork = forkConversation(titled, 'a1', 'f', 20);
  expect(shown(fork)).toEqual(['u1', 'a1']);
  expect(fork).toMatchObject({
    id: 'f',
    title: 'Boats',
    tags: ['sea'],
    createdAt: 20,
    forkedFrom: { conversationId: 'c', messageId: 'a1', title: 'Boats' },
  });
  expect(() => forkConversation(TALK, 'nobody', 'f', 20)).toThrow(RangeError);
});

test('an outline lists each stretch before its forks', () => {
  const forked = editMessage(addMessage(TALK, message('a3', 'u2', 'assistant')), 'u1', 'Else', 'u9', 5);
  expect(
    outline(forked).map(({ first, last, messageCount, depth, isShown }) => [
      first.id,
      last.id,
      messageCount,
      depth,
      isShown,
    ]),
  ).toEqual([
    ['u1', 'u2', 3, 0, false],
    ['a2', 'a2', 1, 1, false],
    ['a3', 'a3', 1, 1, false],
    ['u9', 'u9', 1, 0, true],
  ]);
});
