import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { ChatStore } from './chat-store.ts';

/** The database as version 1 of the schema made it, with a chat in it as that version wrote it. */
async function createVersion1(name: string): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade(created) {
      created.createObjectStore('conversations', { keyPath: 'id' });
      created.createObjectStore('messages');
    },
  });
  for (const [id, updatedAt] of [
    ['boats', 20],
    ['bread', 30],
  ] as const) {
    const title = `About ${id}`;
    const summary = { id, title, titleIsSet: true, createdAt: 10, updatedAt, modelId: 'toy', activeLeafId: 'a' };
    await database.put('conversations', summary);
    await database.put('messages', { id: 'u', role: 'user', text: id, status: 'complete', createdAt: 11 }, [id, 'u']);
    const answer = { id: 'a', parentId: 'u', role: 'assistant', text: 'Yes.', status: 'stopped', createdAt: 12 };
    await database.put('messages', answer, [id, 'a']);
  }
  await database.put('conversations', { id: 'broken', nonsense: true });
  database.close();
}

test('a database of the first version is brought to this one, and nothing is lost', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  await createVersion1(name);
  const store = new ChatStore(name);
  expect(await store.list()).toMatchObject([
    { id: 'bread', title: 'About bread', titleIsSet: true, createdAt: 10, updatedAt: 30, tags: [] },
    { id: 'boats', title: 'About boats', activeLeafId: 'a', modelId: 'toy', tags: [] },
  ]);
  const chat = await store.load('boats');
  expect([...(chat?.messages.values() ?? [])]).toEqual([
    { id: 'u', role: 'user', text: 'boats', status: 'complete', createdAt: 11 },
    { id: 'a', parentId: 'u', role: 'assistant', text: 'Yes.', status: 'stopped', createdAt: 12 },
  ]);
  expect(await store.loadRaw('broken')).toMatchObject({ summary: { nonsense: true } });
  store.close();
});

test('a database of a later version is refused by name, and stays as it is', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const later = await openDB(name, 99, {
    upgrade(created) {
      created.createObjectStore('conversations', { keyPath: 'id' }).put({ id: 'c', from: 'the future' });
    },
  });
  later.close();
  const store = new ChatStore(name);
  await expect(store.list()).rejects.toMatchObject({ code: 'storage-outdated' });
  await expect(store.load('c')).rejects.toMatchObject({ code: 'storage-outdated' });
  const again = await openDB(name);
  expect(again.version).toBe(99);
  expect([...again.objectStoreNames]).toEqual(['conversations']);
  expect(await again.getAll('conversations')).toEqual([{ id: 'c', from: 'the future' }]);
  again.close();
});
