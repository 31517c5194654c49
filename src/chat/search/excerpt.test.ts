import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, Message } from '../conversation.ts';
import { deleteBranch } from '../deletion.ts';
import { textParts } from '../message-parts.ts';
import { ATTACHMENTS } from '../testing/random-edits.ts';
import { addMessage, createConversation, selectBranch, updateMessage } from '../tree.ts';
import { excerptFrom, markedParts } from './excerpt.ts';

function say(chat: Conversation, id: string, parentId: string | undefined, text: string): Conversation {
  const role = id.startsWith('u') ? 'user' : 'assistant';
  const message: Message = {
    id,
    parentId,
    role,
    parts: textParts(text),
    status: 'complete',
    createdAt: chat.messages.size + 1,
  };
  return addMessage(chat, message);
}

function chatOf(...turns: readonly (readonly [id: string, parentId: string | undefined, text: string])[]) {
  return turns.reduce((chat, turn) => say(chat, ...turn), createConversation('c', 1, 'toy'));
}

function written(parts: readonly { readonly text: string; readonly isMatch: boolean }[] = []): string {
  return parts.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('');
}

test('an excerpt marks whole words that start with the query, in their original spelling', () => {
  expect(written(markedParts('Die Straße nach Łódź', 'strasse lod'))).toBe('Die [Straße] nach [Łódź]');
  expect(written(markedParts('e\u0301te\u0301 – ÉTÉ', 'ete'))).toBe('[e\u0301te\u0301] – [ÉTÉ]');
  expect(written(markedParts('我的船很小', '船 小'))).toBe('我的[船]很[小]');
  expect(written(markedParts('我的船很小', '小船'))).toBe('我的船很小');
  expect(written(markedParts('Python入門とデータ分析', '分析 入門 python'))).toBe('[Python][入門]とデータ[分析]');
  expect(written(markedParts('ใช้GPUแรงมาก', 'แรง gpu'))).toBe('ใช้[GPU][แรง]มาก');
  expect(written(markedParts('<mark>boats</mark>', 'boat'))).toBe('<mark>[boats]</mark>');
});

test('an excerpt is from the message that matches most of the query, and starts just before the first match', () => {
  const chat = chatOf(
    ['u1', undefined, 'A boat'],
    ['a1', 'u1', `${'Long ago, far away from here, '.repeat(20)}a red boat\n\n\nsailed ${'on and on '.repeat(40)}`],
    ['u2', 'a1', 'Was the boat blue?'],
  );
  const { messageId, parts } = excerptFrom(chat, 'RED boat') ?? {};
  expect(messageId).toBe('a1');
  expect(written(parts)).toMatch(/^….{0,32}\[red\] \[boat\] sailed on and on .*…$/);
});

test('among equal matches, the message on the shown branch comes first, then the newest', () => {
  const forked = chatOf(['u1', undefined, 'x'], ['a1', 'u1', 'boat one'], ['a2', 'u1', 'boat two']);
  expect(excerptFrom(forked, 'boat')?.messageId).toBe('a2');
  expect(excerptFrom(selectBranch(forked, 'a1', 9), 'boat')?.messageId).toBe('a1');
  expect(excerptFrom(say(forked, 'u2', 'a2', 'boat three'), 'boat')?.messageId).toBe('u2');
});

test('a message is found by the names of its files and by the text of its documents', () => {
  const chat = chatOf(['u1', undefined, 'What is this?']);
  const attached = updateMessage(chat, 'u1', { parts: [...ATTACHMENTS, ...textParts('What is this?')] });
  expect(written(excerptFrom(attached, 'moon')?.parts)).toContain('[moon].png');
  expect(written(excerptFrom(attached, 'rises')?.parts)).toContain('The tide [rises] twice');
  expect(excerptFrom(attached, 'hologram')).toBeUndefined();
});

test('an excerpt never comes from a deleted message or from one that follows it', () => {
  const chat = chatOf(['u1', undefined, 'x'], ['a1', 'u1', 'boat'], ['u2', 'a1', 'bigger boat']);
  expect(excerptFrom(deleteBranch(chat, 'a1', 9), 'boat')).toBeUndefined();
});

test('the parts of an excerpt join to its text, whatever the characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, query) => {
      expect(
        markedParts(text, query)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
