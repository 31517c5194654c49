import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../../chat/conversation.ts';
import { textParts } from '../../../chat/message-parts.ts';
import { createConversation } from '../../../chat/tree.ts';
import { ChatStore } from '../../../storage/chats/chat-store.ts';
import { INITIAL_STATE } from '../../state/session-state.ts';
import { StateStore } from '../../state/state-store.ts';
import type { Attachments } from '../attachments.ts';
import { ChatRepository } from '../chat-repository.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

async function openTab(name: string = crypto.randomUUID(), keepsChats = true): Promise<Attachments> {
  const repository = new ChatRepository(new StateStore(INITIAL_STATE), new ChatStore(name), name, keepsChats);
  await repository.start();
  cleanUps.push(() => repository.dispose());
  repository.put(createConversation('a', 1, 'toy'), []);
  return (await repository.openPurge()).attachments;
}

const { signal } = new AbortController();

function questionAbout(sha256: string): Message {
  const document = { type: 'document', name: 'tides.txt', mediaType: 'text/plain', sha256 } as const;
  const parts = [document, ...textParts('When is the tide high?')];
  return { id: 'q', parentId: undefined, role: 'user', parts, status: 'complete', createdAt: 1 };
}

const TIDES = 'The tide is high.';

test('a document is read once, for all tabs and after a reload, and found by its words', async () => {
  const name = crypto.randomUUID();
  const [one, two] = [await openTab(name), await openTab(name)];
  const file = new Blob([TIDES]);
  const sha256 = await one.add(file);
  const texts = await Promise.all([
    (await one.openDocuments()).open(sha256, file, 'tides.txt'),
    (await two.openDocuments()).open(sha256, file, 'tides.txt'),
  ]);
  expect(texts.map(({ pages }) => pages)).toEqual(Array(2).fill([{ label: '', text: TIDES }]));
  const broken = new Blob([new Uint8Array([0])]);
  const documents = await (await openTab(name)).openDocuments();
  expect((await documents.open(sha256, broken, 'tides.txt')).pages[0]?.text).toBe(TIDES);
  const { read } = await documents.read([questionAbout(sha256)], { budgetTokens: 1_000, signal });
  expect(read?.passages).toHaveLength(1);
});

test('its text goes with its file', async () => {
  const files = await openTab();
  const sha256 = await files.add(new Blob([TIDES]));
  const documents = await files.openDocuments();
  await documents.open(sha256, new Blob([TIDES]), 'tides.txt');
  await files.release([sha256]);
  expect(await documents.textOf(sha256, 'a.txt')).toBeUndefined();
});

test('a text that a closed tab has left without its file goes with the next opening', async () => {
  const name = crypto.randomUUID();
  const documents = await (await openTab(name)).openDocuments();
  await documents.open('0'.repeat(64), new Blob([TIDES]), 'tides.txt');
  const next = await (await openTab(name)).openDocuments();
  await next.open('1'.repeat(64), new Blob(['Sea.']), 'sea.txt');
  expect(await next.textOf('0'.repeat(64), 'a.txt')).toBeUndefined();
  expect(await next.textOf('1'.repeat(64), 'a.txt')).toBeDefined();
});

test('of chats in memory nothing is stored', async () => {
  const name = crypto.randomUUID();
  const files = await openTab(name, false);
  const sha256 = await files.add(new Blob([TIDES]));
  const documents = await files.openDocuments();
  await documents.open(sha256, new Blob([TIDES]), 'tides.txt');
  expect((await documents.textOf(sha256, 'a.txt'))?.pages).toHaveLength(1);
  expect((await indexedDB.databases()).filter((database) => database.name?.startsWith(name))).toEqual([]);
});

test('a stop and a file that cannot be read leave nothing behind, and the next attempt reads it', async () => {
  const files = await openTab();
  const documents = await files.openDocuments();
  const stopped = new AbortController();
  const reading = documents.open('a', new Blob([TIDES]), 'tides.txt', { signal: stopped.signal });
  stopped.abort();
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  await expect(documents.open('a', new Blob([]), 'tides.txt')).rejects.toMatchObject({ code: 'document-empty' });
  expect((await documents.open('a', new Blob([TIDES]), 'tides.txt')).kind).toBe('text');
});
