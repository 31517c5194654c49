import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { deleteBranch } from '../../chat/deletion.ts';
import { textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { CHAT_SCHEMA_VERSION } from '../../storage/chats/chat-schema.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { ChatRepository } from './chat-repository.ts';
import { ChatSearch } from './chat-search.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function chatOf(id: string, text: string) {
  const message: Message = {
    id: 'u',
    parentId: undefined,
    role: 'user',
    parts: textParts(text),
    status: 'complete',
    createdAt: 1,
  };
  return addMessage(createConversation(id, 1, 'toy'), message);
}

test('the search finds messages, also those written after the first query or in another tab', async () => {
  const name = crypto.randomUUID();
  const open = () => {
    const library = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
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
  expect([...(await search.excerpts('boats', ['b', 'c'])).keys()]).toEqual(['c']);
});

test('the search finds the newest chats while it reads the others, and all chats at the end', async () => {
  const name = crypto.randomUUID();
  const store = new ChatStore(name);
  const ages = Array.from({ length: 300 }, (_, age) => age);
  // Their ids, by which they are stored, say nothing of their age.
  const idOf = (age: number): string => `${(age * 7) % 300}`;
  for (const age of ages) await store.save({ ...chatOf(idOf(age), 'A boat'), updatedAt: 1_000 - age });
  const library = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), store, name);
  cleanUps.push(() => library.dispose());
  const search = new ChatSearch(library, name);
  cleanUps.push(() => search.dispose());
  const parts: (readonly string[])[] = [];
  const earlier = search.find('bo', (ids) => parts.push(ids));
  const found = await search.find('boat', (ids) => parts.push(ids));
  expect(found).toEqual(ages.map(idOf));
  expect(await earlier).toEqual(found);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(part).toEqual(found.slice(0, part.length));
  expect(parts[0]?.length).toBeLessThan(100);
});

test('the search finds neither deleted messages nor those that follow them', async () => {
  const name = crypto.randomUUID();
  const library = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
  cleanUps.push(() => library.dispose());
  await library.start();
  const reply: Message = {
    id: 'a',
    parentId: 'u',
    role: 'assistant',
    parts: textParts('A ship'),
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

test('a search after one that failed reads the store again', async () => {
  const name = crypto.randomUUID();
  // Of a newer build, whose data the user then clears.
  const newer = await openDB(name, CHAT_SCHEMA_VERSION + 1);
  const library = new ChatRepository(new StateStore<SessionState>(INITIAL_STATE), new ChatStore(name), name);
  cleanUps.push(() => library.dispose());
  const search = new ChatSearch(library, name);
  cleanUps.push(() => search.dispose());
  await expect(search.find('boat')).rejects.toMatchObject({ code: 'storage-outdated' });
  newer.close();
  await deleteDB(name);
  await new ChatStore(name).save(chatOf('a', 'A boat'));
  expect(await search.find('boat')).toEqual(['a']);
});
