import { afterEach, expect, test } from 'vitest';
import type { Message } from '../chat/conversation.ts';
import { deleteBranch } from '../chat/deletion.ts';
import { addMessage, createConversation } from '../chat/tree.ts';
import { ChatStore } from '../storage/chat-store.ts';
import { ChatLibrary } from './chat-library.ts';
import { ChatSearch } from './chat-search.ts';
import { INITIAL_STATE, type SessionState } from './session-state.ts';
import { StateStore } from './state-store.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function chatOf(id: string, text: string) {
  const message: Message = { id: 'u', parentId: undefined, role: 'user', text, status: 'complete', createdAt: 1 };
  return addMessage(createConversation(id, 1, 'toy'), message);
}

test('what is said in chats is found, also what was written after the first query or in another tab', async () => {
  const name = crypto.randomUUID();
  const open = () => {
    const library = new ChatLibrary(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
    cleanUps.push(() => library.dispose());
    return library;
  };
  const [here, there] = [open(), open()];
  await Promise.all([here.start(), there.start()]);
  here.put(chatOf('a', 'A small boat'), ['u']);
  await here.save();
  const search = new ChatSearch(here, name);
  cleanUps.push(() => search.dispose());
  expect(await search.find('bo')).toEqual(['a']);
  here.put(chatOf('b', 'Two boats'), ['u']);
  await here.save();
  expect(await search.find('boat')).toEqual(['a', 'b']);
  there.put(chatOf('c', 'Three Böats'), ['u']);
  await there.save();
  await expect.poll(() => search.find('boats')).toEqual(['b', 'c']);
  expect((await search.excerpts('boats', ['b', 'c', 'gone'])).get('c')).toEqual({
    messageId: 'u',
    parts: [
      { text: 'Three ', isMatch: false },
      { text: 'Böats', isMatch: true },
    ],
  });
  await here.delete('b');
  expect(await search.find('boats')).toEqual(['c']);
});

test('what was deleted in a chat is not found, nor what followed it', async () => {
  const name = crypto.randomUUID();
  const library = new ChatLibrary(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
  cleanUps.push(() => library.dispose());
  await library.start();
  const reply: Message = {
    id: 'a',
    parentId: 'u',
    role: 'assistant',
    text: 'A ship',
    status: 'complete',
    createdAt: 2,
  };
  library.put(deleteBranch(addMessage(chatOf('c', 'A boat'), reply), 'u', 3), ['u', 'a']);
  library.put(chatOf('d', 'Another ship'), ['u']);
  await library.save();
  const search = new ChatSearch(library, name);
  cleanUps.push(() => search.dispose());
  expect(await search.find('boat')).toEqual([]);
  expect(await search.find('ship')).toEqual(['d']);
});
