import { afterEach, expect, test } from 'vitest';
import { ChatActionEvent } from '../ui/history/chat-action-event.ts';
import { button, deepQuery, deepQueryAll } from '../ui/testing/deep-dom.ts';
import { type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

afterEach(() => document.body.replaceChildren());

async function openList(chat: ScriptedChat): Promise<void> {
  await expect.poll(() => deepQueryAll(chat, '[aria-label="Past chats"]').length).toBeGreaterThan(0);
  button(chat, 'Past chats').click();
  await expect.poll(() => deepQueryAll(chat, 'alcove-chat-list').length).toBe(1);
}

function titles(chat: ScriptedChat): (string | null)[] {
  return deepQueryAll(chat, 'button.chat').map(({ title }) => title);
}

function contents(chat: ScriptedChat): string[] {
  return chat.messages.map(({ content }) => content);
}

test('past chats are listed after a reload, opened, deleted and restored, and a new one is started', async () => {
  const before = await show(scriptedChat());
  await before.send(QUESTION);
  await before.newChat();
  await before.send('Hello?');
  const { databaseName } = before;
  before.remove();

  const chat = await show(scriptedChat({ databaseName }));
  expect(chat.messages).toEqual([]);
  await openList(chat);
  await expect.poll(() => titles(chat)).toEqual(['Hello?', QUESTION]);
  deepQueryAll(chat, 'button.chat').at(1)?.click();
  await expect.poll(() => contents(chat)).toEqual([QUESTION, ANSWER]);
  await expect.poll(() => deepQueryAll(chat, 'alcove-past-chats').length).toBe(0);

  await openList(chat);
  const [, first] = await chat.chats.list();
  deepQuery(chat, 'alcove-chat-list').dispatchEvent(new ChatActionEvent('delete', first?.id ?? ''));
  await expect.poll(() => titles(chat)).toEqual(['Hello?']);
  button(chat, 'Undo').click();
  await expect.poll(() => titles(chat)).toEqual(['Hello?', QUESTION]);
  button(chat, 'New chat').click();
  await expect.poll(() => chat.messages).toEqual([]);
});

test('an element without a history has no list of past chats', async () => {
  const chat = scriptedChat();
  chat.history = 'none';
  await show(chat);
  await expect.poll(() => deepQueryAll(chat, 'header .settings').length).toBe(1);
  expect(deepQueryAll(chat, '[aria-label="Past chats"]')).toEqual([]);
});

test('chats in memory are listed and cannot be searched', async () => {
  const chat = scriptedChat();
  chat.storage = 'memory';
  await show(chat);
  await chat.send(QUESTION);
  await openList(chat);
  await expect.poll(() => titles(chat)).toEqual([QUESTION]);
  expect(deepQuery(chat, '[role="search"]').checkVisibility()).toBe(false);
});
