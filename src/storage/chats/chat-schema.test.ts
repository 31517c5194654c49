import { type IDBPDatabase, openDB } from 'idb';
import { expect, test } from 'vitest';
import { textParts } from '../../chat/message-parts.ts';
import { ChatStore } from './chat-store.ts';
import { PurgeStore } from './purge-store.ts';

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

test('a database of version 1 is upgraded to the current one without loss', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  await createVersion1(name);
  const store = new ChatStore(name);
  expect(await store.list()).toMatchObject([
    { id: 'bread', title: 'About bread', titleIsSet: true, createdAt: 10, updatedAt: 30, tags: [] },
    { id: 'boats', title: 'About boats', activeLeafId: 'a', modelId: 'toy', tags: [] },
  ]);
  const chat = await store.load('boats');
  expect([...(chat?.messages.values() ?? [])]).toEqual([
    { id: 'u', role: 'user', parts: textParts('boats'), status: 'complete', createdAt: 11 },
    { id: 'a', parentId: 'u', role: 'assistant', parts: textParts('Yes.'), status: 'stopped', createdAt: 12 },
  ]);
  expect(await store.loadRaw('broken')).toMatchObject({ summary: { nonsense: true } });
  await store.delete(['boats'], false, 40);
  expect(chat && (await store.save(chat))).toBe(false);
  store.close();
});

/** The database as version 3 of the schema made it, before messages had parts. Its tab stays open, as that version did. */
async function openVersion3(name: string): Promise<IDBPDatabase> {
  const database = await openDB(name, 3, {
    upgrade(created) {
      created.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
      for (const store of ['messages', 'drafts', 'unsaved']) created.createObjectStore(store);
    },
    blocking: () => database.close(),
  });
  return database;
}

const SUMMARY_3 = { id: 'c', title: 'Boats', titleIsSet: false, createdAt: 10, updatedAt: 13, tags: ['sea'] };
const QUESTION_3 = { id: 'q', parentId: undefined, role: 'user', text: 'Boats?', status: 'complete', createdAt: 11 };
const ANSWER_3 = {
  id: 'a',
  parentId: 'q',
  role: 'assistant',
  text: 'Yes, they',
  reasoning: 'Floating.',
  reasoningMs: 1_200,
  status: 'streaming',
  createdAt: 12,
  modelId: 'toy',
  statistics: { promptTokens: 3, completionTokens: 2, timeToFirstTokenMs: 5 },
};
const EMPTY_3 = { id: 'e', parentId: 'q', role: 'assistant', text: '', status: 'failed', createdAt: 13 };
const TRASH_3 = { ...QUESTION_3, id: 't', text: 'Rafts?', createdAt: 14, deletedAt: 20 };

test('messages, drafts and unsaved changes of version 3 are read as parts, without loss', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const old = await openVersion3(name);
  await old.put('conversations', { ...SUMMARY_3, modelId: 'toy', activeLeafId: 'a' });
  for (const message of [QUESTION_3, ANSWER_3, EMPTY_3, TRASH_3]) await old.put('messages', message, ['c', message.id]);
  await old.put('drafts', { text: 'And rafts?', updatedAt: 14 }, 'c');
  const unsaved = {
    summary: { ...SUMMARY_3, modelId: 'toy', activeLeafId: 'a' },
    messages: [
      // The rest of an answer that is stored in part, and a message that is not stored.
      { message: { ...ANSWER_3, text: ' float.', reasoning: ' On water.' }, textAt: 9, reasoningAt: 9 },
      { message: { ...QUESTION_3, id: 'q2', parentId: 'a', text: 'Why?', createdAt: 15 }, textAt: 0, reasoningAt: 0 },
    ],
  };
  await old.put('unsaved', unsaved, ['c', 'writer']);

  const store = new ChatStore(name);
  const { text: _t, reasoning: _r, reasoningMs: _ms, ...answer } = ANSWER_3;
  const before = await store.load('c');
  expect(before?.messages.get('a')).toEqual({ ...answer, parts: textParts('Yes, they', 'Floating.', 1_200) });
  expect(before?.messages.get('q')?.parts).toEqual(textParts('Boats?'));
  expect(before?.messages.get('e')?.parts).toEqual([]);
  expect(await store.readDraft('c')).toEqual(textParts('And rafts?'));

  await store.recover();
  const chat = await store.load('c');
  const whole = { ...answer, parts: textParts('Yes, they float.', 'Floating. On water.', 1_200) };
  expect(chat?.messages.get('a')).toEqual(whole);
  expect(chat?.messages.get('q2')).toMatchObject({ parts: textParts('Why?'), parentId: 'a' });
  expect(chat?.messages.size).toBe(5);
  expect(chat).toMatchObject({ title: 'Boats', tags: ['sea'], activeLeafId: 'a' });

  // The older tab cannot write over what it would not understand.
  await expect(old.count('messages')).rejects.toMatchObject({ name: 'InvalidStateError' });
  await expect(openVersion3(name)).rejects.toMatchObject({ name: 'VersionError' });

  // What earlier versions have deleted still had its text.
  const purges = new PurgeStore(name);
  expect(await purges.chatsToPurge()).toEqual(['c']);
  expect(await purges.purge(['c'], new Set(['t']))).toEqual([]);
  expect(await purges.purge(['c'], new Set())).toEqual(['c']);
  expect(JSON.stringify(await store.loadRaw('c'))).not.toContain('Rafts?');
  expect(await purges.chatsToPurge()).toEqual([]);
  purges.close();

  // What is saved again is stored with parts.
  if (chat !== undefined) await store.save(chat);
  const stored = (await store.loadRaw('c')) as { readonly messages: readonly unknown[] };
  expect(stored.messages).toContainEqual(whole);
  store.close();
});

test('a database of a later version is refused with its own error, and stays unchanged', async () => {
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
