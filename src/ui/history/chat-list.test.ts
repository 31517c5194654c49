import { afterEach, expect, test } from 'vitest';
import type { ConversationSummary } from '../../chat/conversation.ts';
import { button, deepQuery } from '../testing/deep-dom.ts';
import { ChatList } from './chat-list.ts';

const NOW = Date.now();

function summary(id: string, change: Partial<ConversationSummary> = {}): ConversationSummary {
  return { id, title: `Chat ${id}`, tags: [], createdAt: NOW, updatedAt: NOW, ...change } as ConversationSummary;
}

async function show(...chats: readonly ConversationSummary[]): Promise<ChatList> {
  const list = new ChatList();
  list.chats = chats;
  document.body.append(list);
  await list.updateComplete;
  return list;
}

async function pin(list: ChatList, id: string): Promise<void> {
  list.chats = list.chats.map((chat) => (chat.id === id ? { ...chat, pinnedAt: NOW } : chat));
  await list.updateComplete;
}

afterEach(() => document.body.replaceChildren());

test('a menu that is open stays open when another chat is pinned', async () => {
  const list = await show(summary('a'), summary('b'), summary('c'));
  button(list, 'More for Chat b').click();
  await expect.poll(() => deepQuery(list, '[role="menu"]').matches(':popover-open')).toBe(true);
  await pin(list, 'a');
  expect(deepQuery(list, '[role="menu"]').matches(':popover-open')).toBe(true);
  expect(list.shadowRoot?.querySelector('section')?.textContent).toContain('Pinned');
});

test('a chat that is pinned by the keyboard keeps the focus', async () => {
  const list = await show(summary('a'), summary('b'));
  deepQuery(list, '[data-id="b"] .chat').focus();
  button(list, 'More for Chat b').focus();
  await pin(list, 'b');
  const row = list.shadowRoot?.activeElement?.closest('li');
  expect(row?.dataset['id']).toBe('b');
});
