import { afterEach, expect, test } from 'vitest';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { deleteBranch } from '../../chat/deletion.ts';
import { toFile } from '../../chat/formats/alcove-chats.ts';
import { textParts } from '../../chat/message-parts.ts';
import { ATTACHMENTS, unknownPart } from '../../chat/testing/random-edits.ts';
import { addMessage, createConversation, setFields, updateMessage } from '../../chat/tree.ts';
import { zipOf } from '../../platform/testing/make-zip.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { ChatRepository } from './chat-repository.ts';
import { ChatTransfer } from './chat-transfer.ts';
import { Projects } from './projects.ts';

const opened: { dispose(): void }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

async function open(name: string = crypto.randomUUID()) {
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const repository = new ChatRepository(state, new ChatStore(name), name);
  opened.push(repository);
  await repository.start();
  const projects = new Projects(state, name, async () => (await repository.openPurge()).attachments);
  opened.push(projects);
  const chatIds = (): readonly (readonly [string, string])[] => state.state.chats.map(({ id, title }) => [id, title]);
  const transfer = new ChatTransfer(repository, chatIds, projects);
  return { state, repository, projects, transfer };
}

function message(id: string, parentId: string | undefined, text = id): Message {
  return {
    id,
    parentId,
    role: parentId === undefined ? 'user' : 'assistant',
    parts: textParts(text),
    status: 'complete',
    createdAt: 1_700_000_000_000 + id.length,
  };
}

function chatOf(id: string, ...answers: string[]): Conversation {
  const asked = addMessage(createConversation(id, 1_700_000_000_000, 'toy'), message('q', undefined));
  const chat = answers.reduce((made, answer) => addMessage(made, message(answer, 'q')), asked);
  return setFields(chat, { title: `Chat ${id}`, titleIsSet: true, tags: ['a tag'] }, 1_700_000_000_100);
}

async function contents(repository: ChatRepository, ids: readonly string[]): Promise<unknown> {
  const chats = await Promise.all(ids.map((id) => repository.read(id)));
  return chats.map((chat) => chat && { ...chat, messages: [...chat.messages.values()] });
}

const IDS = ['one', 'two', 'three'];
const CHATS = [chatOf('one', 'yes', 'noo'), chatOf('two', 'maybe'), chatOf('three')];

test('all chats are the same in every field after an export and an import elsewhere', async () => {
  const here = await open();
  await here.repository.adopt(CHATS);
  await here.repository.refresh();
  const { file, chatCount } = await here.transfer.exportAll();
  expect(chatCount).toBe(3);
  const there = await open();
  const report = await there.transfer.import(file);
  expect(report).toMatchObject({ source: 'alcove', added: 3, merged: 0, known: 0, unread: [], broken: undefined });
  expect(await contents(there.repository, IDS)).toEqual(await contents(here.repository, IDS));
  expect(there.state.state.chats).toHaveLength(3);
});

test('chats that fill several parts of the file are the same after an export and an import', async () => {
  const here = await open();
  const long = IDS.map((id) => addMessage(chatOf(id), message('long', 'q', `${id} “é” `.repeat(80_000))));
  await here.repository.adopt(long);
  await here.repository.refresh();
  const there = await open();
  expect(await there.transfer.import((await here.transfer.exportAll()).file)).toMatchObject({ added: 3, unread: [] });
  expect(await contents(there.repository, IDS)).toEqual(await contents(here.repository, IDS));
});

test('an export has all chats even if only the newest are listed so far', async () => {
  const name = crypto.randomUUID();
  const earlier = await open(name);
  await earlier.repository.adopt(Array.from({ length: 200 }, (_, index) => chatOf(`chat ${index}`, 'yes')));
  const here = await open(name);
  expect(here.state.state.chats.length).toBeLessThan(200);
  expect((await here.transfer.exportAll()).chatCount).toBe(200);
});

test('an encrypted backup needs its passphrase, and a wrong one is reported', async () => {
  const here = await open();
  await here.repository.adopt(CHATS);
  await here.repository.refresh();
  const { file } = await here.transfer.exportAll('correct horse battery');
  expect(await file.text()).not.toContain('maybe');
  const there = await open();
  await expect(there.transfer.import(file)).rejects.toMatchObject({ code: 'passphrase-needed' });
  await expect(there.transfer.import(file, { passphrase: 'wrong' })).rejects.toMatchObject({
    code: 'passphrase-wrong',
  });
  expect(there.state.state.chats).toEqual([]);
  expect(await there.transfer.import(file, { passphrase: 'correct horse battery' })).toMatchObject({ added: 3 });
  expect(await contents(there.repository, IDS)).toEqual(await contents(here.repository, IDS));
});

test('importing a file twice adds no duplicates, and a file with more messages is merged', async () => {
  const { repository, transfer } = await open();
  const file = (chat: Conversation): Blob =>
    new Blob([
      JSON.stringify({
        format: 'alcove-chats',
        version: 1,
        chats: [{ ...chat, messages: [...chat.messages.values()] }],
      }),
    ]);
  expect(await transfer.import(file(chatOf('one', 'yes')))).toMatchObject({ added: 1 });
  expect(await transfer.import(file(chatOf('one', 'yes')))).toMatchObject({ added: 0, known: 1, merged: 0 });
  expect(await transfer.import(file(chatOf('one', 'other')))).toMatchObject({ added: 0, merged: 1 });
  expect([...((await repository.read('one'))?.messages.keys() ?? [])].sort()).toEqual(['other', 'q', 'yes']);
});

test('a newer backup of a chat that is here brings longer and finished answers, its title and tags', async () => {
  const { state, repository, transfer } = await open();
  const before = chatOf('one', 'yes', 'noo');
  const thought = textParts('yes', 'Hm.');
  await repository.adopt([updateMessage(before, 'yes', { parts: thought, status: 'stopped', engine: 'webllm' })]);
  await repository.open('one');
  const longer = updateMessage(before, 'yes', { parts: textParts('yes, of course'), finishReason: 'stop' });
  const named = setFields(longer, { title: 'Newer', titleIsSet: true, tags: ['a tag', 'new'] }, 1_700_000_000_200);
  const file = (chat: Conversation): Blob => new Blob([toFile([chat], 1)]);
  const report = await transfer.import(file(named));
  expect(report).toMatchObject({ added: 0, known: 0, merged: 1, newMessages: 0, changedMessages: 1 });
  for (const chat of [state.state.chat, await repository.read('one')]) {
    expect(chat).toMatchObject({ title: 'Newer', tags: ['a tag', 'new'] });
    expect(chat?.messages.get('yes')).toMatchObject({
      status: 'complete',
      finishReason: 'stop',
      engine: 'webllm',
      parts: textParts('yes, of course', 'Hm.'),
    });
    expect(chat?.messages.size).toBe(3);
  }
  // A title alone is something, and an older backup is nothing.
  const renamed = setFields(named, { title: 'Newest' }, 1_700_000_000_300);
  expect(await transfer.import(file(renamed))).toMatchObject({ merged: 1, newMessages: 0, changedMessages: 0 });
  expect(await transfer.import(file(before))).toMatchObject({ known: 1, merged: 0 });
  expect((await repository.read('one'))?.title).toBe('Newest');
});

test('the newer copy of a chat has its title where a file does not say when it was set', async () => {
  const { repository, transfer } = await open();
  const file = (title: string, updatedAt: number): Blob =>
    new Blob([
      JSON.stringify({ ...chatOf('one'), messages: [message('q', undefined)], fieldTimes: {}, title, updatedAt }),
    ]);
  await transfer.import(file('B', 1_700_000_000_000));
  await transfer.import(file('A', 1_700_000_000_500));
  await transfer.import(file('C', 1_700_000_000_200));
  expect((await repository.read('one'))?.title).toBe('A');
});

test('no file has deleted messages, and those of an older file are not imported', async () => {
  const { repository, transfer } = await open();
  const reply = addMessage(chatOf('one', 'yes', 'secret'), { ...message('reply', 'secret'), role: 'user' });
  const deleted = deleteBranch(reply, 'secret', 1_700_000_000_200);
  (await repository.openPurge()).keep('secret');
  await repository.adopt([deleted]);
  await repository.refresh();
  for (const file of [await transfer.exportChat('one'), (await transfer.exportAll()).file]) {
    const text = await file.text();
    expect(text).toContain('yes');
    expect(text).not.toContain('secret');
    expect(text).not.toContain('reply');
  }
  const older = { ...deleted, id: 'two', messages: [...deleted.messages.values()] };
  const there = await open();
  expect(await there.transfer.import(new Blob([JSON.stringify(older)]))).toMatchObject({ added: 1, unreadMessages: 0 });
  expect([...((await there.repository.read('two'))?.messages.keys() ?? [])]).toEqual(['q', 'yes']);
});

test('a part of an unknown type is stored, merged, exported and imported unchanged', async () => {
  const unknown = unknownPart({ type: 'hologram', depth: 3, layers: [{ name: 'sea', isDeep: true }] });
  const parts = [...ATTACHMENTS, unknown, ...textParts('What are these?')];
  const question = { ...message('q', undefined), parts };
  const chat = {
    ...addMessage(createConversation('one', 1_700_000_000_000, 'toy'), question),
    title: 'What are these?',
  };
  const here = await open();
  await here.repository.adopt([chat]);
  // Merged with a state that has less, and with one that has an answer.
  await here.repository.adopt([addMessage(createConversation('one', 1, 'toy'), { ...question, parts: [] })]);
  await here.repository.adopt([addMessage(chat, message('yes', 'q'))]);
  await here.repository.refresh();
  expect((await here.repository.read('one'))?.messages.get('q')?.parts).toEqual(parts);
  const { file } = await here.transfer.exportAll();
  const there = await open();
  expect(await there.transfer.import(file)).toMatchObject({ added: 1, unreadMessages: 0 });
  expect(await contents(there.repository, ['one'])).toEqual(await contents(here.repository, ['one']));
  expect((await there.repository.read('one'))?.messages.get('q')?.parts).toEqual(parts);
  expect(await there.transfer.import(file)).toMatchObject({ known: 1 });
});

test('a damaged file yields the chats before the damage, and reports its place', async () => {
  const here = await open();
  await here.repository.adopt(CHATS);
  await here.repository.refresh();
  const { file } = await here.transfer.exportAll();
  const text = await file.text();
  const there = await open();
  const report = await there.transfer.import(new Blob([text.slice(0, text.lastIndexOf('"messages"'))]));
  expect(report).toMatchObject({ added: 2, broken: { index: 2, reason: 'ends-early' } });
  expect(there.state.state.chats).toHaveLength(2);
});

test('unreadable chats are named, and the others are imported', async () => {
  const { transfer, state } = await open();
  const good = {
    title: 'Good',
    mapping: { a: { id: 'a', message: { author: { role: 'user' }, content: { parts: ['Hi'] } } } },
  };
  const file = new Blob([
    JSON.stringify([good, { title: 'Empty one', mapping: {} }, 7, { title: 'Odd', nothing: true }]),
  ]);
  expect(await transfer.import(file)).toMatchObject({
    source: 'chatgpt',
    added: 1,
    unread: [
      { number: 2, title: 'Empty one', reason: 'empty' },
      { number: 3, title: '', reason: 'not-a-chat' },
      { number: 4, title: 'Odd', reason: 'not-a-chat' },
    ],
  });
  expect(state.state.chats.map(({ title }) => title)).toEqual(['Good']);
});

test('ChatGPT’s archive is imported without being unpacked first', async () => {
  const one = (title: string) => ({
    title,
    mapping: { a: { id: 'a', message: { author: { role: 'user' }, content: { parts: [title.repeat(50)] } } } },
  });
  const archive = await zipOf({
    'chat.html': '<html>',
    'conversations-000.json': JSON.stringify([one('First'), one('Second')]),
    'conversations-001.json': JSON.stringify([one('Third')]),
  });
  const { transfer, state } = await open();
  expect(await transfer.import(archive)).toMatchObject({ source: 'chatgpt', added: 3, unread: [], broken: undefined });
  expect(state.state.chats.map(({ title }) => title).sort()).toEqual(['First', 'Second', 'Third']);
  const other = await open();
  await expect(other.transfer.import(await zipOf({ 'notes.txt': 'x' }))).rejects.toMatchObject({
    data: { reason: 'zip' },
  });
});

/** A conversation as llama.cpp's web UI exports it: a line about the session, then one for each message. */
function session(id: string, ...texts: readonly string[]): string {
  const messages = texts.map((content, index) => ({
    type: 'message',
    message: {
      id: `${id}${index}`,
      role: index % 2 === 0 ? 'user' : 'assistant',
      content,
      parent: index === 0 ? null : `${id}${index - 1}`,
    },
  }));
  const head = { type: 'session', harness: 'llama.app', id, name: `Chat ${id}`, currNode: null };
  return [head, ...messages].map((line) => JSON.stringify(line)).join('\n');
}

test('llama.cpp’s JSON Lines are imported, several sessions in a file, and as an archive', async () => {
  const { transfer, state, repository } = await open();
  const lines = `${session('a', 'One?', 'Yes.')}\n\n${session('b', 'Two?')}\n`;
  expect(await transfer.import(new Blob([lines]))).toMatchObject({ source: 'llama-cpp', added: 2, broken: undefined });
  expect(state.state.chats.map(({ title }) => title).sort()).toEqual(['Chat a', 'Chat b']);
  expect((await repository.read('llama-cpp-a'))?.messages.size).toBe(2);
  const other = await open();
  const archive = await zipOf({ '2026_a.jsonl': session('a', 'One?'), '2026_b.jsonl': session('b', 'Two?') });
  expect(await other.transfer.import(archive)).toMatchObject({ source: 'llama-cpp', added: 2 });
});

test('JSON Lines that end early give the messages before that, and report the place', async () => {
  const { transfer, repository } = await open();
  const lines = session('a', 'One?', 'Yes.', 'Sure?');
  const report = await transfer.import(new Blob([lines.slice(0, lines.lastIndexOf('Sure'))]));
  expect(report).toMatchObject({ added: 1, broken: { index: 0, reason: 'ends-early' } });
  expect([...((await repository.read('llama-cpp-a'))?.messages.keys() ?? [])]).toEqual(['a0', 'a1']);
});

test('a log in JSON Lines of an unknown program is refused once, not line by line', async () => {
  const { transfer } = await open();
  const lines = Array.from({ length: 50 }, (_, index) => JSON.stringify({ level: 'info', line: index }));
  const report = await transfer.import(new Blob([lines.join('\n')]));
  expect(report).toMatchObject({ added: 0, unread: [{ number: 1, reason: 'not-a-chat' }] });
});

test('a file without chats is refused with an error that names what it is', async () => {
  const { transfer } = await open();
  await expect(transfer.import(new Blob(['<html>']))).rejects.toMatchObject({
    code: 'import-unreadable',
    data: { reason: 'not-json' },
  });
  await expect(transfer.import(new Blob(['PK\u0003\u0004 and no more']))).rejects.toMatchObject({
    data: { reason: 'zip' },
  });
  const newer = new Blob([JSON.stringify({ format: 'alcove-chats', version: 4, chats: [{}] })]);
  await expect(transfer.import(newer)).rejects.toMatchObject({ data: { reason: 'newer' } });
});

test('a cancelled import keeps the chats imported so far, and the next file is accepted', async () => {
  const { transfer, state } = await open();
  const many = Array.from({ length: 30 }, (_, index) => ({
    id: `c${index}`,
    messages: [{ id: 'a', role: 'user', text: 'x'.repeat(200_000) }],
  }));
  const controller = new AbortController();
  const onProgress = (): void => controller.abort();
  const file = new Blob([JSON.stringify({ chats: many })]);
  await expect(transfer.import(file, { signal: controller.signal, onProgress })).rejects.toMatchObject({
    name: 'AbortError',
  });
  const kept = state.state.chats.length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(30);
  expect(await transfer.import(file)).toMatchObject({ added: 30 - kept, known: kept });
});
