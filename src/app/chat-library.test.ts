import { afterEach, expect, test, vi } from 'vitest';
import type { Message } from '../chat/conversation.ts';
import { addMessage, createConversation, updateMessage } from '../chat/tree.ts';
import { ChatStore } from '../storage/chat-store.ts';
import { ChatLibrary } from './chat-library.ts';
import { INITIAL_STATE, type SessionState } from './session-state.ts';
import { StateStore } from './state-store.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function openLibrary(name: string = crypto.randomUUID()) {
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const library = new ChatLibrary(state, new ChatStore(name), name);
  cleanUps.push(() => library.dispose());
  await library.start();
  return { name, state, library };
}

function message(id: string, parentId: string | undefined, role: Message['role']): Message {
  return { id, parentId, role, text: id, status: 'complete', createdAt: 1 };
}

const chat = addMessage(createConversation('c', 1, 'toy'), message('u', undefined, 'user'));

test('what is put is on the screen at once and in the store after a save', async () => {
  const { name, state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  expect(state.state.chats.map(({ id }) => id)).toEqual(['c']);
  await library.save();
  expect((await new ChatStore(name).load('c'))?.messages.get('u')?.text).toBe('u');
});

test('an answer that streams is saved without being asked', async () => {
  const { name, state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  library.put(updateMessage(chat, 'u', { text: 'more' }), ['u'], 'soon');
  expect(state.state.chat?.messages.get('u')?.text).toBe('more');
  const store = new ChatStore(name);
  await vi.waitFor(async () => expect((await store.load('c'))?.messages.get('u')?.text).toBe('more'), 5_000);
});

test('a deleted chat can be brought back whole', async () => {
  const { name, state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  await library.delete('c');
  expect(state.state.chats).toEqual([]);
  expect(state.state.chat).toBeUndefined();
  expect(await new ChatStore(name).load('c')).toBeUndefined();
  await library.restore('c');
  expect((await new ChatStore(name).load('c'))?.messages.size).toBe(1);
});

test('a change in another tab appears here', async () => {
  const here = await openLibrary();
  const there = await openLibrary(here.name);
  there.library.show(chat);
  there.library.put(chat, ['u']);
  await there.library.save();
  await vi.waitFor(() => expect(here.state.state.chats.map(({ id }) => id)).toEqual(['c']));
  await here.library.open('c');
  await there.library.rename('c', 'Renamed');
  await vi.waitFor(() => expect(here.state.state.chat?.title).toBe('Renamed'));
});

test('without IndexedDB chats live in memory and nothing throws', async () => {
  const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('refused', 'SecurityError');
  });
  cleanUps.push(() => open.mockRestore());
  const { state, library } = await openLibrary();
  expect(state.state.storage.chats).toBe('memory');
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  expect(state.state.chats).toHaveLength(1);
});

test('a save that fails keeps the text, says so, and succeeds when there is room again', async () => {
  const { name, state, library } = await openLibrary();
  const save = vi.spyOn(ChatStore.prototype, 'save').mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
  cleanUps.push(() => save.mockRestore());
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  expect(state.state.storage.saveError).toBeDefined();
  expect(state.state.chat?.messages.get('u')?.text).toBe('u');
  await library.save();
  expect(state.state.storage.saveError).toBeUndefined();
  expect((await new ChatStore(name).load('c'))?.messages.size).toBe(1);
});
