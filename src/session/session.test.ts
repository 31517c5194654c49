import { afterEach, expect, test, vi } from 'vitest';
import type { Message } from '../chat/conversation.ts';
import { textOf, textParts } from '../chat/message-parts.ts';
import { activePath, addMessage, createConversation, siblings } from '../chat/tree.ts';
import { defaultScript } from '../engine/scripted/default-script.ts';
import { ScriptedEngine, type ScriptedEngineOptions } from '../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../models/testing/made-up.ts';
import { AlcoveError } from '../platform/errors.ts';
import { Session } from './session.ts';

const RECORD = scriptedRecord();

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

function catalogueUrl(catalogue: unknown): string {
  return URL.createObjectURL(new Blob([JSON.stringify(catalogue)]));
}

async function startSession(options: ScriptedEngineOptions & { databaseName?: string; catalogue?: unknown } = {}) {
  const { databaseName = `test-${crypto.randomUUID()}`, catalogue = { version: 1, models: [RECORD] } } = options;
  const engine = new ScriptedEngine(options);
  const session = new Session({
    catalogueUrl: catalogueUrl(catalogue),
    databaseName,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  return { session, engine, databaseName };
}

function texts(session: Session): string[] {
  return session.state.chat === undefined ? [] : activePath(session.state.chat).map(textOf);
}

/** The id of the chat that is started in this session next. */
function startedChatId(session: Session): Promise<string> {
  return new Promise((resolve) => {
    const undo = session.subscribe(() => {
      const { chat } = session.state;
      if (chat === undefined) return;
      undo();
      resolve(chat.id);
    });
  });
}

const PARIS = ['What is the capital of France?', 'The capital of France is Paris.'];

test('a question is answered, titled, counted and stored', async () => {
  const { session, databaseName } = await startSession();
  await session.generation.send('What is the capital of France?');
  expect(texts(session)).toEqual(PARIS);
  const { chat, engine, generation } = session.state;
  expect(chat?.title).toBe('What is the capital of France?');
  expect(chat && activePath(chat).at(-1)).toMatchObject({
    status: 'complete',
    modelId: 'script',
    statistics: { completionTokens: 6 },
  });
  expect(engine).toEqual({ status: 'ready', modelId: 'script' });
  expect(generation).toEqual({ status: 'idle' });

  const { session: next } = await startSession({ databaseName });
  const id = next.state.chats[0]?.id ?? '';
  await next.chats.open(id);
  expect(texts(next)).toEqual(PARIS);
});

test('the toy never takes the place of a model that is gone', async () => {
  const toy = { ...RECORD, purpose: 'toy' };
  const { session: first } = await startSession({ catalogue: { version: 1, models: [toy] } });
  // Who has chosen nothing yet gets what is there.
  expect(first.state.selectedModelId).toBe(RECORD.id);

  const databaseName = `test-${crypto.randomUUID()}`;
  const chosen = { ...RECORD, id: 'chosen', name: 'Chosen' };
  const both = await startSession({ databaseName, catalogue: { version: 1, models: [toy, chosen] } });
  both.session.models.select('chosen');
  const gone = await startSession({ databaseName, catalogue: { version: 1, models: [toy] } });
  expect(gone.session.state.selectedModelId).toBeUndefined();
});

test('a sent message resolves with the place of its answer, also while another chat is open', async () => {
  const { session } = await startSession();
  const place = await session.generation.send('What is the capital of France?');
  session.chats.new();
  const chat = await session.chats.read(place?.chatId ?? '');
  const answer = chat?.messages.get(place?.messageId ?? '');
  expect(answer && textOf(answer)).toBe(PARIS[1]);
  const second = await session.generation.regenerate(place?.messageId ?? '');
  expect(second).toBeUndefined();
});

test('a chat that was made elsewhere is added, opened and listed', async () => {
  const { session } = await startSession();
  const asked = { id: 'q', parentId: undefined, role: 'user', status: 'complete', createdAt: 1 } as const;
  session.chats.add(addMessage(createConversation('made', 1, 'script'), { ...asked, parts: textParts('Hello?') }));
  expect(texts(session)).toEqual(['Hello?']);
  expect((await session.chats.list()).map(({ id }) => id)).toEqual(['made']);
});

test('reasoning is kept apart from the answer', async () => {
  const { session } = await startSession();
  await session.generation.send('Think: what is 2 plus 9?');
  expect(session.state.chat && activePath(session.state.chat).at(-1)?.parts).toEqual([
    { type: 'reasoning', text: expect.stringContaining('I add 2 and 9.'), durationMs: expect.any(Number) },
    { type: 'text', text: 'The sum is 11.' },
  ]);
});

test('stop keeps the text so far, and the chat continues', async () => {
  const { session } = await startSession({ tokensPerSecond: 100 });
  const sent = session.generation.send('Tell me a long story.');
  await vi.waitUntil(() => (texts(session)[1]?.length ?? 0) > 20);
  session.generation.stop();
  await sent;
  const answer = session.state.chat && activePath(session.state.chat).at(-1);
  expect(answer?.status).toBe('stopped');
  expect(answer && textOf(answer)).toMatch(/^On day 1 the small boat/);
  await session.generation.send('What is the capital of France?');
  expect(texts(session).at(-1)).toBe(PARIS[1]);
});

test('a second answer is a sibling of the first, and either can be shown', async () => {
  const { session } = await startSession();
  await session.generation.send('What is the capital of France?');
  const first = session.state.chat && activePath(session.state.chat).at(-1);
  await session.generation.regenerate(first?.id ?? '');
  const { chat } = session.state;
  expect(chat && siblings(chat, first?.id ?? '')).toHaveLength(2);
  expect(chat?.activeLeafId).not.toBe(first?.id);
  await session.generation.selectBranch(first?.id ?? '');
  expect(session.state.chat?.activeLeafId).toBe(first?.id);
});

test('an answer that an engine lost continues by itself where it was cut off', async () => {
  const { session, engine } = await startSession();
  engine.failNextAnswer(3, new AlcoveError('device-lost', 'gone'));
  await session.generation.send('What is the capital of France?');
  const { chat } = session.state;
  const answer = chat && activePath(chat).at(-1);
  expect(chat && siblings(chat, answer?.id ?? '')).toHaveLength(1);
  expect(answer).toMatchObject({
    status: 'complete',
    parts: textParts(PARIS[1] ?? ''),
    statistics: { completionTokens: 6 },
  });
  expect(session.state.engine.status).toBe('ready');
});

test('an engine that is lost a second time leaves the text and the reason on the message', async () => {
  const { session, engine } = await startSession();
  engine.failNextAnswer(0, new AlcoveError('device-lost', 'gone'));
  await session.generation.send('Hello!');
  engine.failNextAnswer(3, new AlcoveError('device-lost', 'gone'));
  await session.generation.send('What is the capital of France?');
  expect(session.state.chat && activePath(session.state.chat).at(-1)).toMatchObject({
    status: 'failed',
    parts: textParts('The capital of'),
    error: { code: 'device-lost' },
  });
  expect(session.state.engine.status).toBe('lost');
  expect(session.state.runtime.change).toMatchObject({ to: undefined, error: { code: 'device-lost' } });
  await session.generation.send('What is the capital of France?');
  expect(texts(session).at(-1)).toBe(PARIS[1]);
  expect(session.state.engine.status).toBe('ready');
});

test('the error of a model that cannot be loaded is shown on the answer, and the question stays', async () => {
  const { session, engine } = await startSession();
  engine.failNextLoad(new AlcoveError('out-of-memory', 'too large'));
  await session.generation.send('Hello?');
  expect(texts(session)[0]).toBe('Hello?');
  expect(session.state.chat && activePath(session.state.chat).at(-1)).toMatchObject({
    status: 'failed',
    error: { code: 'out-of-memory' },
  });
  expect(session.state.engine).toMatchObject({ status: 'failed', error: { code: 'out-of-memory' } });
});

test('a question with a file may be edited into one without a text', async () => {
  const { session } = await startSession();
  const picture = { type: 'image', name: 'a.png', mediaType: 'image/png', sha256: 'a'.repeat(64) } as const;
  await session.generation.send('Look', undefined, [picture]);
  const question = (): Message | undefined => session.state.chat && activePath(session.state.chat)[0];
  await session.generation.edit(question()?.id ?? '', '');
  expect(question()?.parts).toEqual([picture]);
});

test('an empty message is refused before anything changes', async () => {
  const { session } = await startSession();
  await expect(session.generation.send('  \n')).rejects.toMatchObject({ code: 'prompt-empty' });
  expect(session.state.chat).toBeUndefined();
});

test('a second message is refused while an answer is generated', async () => {
  const { session } = await startSession({ tokensPerSecond: 100 });
  const sent = session.generation.send('Tell me a long story.');
  await expect(session.generation.send('Hello!')).rejects.toMatchObject({ code: 'engine-busy' });
  session.generation.stop();
  await sent;
});

test('an answer continues while another chat is shown', async () => {
  const { session } = await startSession({ tokensPerSecond: 200 });
  const sent = session.generation.send('What is the capital of France?');
  const id = await startedChatId(session);
  session.chats.new();
  await sent;
  expect(session.state.chat).toBeUndefined();
  await session.chats.open(id);
  expect(texts(session)).toEqual(PARIS);
});

test('deleting a chat during its answer stops the answer, and the chat can be restored', async () => {
  const { session } = await startSession({ tokensPerSecond: 100 });
  const sent = session.generation.send('Tell me a long story.');
  const id = await startedChatId(session);
  await session.chats.delete(id);
  await sent;
  expect(session.state.chats).toEqual([]);
  await session.chats.restore(id);
  expect(session.state.chats.map((chat) => chat.id)).toEqual([id]);
});

test('a catalogue that does not parse fails the start with its reason, and chats can still be read', async () => {
  const { session, databaseName } = await startSession();
  await session.generation.send('What is the capital of France?');
  const { session: broken } = await startSession({ databaseName, catalogue: { version: 1, models: [{ id: 7 }] } });
  expect(broken.state.start).toBe('failed');
  expect(broken.state.startError?.code).toBe('catalogue-invalid');
  await broken.chats.open(broken.state.chats[0]?.id ?? '');
  expect(texts(broken)).toEqual(PARIS);
});

test('a model that was loaded while the user was typing is not loaded twice', async () => {
  const { session } = await startSession({ loadBytesPerSecond: 10_000_000 });
  const phases: unknown[] = [];
  session.subscribe(() => {
    const { engine } = session.state;
    if (engine.status === 'loading' && engine.progress?.phase === 'ready') phases.push(engine.progress);
  });
  session.models.select('script');
  session.models.prepare();
  expect(session.state.engine.status).toBe('loading');
  await session.generation.send('What is the capital of France?');
  expect(texts(session)).toEqual(PARIS);
  expect(new Set(phases).size).toBe(1);
});

test('stop while the model loads ends the load and the answer', async () => {
  const { session } = await startSession({ loadBytesPerSecond: 100_000 });
  const sent = session.generation.send('What is the capital of France?');
  await vi.waitUntil(() => session.state.engine.status === 'loading');
  session.generation.stop();
  await sent;
  expect(session.state.engine).toEqual({ status: 'idle' });
  expect(session.state.chat && activePath(session.state.chat).at(-1)?.status).toBe('stopped');
});

test('a question in a second chat waits for the answer in the first, and both are answered', async () => {
  const { session } = await startSession({ tokensPerSecond: 400 });
  const first = session.generation.send('Tell me a long story.');
  const firstId = await startedChatId(session);
  session.chats.new();
  const second = session.generation.send('What is the capital of France?');
  const secondId = await startedChatId(session);
  expect(session.state.waiting).toMatchObject([{ chatId: secondId }]);
  expect(session.state.generation).toMatchObject({ chatId: firstId });
  session.generation.stop(firstId);
  await first;
  await second;
  expect(texts(session)).toEqual(PARIS);
  expect(session.state.waiting).toEqual([]);
  expect(session.state.unreadChatIds).toEqual([firstId]);
  await session.chats.open(firstId);
  expect(session.state.unreadChatIds).toEqual([]);
});

test('a queued answer can be stopped, and the one before it continues', async () => {
  const { session } = await startSession({ tokensPerSecond: 100 });
  const first = session.generation.send('Tell me a long story.');
  const firstId = await startedChatId(session);
  session.chats.new();
  const second = session.generation.send('What is the capital of France?');
  session.generation.stop();
  await second;
  expect(session.state.chat && activePath(session.state.chat).at(-1)).toMatchObject({ status: 'stopped', parts: [] });
  expect(session.state.generation).toMatchObject({ chatId: firstId });
  session.generation.stop(firstId);
  await first;
});

test('an edited question is answered on a new branch, and the old branch stays', async () => {
  const { session } = await startSession();
  await session.generation.send('What is the capital of France?');
  const question = session.state.chat && activePath(session.state.chat)[0];
  await session.generation.edit(question?.id ?? '', 'My name is Ada.');
  expect(texts(session)).toEqual(['My name is Ada.', 'Nice to meet you, Ada.']);
  await session.generation.selectBranch(question?.id ?? '');
  expect(texts(session)).toEqual(PARIS);
});

test('an edited answer is kept as written, and the next question follows it', async () => {
  const { session } = await startSession();
  await session.generation.send('Hello there');
  const answer = session.state.chat && activePath(session.state.chat).at(-1);
  await session.generation.edit(answer?.id ?? '', 'My name is Bob.');
  await session.generation.send('What is my name?');
  expect(texts(session)).toEqual(['Hello there', 'My name is Bob.', 'What is my name?', 'Your name is Bob.']);
});

test('an answer that was cut off is continued in place, and seamlessly if the engine supports it', async () => {
  const { session } = await startSession({ tokensPerSecond: 200 });
  const sent = session.generation.send('Tell me a long story.');
  await vi.waitUntil(() => (texts(session)[1]?.length ?? 0) > 20);
  session.generation.stop();
  await sent;
  const cut = session.state.chat && activePath(session.state.chat).at(-1);
  const continued = session.generation.continue(cut?.id ?? '');
  await vi.waitUntil(() => (texts(session)[1]?.length ?? 0) > (cut === undefined ? 0 : textOf(cut).length) + 20);
  session.generation.stop();
  await continued;
  const answer = session.state.chat && activePath(session.state.chat).at(-1);
  expect(answer).toMatchObject({ id: cut?.id, status: 'stopped', continued: 'seamlessly' });
  const messages = [{ role: 'user', content: 'Tell me a long story.' }] as const;
  expect(
    String(defaultScript(messages, { messages })).startsWith(answer === undefined ? 'nothing' : textOf(answer)),
  ).toBe(true);
});

test('a model that cannot continue text is asked to in a message, and the answer says so', async () => {
  const { session, engine } = await startSession({
    tokensPerSecond: 200,
    script: (messages) => (messages.length === 1 ? 'One two three. '.repeat(200) : 'and so on to the end.'),
  });
  const capabilities = await engine.capabilities();
  engine.capabilities = async () => ({ ...capabilities, continueLast: false });
  const sent = session.generation.send('Count.');
  await vi.waitUntil(() => texts(session)[1]?.startsWith('One two'));
  session.generation.stop();
  await sent;
  const cut = session.state.chat && activePath(session.state.chat).at(-1);
  await session.generation.continue(cut?.id ?? '');
  const answer = session.state.chat && activePath(session.state.chat).at(-1);
  expect(answer).toMatchObject({ id: cut?.id, status: 'complete', continued: 'by-asking' });
  expect(texts(session)[1]).toBe(`${cut && textOf(cut)} and so on to the end.`);
});

test('undo restores a deleted branch, also while another chat is open, and the result is stored', async () => {
  const { session, databaseName } = await startSession();
  await session.generation.send('What is the capital of France?');
  await session.generation.send('My name is Ada.');
  const { chat } = session.state;
  const question = chat && activePath(chat)[2];
  await session.generation.deleteMessage(question?.id ?? '');
  expect(texts(session)).toEqual(PARIS);
  session.chats.new();
  await session.generation.restoreMessage(chat?.id ?? '', question?.id ?? '');
  const { session: next } = await startSession({ databaseName });
  await vi.waitFor(async () => {
    await next.chats.open(chat?.id ?? '');
    expect(texts(next)).toHaveLength(4);
  });
});

test('a fork is a separate chat', async () => {
  const { session } = await startSession();
  await session.generation.send('What is the capital of France?');
  await session.generation.send('My name is Ada.');
  const original = session.state.chat;
  await session.generation.fork((original && activePath(original)[1]?.id) ?? '');
  expect(texts(session)).toEqual(PARIS);
  await session.generation.send('Hello!');
  expect(texts(session)).toHaveLength(4);
  expect(session.state.chats).toHaveLength(2);
  await session.chats.open(original?.id ?? '');
  expect(texts(session).at(-1)).toBe('Nice to meet you, Ada.');
});

test('a chat is pinned, archived and tagged, and the marks are stored', async () => {
  const { session, databaseName } = await startSession();
  await session.generation.send('What is the capital of France?');
  const id = session.state.chat?.id ?? '';
  session.chats.new();
  await session.chats.pin(id, true);
  await session.chats.archive(id, true);
  await session.chats.tag(id, [' sea ', 'sea', '', 'two  words']);
  const { session: next } = await startSession({ databaseName });
  expect(next.state.chats[0]).toMatchObject({ id, tags: ['sea', 'two words'] });
  expect(next.state.chats[0]?.pinnedAt).toBeGreaterThan(0);
  await next.chats.pin(id, false);
  expect(next.state.chats[0]?.pinnedAt).toBeUndefined();
});

test('a message with ten megabytes or lone surrogates is kept as it was sent', async () => {
  const { session, databaseName } = await startSession();
  const text = `${'boat\ud800 '.repeat(1_700_000)}end`;
  await session.generation.send(text);
  const id = session.state.chat?.id ?? '';
  const { session: next } = await startSession({ databaseName });
  await vi.waitFor(async () => {
    await next.chats.open(id);
    expect(texts(next)[0] === text).toBe(true);
  });
  expect(next.state.chats[0]?.title.length).toBeLessThan(80);
});

test('a disposed session leaves no connection to the store of settings and servers', async () => {
  const { session, databaseName } = await startSession();
  await session.settings.setForAll({ sampling: { temperature: 0.5 } });
  await session.models.servers.add('http://localhost:9/v1', 'key');
  const key = vi.spyOn(indexedDB, 'open');
  session.dispose();
  expect(key).not.toHaveBeenCalled();
  key.mockRestore();
  // Closing waits for the calls under way, and a deletion for the last connection.
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase(`${databaseName}-records`).onsuccess = () => resolve();
  });
});
