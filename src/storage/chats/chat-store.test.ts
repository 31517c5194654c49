import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { keepAsSibling } from '../../chat/edits.ts';
import { appended, textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation, siblings, updateMessage } from '../../chat/tree.ts';
import { ChatStore } from './chat-store.ts';
import { MOST_DELETED_CHATS } from './deleted-chats.ts';
import { PurgeStore } from './purge-store.ts';
import { changesOf } from './write-ahead-entry.ts';

let stores: ChatStore[] = [];
let count = 0;

function openStore(name = `chats-${count++}-${crypto.randomUUID()}`): ChatStore {
  const store = new ChatStore(name);
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores) store.close();
  stores = [];
});

function message(id: string, parentId: string | undefined, role: Message['role'], createdAt: number): Message {
  return { id, parentId, role, parts: textParts(`text of ${id}`), status: 'complete', createdAt };
}

function chatOf(id: string, updatedAt = 3): Conversation {
  const messages = [message('z', undefined, 'user', 1), message('a', 'z', 'assistant', 2)];
  return { ...messages.reduce(addMessage, createConversation(id, 0, 'toy')), updatedAt };
}

test('a conversation is read as it was saved', async () => {
  const store = openStore();
  const chat = chatOf('one');
  await store.save(chat);
  expect(await store.load('one')).toEqual(chat);
  expect(await store.load('none')).toBeUndefined();
});

test('a save of one message leaves the other messages unchanged', async () => {
  const store = openStore();
  await store.save(chatOf('one'));
  const changed = updateMessage(updateMessage(chatOf('one'), 'a', { parts: textParts('text of a, and more') }), 'z', {
    parts: textParts('not saved'),
  });
  await store.save(changed, ['a']);
  const loaded = await store.load('one');
  expect(loaded?.messages.get('a')?.parts).toEqual(textParts('text of a, and more'));
  expect(loaded?.messages.get('z')?.parts).toEqual(textParts('text of z'));
});

test('a save restores what the store has lost since the last one', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const store = openStore(name);
  const chat = chatOf('one');
  await store.save(chat);
  const database = await openDB(name);
  await database.clear('messages');
  database.close();
  const longer = addMessage(chat, message('q', 'a', 'user', 4));
  await store.save(longer, ['q']);
  expect(await store.load('one')).toEqual(longer);
});

test('the list is newest first without messages, and a deleted conversation leaves no record', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const store = openStore(name);
  await store.save(chatOf('old', 10));
  await store.save(chatOf('new', 20));
  expect((await store.list()).map((chat) => chat.id)).toEqual(['new', 'old']);
  await store.delete(['old'], false, 1);
  expect((await store.list()).map((chat) => chat.id)).toEqual(['new']);
  const database = await openDB(name);
  expect(await database.count('messages')).toBe(2);
  database.close();
});

test('a broken record is listed, its raw content can be read, and the others still open', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const store = openStore(name);
  await store.save(chatOf('good'));
  await store.save(chatOf('bad'));
  const database = await openDB(name);
  await database.put('messages', { id: 'a', nonsense: true }, ['bad', 'a']);
  database.close();
  await expect(store.load('bad')).rejects.toMatchObject({ code: 'record-broken', data: { id: 'bad' } });
  expect(JSON.stringify(await store.loadRaw('bad'))).toContain('nonsense');
  expect((await store.load('good'))?.messages.size).toBe(2);
});

test('an old tab closes its connection for a newer version of the database', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const old = openStore(name);
  await old.save(chatOf('one'));
  const newer = await openDB(name, 1_000);
  expect(await newer.count('conversations')).toBe(1);
  await expect(old.list()).rejects.toMatchObject({ code: 'storage-outdated' });
  newer.close();
});

test('a connection that the browser closed is opened again', async () => {
  const store = openStore();
  await store.save(chatOf('one'));
  store.close();
  expect(await store.list()).toHaveLength(1);
});

test('unsaved entries are merged: the rest of a stored text, and new messages', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const tab = openStore(name);
  const partial = updateMessage(chatOf('one'), 'a', { parts: textParts('', 'Hm'), status: 'streaming' });
  await tab.save(partial);
  const longer = updateMessage(partial, 'a', { parts: textParts('On day one', 'Hm, a story') });
  const changed = addMessage(longer, message('q', 'z', 'user', 4));
  const changes = changesOf(changed, ['a', 'q'], partial.messages);
  expect(changes.messages[0]).toMatchObject({ message: { parts: textParts('On day one', ', a story') } });
  await tab.writeAhead('one', changes);
  const next = openStore(name);
  await next.recover();
  expect(await next.load('one')).toEqual(changed);
  await next.recover();
  expect(await next.load('one')).toEqual(changed);
});

test('only the new part and the new text of a growing answer are written ahead', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const tab = openStore(name);
  const thought = textParts('', 'Hm');
  const partial = updateMessage(chatOf('one'), 'a', {
    parts: appended(thought, { type: 'text', text: 'On day' }),
    status: 'streaming',
  });
  await tab.save(partial);
  const call = { type: 'tool-call', id: 'c', name: 'clock', argumentsJson: '{}', state: 'pending' } as const;
  const parts = [...appended(partial.messages.get('a')?.parts ?? [], { type: 'text', text: ' one' }), call];
  const longer = updateMessage(partial, 'a', { parts });
  const changes = changesOf(longer, ['a'], partial.messages);
  expect(changes.messages).toMatchObject([{ partAt: 1, textAt: 6, message: { parts: [{ text: ' one' }, call] } }]);
  await tab.writeAhead('one', changes);
  const next = openStore(name);
  await next.recover();
  expect(await next.load('one')).toEqual(longer);
});

test('an answer that begins again after a lost device is stored beside its first attempt, without fragments', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const [tab, recovering] = [openStore(name), openStore(name)];
  const write = (chat: Conversation, text: string): Conversation =>
    updateMessage(chat, 'a', { parts: textParts(text), status: 'streaming' });
  const error = { name: 'AlcoveError', code: 'device-lost', message: '', data: {} } as const;
  let chat = write(chatOf('one'), 'One, two, three');
  await tab.save(chat);
  for (const [id, text] of [
    ['first', 'Uno, dos'],
    ['second', 'One'],
  ] as const) {
    const before = chat.messages;
    chat = keepAsSibling(chat, 'a', { id, error, now: 5 });
    await tab.writeAhead('one', changesOf(chat, [id, 'a'], before));
    await tab.save(chat, [id, 'a']);
    await recovering.recover();
    for (let length = 1; length <= text.length; length += 3) {
      const written = chat.messages;
      chat = write(chat, text.slice(0, length));
      await tab.writeAhead('one', changesOf(chat, ['a'], written));
      await recovering.recover();
      await tab.save(chat, ['a']);
    }
  }
  const loaded = await tab.load('one');
  expect(loaded && siblings(loaded, 'a').map(({ id }) => id)).toEqual(['first', 'second', 'a']);
  expect(loaded?.messages).toEqual(chat.messages);
});

test('a draft keeps its parts', async () => {
  const store = openStore();
  const image = { type: 'image', name: 'a.png', mediaType: 'image/png', sizeBytes: 3, sha256: '0'.repeat(64) } as const;
  await store.writeDrafts(new Map([['one', [image, ...textParts('What is this?')]]]), 5);
  expect(await store.readDraft('one')).toEqual([image, ...textParts('What is this?')]);
  await store.writeDrafts(new Map([['one', []]]), 6);
  expect(await store.readDraft('one')).toEqual([]);
});

test('unsaved entries of two tabs in a new chat are all kept, and saved ones are not applied again', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const [one, other, saved] = [openStore(name), openStore(name), openStore(name)];
  const chat = chatOf('one');
  const [first, second] = ['p', 'q'].map((id) => addMessage(chat, message(id, 'a', 'user', 4)));
  if (first === undefined || second === undefined) throw new Error('unreachable');
  await one.writeAhead('one', changesOf(first, first.messages.keys(), new Map()));
  await other.writeAhead('one', changesOf(second, second.messages.keys(), new Map()));
  await saved.writeAhead('two', changesOf(chatOf('two'), ['z'], new Map()));
  await saved.writeAhead('two', undefined);
  const next = openStore(name);
  await next.recover();
  expect([...((await next.load('one'))?.messages.keys() ?? [])].sort()).toEqual(['a', 'p', 'q', 'z']);
  expect(await next.load('two')).toBeUndefined();
});

test('so many deletions are noted that no tab stores a chat again, and no more', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const store = openStore(name);
  await store.delete(['first'], false, 1_000);
  // The clock was put back.
  await store.delete(
    Array.from({ length: MOST_DELETED_CHATS - 1 }, (_, index) => `chat ${index}`),
    false,
    500,
  );
  expect(await store.deletedAmong(['first', 'chat 0'])).toEqual(['first', 'chat 0']);
  await store.delete(['last'], false, 501);
  expect(await store.deletedAmong(['first', 'chat 0', 'last'])).toEqual(['chat 0', 'last']);
});

test('a draft that another tab has written into a deleted chat is deleted', async () => {
  const store = openStore();
  await store.save(chatOf('one'));
  await store.delete(['one'], false, 1);
  const drafts = [
    ['one', textParts('typed')],
    ['two', textParts('kept')],
  ] as const;
  await store.writeDrafts(new Map(drafts), 2);
  const purges = new PurgeStore(store.name);
  await purges.tidyDrafts();
  purges.close();
  expect(await store.readDraft('one')).toEqual([]);
  expect(await store.readDraft('two')).toEqual(textParts('kept'));
});

test('unsaved entries do not restore a deleted chat', async () => {
  const name = `chats-${crypto.randomUUID()}`;
  const store = openStore(name);
  const chat = chatOf('one');
  await store.save(chat);
  const changes = changesOf(
    updateMessage(chat, 'a', { parts: textParts('text of a, and more') }),
    ['a'],
    chat.messages,
  );
  await store.writeAhead('one', changes);
  await store.delete(['one'], false, 1);
  // Another tab that has not heard of it yet.
  await openStore(name).writeAhead('one', changes);
  await store.recover();
  expect(await store.list()).toEqual([]);
  // Nor one that was never saved, which continues nothing.
  await store.writeAhead('one', changesOf(chat, chat.messages.keys(), new Map()));
  await store.recover();
  expect(await store.list()).toEqual([]);
});
