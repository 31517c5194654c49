import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { Conversation } from '../../chat/conversation.ts';
import { deleteBranch } from '../../chat/deletion.ts';
import { type ImagePart, type MessagePart, textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import type { Attachments } from './attachments.ts';
import { ChatDrafts } from './chat-drafts.ts';
import { ChatRepository } from './chat-repository.ts';
import { ChatTransfer } from './chat-transfer.ts';
import { Projects } from './projects.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

interface Tab {
  readonly repository: ChatRepository;
  readonly files: Attachments;
  readonly drafts: ChatDrafts;
  readonly projects: Projects;
  readonly transfer: ChatTransfer;
  /** The hashes of the files that are stored. */
  stored(): Promise<string[]>;
}

async function openTab(name: string = crypto.randomUUID(), keepsChats = true): Promise<Tab> {
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const store = new ChatStore(name);
  const repository = new ChatRepository(state, store, name, keepsChats);
  await repository.start();
  const drafts = new ChatDrafts(keepsChats ? store : undefined, true);
  const { attachments: files } = await repository.openPurge();
  cleanUps.push(() => {
    drafts.dispose();
    repository.dispose();
  });
  const projects = new Projects(state, keepsChats ? name : undefined, async () => files);
  cleanUps.push(() => projects.dispose());
  const chatIds = (): readonly (readonly [string, string])[] => state.state.chats.map(({ id, title }) => [id, title]);
  const transfer = new ChatTransfer(repository, chatIds, projects);
  const stored = async (): Promise<string[]> => {
    const database = await openDB(name);
    const keys = await database.getAllKeys('attachments');
    database.close();
    return keys.map(String);
  };
  return { repository, files, drafts, projects, transfer, stored };
}

function imageOf(sha256: string, name = 'moon.png'): ImagePart {
  return { type: 'image', name, mediaType: 'image/png', sizeBytes: 4, sha256 };
}

function chatWith(id: string, ...parts: readonly MessagePart[]): Conversation {
  const message = { id: 'q', parentId: undefined, role: 'user', status: 'complete', createdAt: 1 } as const;
  return addMessage(createConversation(id, 1, 'toy'), { ...message, parts: [...parts, ...textParts('What is this?')] });
}

async function say({ repository, files }: Tab, chatId: string, bytes: Blob): Promise<string> {
  const sha256 = await files.add(bytes);
  const chat = chatWith(chatId, imageOf(sha256));
  repository.put(chat, chat.messages.keys());
  await files.release([sha256]);
  return sha256;
}

const MOON = new Blob(['moon']);
const SUN = new Blob(['sun!']);

test('a file is stored once, however many messages refer to it, and goes with the last of them', async () => {
  const tab = await openTab();
  const sha256 = await say(tab, 'one', MOON);
  expect(await say(tab, 'two', new Blob(['moon']))).toBe(sha256);
  expect(await tab.stored()).toEqual([sha256]);
  expect(await (await tab.files.read(sha256))?.text()).toBe('moon');
  await tab.repository.delete('one');
  await tab.files.sweep();
  expect(await tab.stored()).toEqual([sha256]);
  await tab.repository.delete('two');
  await expect.poll(tab.stored).toEqual([]);
});

test('the files of a deleted chat come back with it', async () => {
  const tab = await openTab();
  const sha256 = await say(tab, 'one', MOON);
  await tab.repository.delete('one');
  await expect.poll(tab.stored).toEqual([]);
  await tab.repository.restore('one');
  await tab.repository.save();
  expect(await tab.stored()).toEqual([sha256]);
  expect(await (await tab.files.read(sha256))?.text()).toBe('moon');
});

test('the files of a deleted message stay until its deletion cannot be undone', async () => {
  const tab = await openTab();
  const sha256 = await say(tab, 'one', MOON);
  const purge = await tab.repository.openPurge();
  const chat = await tab.repository.read('one');
  if (chat === undefined) throw new Error('the chat is stored');
  purge.keep('q');
  tab.repository.put(deleteBranch(chat, 'q', 5), ['q']);
  await tab.repository.save();
  await tab.files.sweep();
  expect(await tab.stored()).toEqual([sha256]);
  await purge.end('one', 'q');
  expect(await tab.stored()).toEqual([]);
});

test('what is attached to a draft is kept for the next visit, and goes when it is removed', async () => {
  const name = crypto.randomUUID();
  const tab = await openTab(name);
  const sha256 = await tab.files.add(MOON);
  await tab.drafts.attach(undefined, [imageOf(sha256)]);
  tab.drafts.write(undefined, 'What');
  tab.drafts.dispose();
  tab.repository.dispose();
  const next = await openTab(name);
  await next.files.sweep();
  expect(await next.drafts.readAttached(undefined)).toEqual([imageOf(sha256)]);
  expect(await next.drafts.read(undefined)).toBe('What');
  expect(await next.stored()).toEqual([sha256]);
  await next.drafts.attach(undefined, []);
  await next.files.release([sha256]);
  expect(await next.stored()).toEqual([]);
  expect(await next.drafts.read(undefined)).toBe('What');
});

test('no tab removes what another one has just attached', async () => {
  const name = crypto.randomUUID();
  const [tab, other] = [await openTab(name), await openTab(name)];
  const sha256 = await tab.files.add(MOON);
  await other.files.sweep();
  expect(await tab.stored()).toEqual([sha256]);
  await tab.files.release([sha256]);
  expect(await tab.stored()).toEqual([]);
});

test('files that were attached and never sent are removed at the next start', async () => {
  const name = crypto.randomUUID();
  const tab = await openTab(name);
  await tab.files.add(MOON);
  tab.repository.dispose();
  const next = await openTab(name);
  await expect.poll(next.stored).toEqual([]);
});

test('deleting all chats removes all files, and keeps what is attached in another tab', async () => {
  const name = crypto.randomUUID();
  const [tab, other] = [await openTab(name), await openTab(name)];
  await say(tab, 'one', MOON);
  const attached = await other.files.add(SUN);
  await tab.repository.deleteAll();
  expect(await tab.stored()).toEqual([attached]);
});

test('the files of temporary chats are never stored', async () => {
  const tab = await openTab(crypto.randomUUID(), false);
  const sha256 = await say(tab, 'one', MOON);
  expect(await (await tab.files.read(sha256))?.text()).toBe('moon');
  await expect(tab.stored()).rejects.toThrow();
});

test('a file of chats holds the bytes of their attachments once, and an import brings them back', async () => {
  const tab = await openTab();
  const moon = await say(tab, 'one', MOON);
  await say(tab, 'two', MOON);
  const { file } = await tab.transfer.exportAll();
  const text = await file.text();
  expect(text.split(btoa('moon'))).toHaveLength(2);
  const there = await openTab();
  expect(await there.transfer.import(file)).toMatchObject({ added: 2, missingFiles: 0 });
  expect(await (await there.files.read(moon))?.text()).toBe('moon');
  expect(await there.stored()).toEqual([moon]);
  const alone = await openTab();
  await alone.transfer.import(await tab.transfer.exportChat('two'));
  expect(await alone.stored()).toEqual([moon]);
});

test('bytes that are not what a file of chats claims are not kept, and count as missing', async () => {
  const tab = await openTab();
  const moon = await say(tab, 'one', MOON);
  const text = await (await tab.transfer.exportChat('one')).text();
  const there = await openTab();
  const forged = new Blob([text.replace(btoa('moon'), btoa('evil'))]);
  expect(await there.transfer.import(forged)).toMatchObject({ added: 1, missingFiles: 1 });
  expect(await there.files.read(moon)).toBe(undefined);
  expect(await there.stored()).toEqual([]);
});

test('a database of version 6 is upgraded without loss, and takes files', async () => {
  const name = crypto.randomUUID();
  const old = await openDB(name, 6, {
    upgrade(created) {
      created.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt');
      for (const store of ['messages', 'drafts', 'unsaved', 'purges']) created.createObjectStore(store);
      created.createObjectStore('deletedChats', { keyPath: 'id' }).createIndex('deletedAt', 'deletedAt');
    },
  });
  const chat = chatWith('old', { ...imageOf('ab'.repeat(32)) });
  const { messages, ...summary } = chat;
  await old.put('conversations', summary);
  for (const message of messages.values()) await old.put('messages', message, ['old', message.id]);
  await old.put('drafts', { parts: textParts('And'), updatedAt: 2 }, 'old');
  old.close();
  const tab = await openTab(name);
  expect(await tab.repository.read('old')).toEqual(chat);
  expect(await tab.drafts.read('old')).toBe('And');
  const sha256 = await say(tab, 'new', MOON);
  expect(await tab.stored()).toEqual([sha256]);
});
