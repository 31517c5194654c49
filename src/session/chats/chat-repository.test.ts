import { openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { deleteBranch, isHidden, restoreBranch } from '../../chat/deletion.ts';
import { textOf, textParts } from '../../chat/message-parts.ts';
import { activePath, addMessage, createConversation, updateMessage } from '../../chat/tree.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { SearchedChats } from '../../storage/chats/searched-chats.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { ChatRepository } from './chat-repository.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** @param channelName another one for a tab that does not hear of the others, as a frozen one */
async function openLibrary(name: string = crypto.randomUUID(), channelName = name) {
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const library = new ChatRepository(state, new ChatStore(name), channelName);
  cleanUps.push(() => library.dispose());
  await library.start();
  return { name, state, library };
}

function message(id: string, parentId: string | undefined, role: Message['role']): Message {
  return { id, parentId, role, parts: textParts(id), status: 'complete', createdAt: 1 };
}

const chat = addMessage(createConversation('c', 1, 'toy'), message('u', undefined, 'user'));

test('a change is shown immediately, and stored after a save', async () => {
  const { name, state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  expect(state.state.chats.map(({ id }) => id)).toEqual(['c']);
  await library.save();
  expect((await new ChatStore(name).load('c'))?.messages.get('u')?.parts).toEqual(textParts('u'));
});

test('a streaming answer is saved automatically', async () => {
  const { name, state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  library.put(updateMessage(chat, 'u', { parts: textParts('more') }), ['u'], 'soon');
  expect(state.state.chat?.messages.get('u')?.parts).toEqual(textParts('more'));
  const store = new ChatStore(name);
  await expect.poll(async () => (await store.load('c'))?.messages.get('u')?.parts).toEqual(textParts('more'));
});

test('entries written ahead stay while the answer is generated, and are removed when it ends', async () => {
  const { name, library } = await openLibrary();
  const writing = (text: string, status: Message['status']) =>
    addMessage(chat, { ...message('a', 'u', 'assistant'), parts: textParts(text), status });
  const ahead = async (): Promise<number> => {
    const database = await openDB(name);
    cleanUps.push(() => database.close());
    return database.count('unsaved');
  };
  library.put(writing('so', 'streaming'), ['u', 'a']);
  await library.save();
  expect(await ahead()).toBe(1);
  // It is merged again where a tab finds it: nothing is there twice.
  const next = await openLibrary(name);
  await next.library.open('c');
  const texts = [...(next.state.state.chat?.messages.values() ?? [])].map(textOf);
  expect(texts.sort()).toEqual(['so', 'u']);
  library.put(writing('so far', 'complete'), ['a']);
  await library.save();
  await expect.poll(async () => await ahead()).toBe(0);
});

test('changes that a closed tab had not saved are shown at the next start', async () => {
  const { name, library } = await openLibrary();
  library.put(addMessage(chat, { ...message('a', 'u', 'assistant'), parts: textParts('so'), status: 'streaming' }), [
    'u',
    'a',
  ]);
  await library.save();
  const longer = addMessage(chat, {
    ...message('a', 'u', 'assistant'),
    parts: textParts('so far'),
    status: 'streaming',
  });
  library.put(longer, ['a'], 'soon');
  const next = await openLibrary(name);
  await next.library.open('c');
  expect(next.state.state.chat?.messages.get('a')).toMatchObject({ parts: textParts('so far'), status: 'stopped' });
});

test('a tab that is frozen writes ahead what it has of an answer, since it may never continue', async () => {
  const { name, library } = await openLibrary();
  const writing: Message = { ...message('a', 'u', 'assistant'), status: 'streaming', parts: textParts('so') };
  library.put(addMessage(chat, writing), ['u', 'a']);
  await library.save();
  // As in a frozen page: no timer runs, and no frame.
  vi.useFakeTimers({ toFake: ['setTimeout', 'requestAnimationFrame'] });
  try {
    library.put(addMessage(chat, { ...writing, parts: textParts('so far') }), ['a'], 'soon');
    document.dispatchEvent(new Event('freeze'));
    const store = new ChatStore(name);
    await store.recover();
    expect((await store.load('c'))?.messages.get('a')?.parts).toEqual(textParts('so far'));
  } finally {
    vi.useRealTimers();
  }
});

test('changes that a closed tab had not saved are shown in a tab that was already open', async () => {
  const here = await openLibrary();
  const there = await openLibrary(here.name);
  const unlock = there.library.writing.hold('a');
  const writing: Message = { ...message('a', 'u', 'assistant'), status: 'streaming', parts: textParts('so') };
  there.library.put(addMessage(chat, writing), ['u', 'a']);
  await there.library.save();
  await here.library.open('c');
  there.library.put(addMessage(chat, { ...writing, parts: textParts('so far') }), ['a'], 'soon');
  unlock();
  await vi.waitFor(() => {
    expect(here.state.state.chat?.messages.get('a')).toMatchObject({ parts: textParts('so far'), status: 'stopped' });
  });
});

test('a deleted chat can be restored completely', async () => {
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

test('a change in another tab appears in this one', async () => {
  const here = await openLibrary();
  const there = await openLibrary(here.name);
  there.library.show(chat);
  there.library.put(chat, ['u']);
  await there.library.save();
  await expect.poll(() => here.state.state.chats.map(({ id }) => id)).toEqual(['c']);
  await here.library.open('c');
  await there.library.setFields('c', { title: 'Renamed', titleIsSet: true });
  await expect.poll(() => here.state.state.chat?.title).toBe('Renamed');
});

test('deleting all chats includes those that are open or being answered, in every tab', async () => {
  const { name, state, library } = await openLibrary();
  const other = await openLibrary(name);
  const writing = addMessage(chat, { ...message('a', 'u', 'assistant'), status: 'streaming' });
  library.show(writing);
  const release = library.hold(writing);
  library.put(writing, ['u', 'a']);
  await library.save();
  await other.library.adopt([createConversation('d', 2, 'toy')]);
  await expect.poll(() => state.state.chats).toHaveLength(2);
  await other.library.open('d');
  library.put(updateMessage(writing, 'a', { parts: textParts('more') }), ['a'], 'soon');
  expect(await library.deleteAll()).toBe(2);
  expect(state.state).toMatchObject({ chats: [], chat: undefined });
  expect(library.get('c')).toBeUndefined();
  release();
  await expect.poll(() => other.state.state).toMatchObject({ chats: [], chat: undefined });
  library.dispose();
  expect(await new ChatStore(name).list()).toEqual([]);
  expect((await openLibrary(name)).state.state.chats).toEqual([]);
});

test('a chat deleted in one tab does not come back when all are deleted in another', async () => {
  const { name, state, library } = await openLibrary();
  const other = await openLibrary(name);
  await library.adopt([createConversation('c', 1, 'toy'), createConversation('d', 2, 'toy')]);
  await library.refresh();
  await expect.poll(() => other.state.state.chats).toHaveLength(2);
  await other.library.delete('d');
  await expect.poll(() => state.state.chats).toHaveLength(1);
  await library.deleteAll();
  await expect.poll(() => other.state.state.chats).toEqual([]);
  await other.library.restore('d');
  expect(other.state.state.chats).toEqual([]);
  expect(await new ChatStore(name).list()).toEqual([]);
});

/** A tab that is answering in the chat, as the generation queue does it. */
async function answering(name: string, channelName?: string) {
  const tab = await openLibrary(name, channelName);
  const writing = addMessage(chat, { ...message('a', 'u', 'assistant'), status: 'streaming' });
  const stopped: string[] = [];
  tab.library.onDeleted((id) => stopped.push(id));
  tab.library.show(writing);
  tab.library.hold(writing);
  tab.library.put(writing, ['u', 'a']);
  await tab.library.save();
  const write = async (text: string): Promise<void> => {
    tab.library.put(updateMessage(writing, 'a', { parts: textParts(text) }), ['a'], 'soon');
    await tab.library.save();
  };
  return { ...tab, write, stopped };
}

for (const hears of [true, false]) {
  const unless = hears ? '' : ' and does not hear of it';

  test(`a deleted chat is not stored again by a tab that is answering in it${unless}`, async () => {
    const { name, library } = await openLibrary();
    const { state, write, stopped, ...other } = await answering(name, hears ? name : crypto.randomUUID());
    await library.delete('c');
    if (hears) await expect.poll(() => stopped).toEqual(['c']);
    await write('more');
    await write('more and more');
    expect(stopped).toEqual(['c']);
    expect(state.state).toMatchObject({ chats: [], chat: undefined, storage: { saveError: undefined } });
    other.library.dispose();
    const { state: later } = await openLibrary(name);
    expect(later.state.chats).toEqual([]);
    expect(await new SearchedChats(name).messagesOfEach(['c'])).toEqual([[]]);
    // The tab that has deleted it can still undo that.
    await library.restore('c');
    expect(await new ChatStore(name).list()).toHaveLength(1);
  });

  test(`nothing comes back after all chats are deleted while another tab answers${unless}`, async () => {
    const { name, library } = await openLibrary();
    const before = await openLibrary(name, hears ? name : crypto.randomUUID());
    await library.adopt([createConversation('d', 2, 'toy')]);
    await before.library.delete('d');
    const { state, write, stopped } = await answering(name, hears ? name : crypto.randomUUID());
    await library.deleteAll();
    if (hears) await expect.poll(() => stopped).toContain('c');
    await write('more');
    await before.library.restore('d');
    expect(stopped).toContain('c');
    expect(state.state).toMatchObject({ chats: [], chat: undefined });
    expect((await openLibrary(name)).state.state.chats).toEqual([]);
  });
}

test('a chat that another tab could not store is not stored after all chats are deleted', async () => {
  const { name, library } = await openLibrary();
  const save = vi.spyOn(ChatStore.prototype, 'save').mockRejectedValue(new DOMException('', 'QuotaExceededError'));
  cleanUps.push(() => save.mockRestore());
  const { state, write, stopped, ...other } = await answering(name);
  await library.deleteAll();
  await expect.poll(() => stopped).toEqual(['c']);
  save.mockRestore();
  await write('more');
  await other.library.save();
  expect(state.state.chats).toEqual([]);
  expect(await new ChatStore(name).list()).toEqual([]);
});

test('a chat that is deleted while its save fails for lack of space does not come back', async () => {
  const { name, state, library } = await openLibrary();
  const full = Promise.withResolvers<boolean>();
  const save = vi.spyOn(ChatStore.prototype, 'save').mockReturnValueOnce(full.promise);
  cleanUps.push(() => save.mockRestore());
  library.show(chat);
  library.put(chat, ['u']);
  await library.delete('c');
  full.reject(new DOMException('', 'QuotaExceededError'));
  await library.save();
  await library.save();
  expect(state.state).toMatchObject({ chats: [], chat: undefined, storage: { saveError: undefined } });
  expect(await new ChatStore(name).list()).toEqual([]);
});

test('a chat can be deleted on a disk that has no room for the note of it', async () => {
  const { name, library } = await openLibrary();
  library.put(chat, ['u']);
  await library.save();
  const { put } = IDBObjectStore.prototype;
  cleanUps.push(() => {
    IDBObjectStore.prototype.put = put;
  });
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('', 'QuotaExceededError');
  };
  await library.delete('c');
  IDBObjectStore.prototype.put = put;
  expect(await new ChatStore(name).list()).toEqual([]);
});

test('a deleted chat comes back from a file, in every tab', async () => {
  const { name, library } = await openLibrary();
  const other = await openLibrary(name);
  await library.adopt([chat]);
  await expect.poll(() => other.state.state.chats).toHaveLength(1);
  await library.delete('c');
  await expect.poll(() => other.state.state.chats).toEqual([]);
  expect(await library.adopt([chat])).toEqual([{ result: 'added' }]);
  await expect.poll(() => other.state.state.chats).toHaveLength(1);
  other.library.put(updateMessage(chat, 'u', { parts: textParts('u, and more') }), ['u']);
  await other.library.save();
  expect((await new ChatStore(name).load('c'))?.messages.get('u')?.parts).toEqual(textParts('u, and more'));
});

test('chats that cannot be deleted stay, with their unsaved changes', async () => {
  const { state, library } = await openLibrary();
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  const save = vi.spyOn(ChatStore.prototype, 'save').mockRejectedValue(new DOMException('', 'QuotaExceededError'));
  const remove = vi.spyOn(ChatStore.prototype, 'deleteAll').mockRejectedValue(new DOMException('', 'UnknownError'));
  cleanUps.push(
    () => save.mockRestore(),
    () => remove.mockRestore(),
  );
  library.put(updateMessage(chat, 'u', { parts: textParts('more') }), ['u']);
  await expect(library.deleteAll()).rejects.toThrow();
  expect(state.state.chat?.messages.get('u')?.parts).toEqual(textParts('more'));
  library.show(undefined);
  expect(library.get('c')?.messages.get('u')?.parts).toEqual(textParts('more'));
  save.mockRestore();
  await library.save();
  expect((await library.read('c'))?.messages.get('u')?.parts).toEqual(textParts('more'));
});

test('two tabs that write to one chat keep the messages of both', async () => {
  const here = await openLibrary();
  here.library.show(chat);
  here.library.put(chat, ['u']);
  await here.library.save();
  const there = await openLibrary(here.name);
  await there.library.open('c');
  here.library.put(addMessage(chat, message('h', 'u', 'assistant')), ['h']);
  there.library.put(addMessage(chat, message('t', 'u', 'assistant')), ['t']);
  await Promise.all([here.library.save(), there.library.save()]);
  for (const { state } of [here, there]) {
    await expect.poll(() => state.state.chat?.messages.size).toBe(3);
  }
  // Each tab keeps showing its own branch.
  expect(here.state.state.chat?.activeLeafId).toBe('h');
  expect(there.state.state.chat?.activeLeafId).toBe('t');
});

test('an answer that another tab generates is followed, and marked as stopped when that tab is closed', async () => {
  const here = await openLibrary();
  const there = await openLibrary(here.name);
  const writing: Message = { ...message('a', 'u', 'assistant'), status: 'streaming', parts: textParts('so f') };
  const unlock = there.library.writing.hold('a');
  there.library.show(chat);
  there.library.put(addMessage(chat, writing), ['u', 'a']);
  await there.library.save();
  await here.library.open('c');
  expect(here.state.state.chat?.messages.get('a')?.status).toBe('streaming');
  unlock();
  await expect.poll(() => here.state.state.chat?.messages.get('a')?.status).toBe('stopped');
  expect(here.state.state.chat?.messages.get('a')?.parts).toEqual(textParts('so f'));
});

test('after the clock was put back, a chat keeps its messages, its title and its place in the list', async () => {
  const real = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(real + 30 * 86_400_000);
  cleanUps.push(() => clock.mockRestore());
  const { name, library } = await openLibrary();
  const ask = (into: Conversation, ids: readonly string[], tab = library): Conversation => {
    let asked = into;
    for (const [at, id] of ids.entries()) {
      const role = at % 2 === 0 ? 'user' : 'assistant';
      asked = addMessage(asked, { ...message(id, asked.activeLeafId, role), createdAt: tab.now() });
      tab.put(asked, [id]);
    }
    return asked;
  };
  ask(createConversation('other', library.now(), 'toy'), ['o1', 'o2']);
  const ahead = ask(createConversation('c', library.now(), 'toy'), ['z', 'y']);
  await library.setFields('c', { title: 'Before', pinnedAt: library.now() });
  await library.setFields('other', { title: 'Newest for now' });
  ask((await library.read('other')) ?? ahead, ['o3', 'o4']);
  await library.save();

  clock.mockReturnValue(real);
  const later = await openLibrary(name);
  await later.library.open('c');
  const opened = later.state.state.chat ?? ahead;
  ask(opened, ['x', 'w', 'b', 'a'], later.library);
  await later.library.setFields('c', { title: 'After', pinnedAt: undefined });
  await later.library.save();

  const last = await openLibrary(name);
  await last.library.open('c');
  const { chat: shown = ahead, chats } = last.state.state;
  expect(activePath(shown).map(({ id }) => id)).toEqual(['z', 'y', 'x', 'w', 'b', 'a']);
  expect(shown.title).toBe('After');
  expect(shown.pinnedAt).toBeUndefined();
  expect(chats.map(({ id }) => id)).toEqual(['c', 'other']);
});

/** All that the database holds, as one text. */
async function storedText(name: string): Promise<string> {
  const database = await openDB(name);
  const stores = await Promise.all([...database.objectStoreNames].map((store) => database.getAll(store)));
  database.close();
  return JSON.stringify(stores);
}

const SECRET = addMessage(addMessage(chat, { ...message('a', 'u', 'assistant'), parts: textParts('secret') }), {
  ...message('r', 'a', 'user'),
  parts: textParts('a reply to the secret'),
});

test('deleted messages leave the store when the undo ends, and not before, in every tab', async () => {
  const { name, state, library } = await openLibrary();
  library.show(SECRET);
  library.put(SECRET, SECRET.messages.keys());
  await library.save();
  (await library.openPurge()).keep('a');
  library.put(deleteBranch(SECRET, 'a', library.now()), ['a']);
  await library.save();
  // A tab that starts meanwhile looks for deleted messages.
  const other = await openLibrary(name);
  await other.library.open('c');
  await (await other.library.openPurge()).sweep();
  expect(await storedText(name)).toContain('secret');
  await (await library.openPurge()).end('c', 'a');
  expect(await storedText(name)).not.toContain('secret');
  for (const tab of [state, other.state]) {
    await expect.poll(() => tab.state.chat?.messages.get('r')).toMatchObject({ parts: [], purged: true });
  }
  // The other tab writes what it has in memory.
  await other.library.setFields('c', { title: 'Renamed' });
  expect(await storedText(name)).not.toContain('secret');
});

test('messages whose undo was taken stay whole when it ends', async () => {
  const { name, library } = await openLibrary();
  (await library.openPurge()).keep('a');
  const deleted = deleteBranch(SECRET, 'a', library.now());
  library.put(deleted, SECRET.messages.keys());
  await library.save();
  const full = vi.spyOn(ChatStore.prototype, 'save').mockRejectedValue(new DOMException('', 'QuotaExceededError'));
  cleanUps.push(() => full.mockRestore());
  library.put(restoreBranch(deleted, 'a', library.now()), ['a']);
  await (await library.openPurge()).end('c', 'a');
  full.mockRestore();
  await library.save();
  const stored = await new ChatStore(name).load('c');
  expect(stored?.messages.get('r')?.parts).toEqual(textParts('a reply to the secret'));
  expect(stored && isHidden(stored, 'r')).toBe(false);
});

test('what a tab has deleted that was closed before its undo ended leaves the store at the next start', async () => {
  const { name, library } = await openLibrary();
  (await library.openPurge()).keep('a');
  library.put(deleteBranch(SECRET, 'a', library.now()), SECRET.messages.keys());
  await library.save();
  library.dispose();
  await openLibrary(name);
  await expect.poll(async () => await storedText(name)).not.toContain('secret');
  expect(await storedText(name)).toContain('purged');
});

test('chats of a newer version of the page stay unchanged, which is reported', async () => {
  const name = crypto.randomUUID();
  const newer = await openDB(name, 99);
  newer.close();
  const { state } = await openLibrary(name);
  expect(state.state.storage).toMatchObject({ chats: 'memory', saveError: { code: 'storage-outdated' } });
});

test('without IndexedDB, chats are kept in memory and no call throws', async () => {
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
  await library.delete(chat.id);
  expect(state.state.chats).toEqual([]);
});

test('a store that an older tab blocks at the start is used once that tab is gone, with the chats of both', async () => {
  const name = crypto.randomUUID();
  const before = await openLibrary(name);
  before.library.put({ ...chat, id: 'stored' }, ['u']);
  await before.library.save();
  // A newer version is asked for while this tab, of an older build, does not let go of its connection.
  before.library.dispose();
  const old = await openDB(name);
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const open = indexedDB.open.bind(indexedDB);
  const asNewer = vi.spyOn(indexedDB, 'open').mockImplementation((asked) => open(asked, old.version + 1));
  cleanUps.push(() => asNewer.mockRestore());
  const library = new ChatRepository(state, new ChatStore(name), name);
  cleanUps.push(() => library.dispose());
  await library.start();
  expect(state.state.storage.chats).toBe('memory');
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  expect(state.state.storage.chats).toBe('memory');
  old.close();
  await library.save();
  expect(state.state.storage.chats).toBe('stored');
  expect(state.state.chats.map(({ id }) => id).toSorted()).toEqual(['c', 'stored']);
  expect((await new ChatStore(name).load('c'))?.messages.size).toBe(1);
});

test('a failed save keeps the text, is reported, and succeeds once there is space again', async () => {
  const { name, state, library } = await openLibrary();
  const save = vi.spyOn(ChatStore.prototype, 'save').mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
  cleanUps.push(() => save.mockRestore());
  library.show(chat);
  library.put(chat, ['u']);
  await library.save();
  expect(state.state.storage.saveError).toBeDefined();
  expect(state.state.chat?.messages.get('u')?.parts).toEqual(textParts('u'));
  await library.save();
  expect(state.state.storage.saveError).toBeUndefined();
  expect((await new ChatStore(name).load('c'))?.messages.size).toBe(1);
});
