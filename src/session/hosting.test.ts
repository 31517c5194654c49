/** What a page that shows a session's chats decides about it: instructions, models, where chats are kept. */
import { afterEach, expect, test } from 'vitest';
import { textOf } from '../chat/message-parts.ts';
import { activePath } from '../chat/tree.ts';
import type { Script } from '../engine/scripted/default-script.ts';
import { ScriptedEngine } from '../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../models/testing/made-up.ts';
import { Session, type SessionOptions } from './session.ts';

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

const CATALOGUE = { version: 1, models: [scriptedRecord(), scriptedRecord({ id: 'other', name: 'Other' })] };

/** Answers with the whole prompt. */
const echo: Script = (messages) => messages.map(({ role, content }) => `${role}: ${content}`).join(' | ');

async function startSession(options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify(CATALOGUE)])),
    databaseName: `test-${crypto.randomUUID()}`,
    createEngine: async () => new ScriptedEngine({ script: echo }),
    ...options,
  });
  sessions.push(session);
  await session.start();
  return session;
}

function lastText({ state: { chat } }: Session): string | undefined {
  const last = chat && activePath(chat).at(-1);
  return last && textOf(last);
}

test('the instructions of the page come before the system prompt of the user, from the next answer on', async () => {
  const session = await startSession();
  await session.settings.setInstructions('You sell boats.');
  await session.generation.send('Hello?');
  expect(lastText(session)).toBe('system: You sell boats. | user: Hello?');
  await session.settings.setForAll({ systemPrompt: 'Be brief.' });
  session.chats.new();
  await session.generation.send('Hello?');
  expect(lastText(session)).toBe('system: You sell boats.\n\nBe brief. | user: Hello?');
  await session.settings.setInstructions(undefined);
  session.chats.new();
  await session.generation.send('Hello?');
  expect(lastText(session)).toBe('system: Be brief. | user: Hello?');
});

test('what is attached to a message is before its text in the prompt, and stays on the message', async () => {
  const session = await startSession();
  const page = {
    type: 'document',
    name: 'Page',
    mediaType: 'text/plain',
    sizeBytes: 3,
    sha256: 'a',
    text: 'Sun',
  } as const;
  await session.generation.send('What is it about?', undefined, [page]);
  expect(lastText(session)).toBe('user: [Document: Page]\nSun\n\nWhat is it about?');
  const { chat } = session.state;
  expect(chat && activePath(chat)[0]?.parts).toEqual([page, { type: 'text', text: 'What is it about?' }]);
  expect(chat?.title).toBe('What is it about?');
});

test('only the models that the page offers are listed, and one of them is selected', async () => {
  const session = await startSession();
  expect(session.state.selectedModelId).toBe('script');
  session.models.offer(({ id }) => id === 'other');
  expect(session.state.models.map(({ record }) => record.id)).toEqual(['other']);
  expect(session.state.selectedModelId).toBe('other');
  session.models.offer(undefined);
  expect(session.state.models).toHaveLength(2);
  expect(session.state.selectedModelId).toBe('other');
});

test('chats that are not kept are listed, opened and deleted, and no database is made for them', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const session = await startSession({ databaseName, keepsChats: false });
  expect(session.state.storage.chats).toBe('temporary');
  const place = await session.generation.send('Hello?');
  session.chats.drafts.write(place?.chatId, 'unsent');
  session.chats.new();
  await session.generation.send('And again?');
  expect((await session.chats.list()).map(({ title }) => title)).toEqual(['And again?', 'Hello?']);
  await session.chats.open(place?.chatId ?? '');
  expect(lastText(session)).toBe('user: Hello?');
  await session.chats.delete(place?.chatId ?? '');
  expect(session.state.chats.map(({ title }) => title)).toEqual(['And again?']);
  expect(session.state.chat).toBeUndefined();
  session.dispose();
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names).not.toContain(`${databaseName}-chats`);
});

test('two histories over one store of models do not see each other', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const open = (scope: string) => startSession({ databaseName, chatDatabaseName: `${databaseName}-chats:${scope}` });
  const [ada, bob] = [await open('ada'), await open('bob')];
  await ada.generation.send('Hello?');
  expect(await bob.chats.list()).toEqual([]);
  ada.dispose();
  const again = await open('ada');
  expect((await again.chats.list()).map(({ title }) => title)).toEqual(['Hello?']);
});
