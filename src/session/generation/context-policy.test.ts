import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { textOf, textParts } from '../../chat/message-parts.ts';
import { activePath, siblings } from '../../chat/tree.ts';
import type { GenerateRequest, PromptMessage } from '../../engine/engine.ts';
import { promptText } from '../../engine/prompt-text.ts';
import { ScriptedEngine, type ScriptedEngineOptions } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { Session } from '../session.ts';

const RECORD = scriptedRecord();

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** Notes what it is asked and how often it loads, and else is the scripted engine. */
class NotingEngine extends ScriptedEngine {
  readonly requests: GenerateRequest[] = [];
  loads = 0;

  override load(...parameters: Parameters<ScriptedEngine['load']>): ReturnType<ScriptedEngine['load']> {
    this.loads += 1;
    return super.load(...parameters);
  }

  override generate(...parameters: Parameters<ScriptedEngine['generate']>): ReturnType<ScriptedEngine['generate']> {
    this.requests.push(parameters[0]);
    return super.generate(...parameters);
  }
}

async function start(options: ScriptedEngineOptions & { contextWindow?: number; databaseName?: string } = {}) {
  const { contextWindow = 1000, databaseName = `test-${crypto.randomUUID()}` } = options;
  const engine = new NotingEngine(options);
  const catalogue = { version: 1, models: [{ ...RECORD, contextWindow }] };
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify(catalogue)])),
    databaseName,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  const { settings } = session;
  await settings.read();
  return { session, engine, settings, databaseName };
}

function path(session: Session): Message[] {
  return session.state.chat === undefined ? [] : activePath(session.state.chat);
}

function contents(messages: readonly PromptMessage[] | undefined): string[] {
  return (messages ?? []).map(({ role, content }) => `${role}: ${promptText(content)}`);
}

test('the settings of all chats and of one chat reach the engine, and are stored with the answer', async () => {
  const { session, engine, settings } = await start();
  await settings.setForAll({ systemPrompt: 'Be brief.', sampling: { temperature: 0.3, topK: 20 } });
  await settings.setForChat(session.state.chat, { sampling: { temperature: 1.5 }, thinking: false });
  await session.generation.send('What is the capital of France?');
  expect(engine.requests.at(-1)).toMatchObject({
    messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
    sampling: { temperature: 1.5, topK: 20 },
    thinking: false,
  });
  expect(path(session).at(-1)?.settings).toEqual({
    systemPrompt: 'Be brief.',
    sampling: { temperature: 1.5, topK: 20 },
    thinking: false,
  });
  expect(session.state.chat?.settings).toEqual({ sampling: { temperature: 1.5 }, thinking: false });
});

test('settings for the next chat apply to that chat only', async () => {
  const { session, engine, settings } = await start();
  await settings.setForChat(undefined, { systemPrompt: 'You are Otto, a pirate.' });
  await session.generation.send('Who are you?');
  expect(contents(engine.requests.at(-1)?.messages)[0]).toBe('system: You are Otto, a pirate.');
  session.chats.new();
  await session.generation.send('Who are you?');
  expect(contents(engine.requests.at(-1)?.messages)[0]).toBe('user: Who are you?');
});

test('a changed sampling value never loads the model again', async () => {
  const { session, engine, settings } = await start();
  await session.generation.send('What is the capital of France?');
  for (const temperature of [0, 0.5, 2]) {
    await settings.setForChat(session.state.chat, { sampling: { temperature, topP: 0.5, seed: 7, stop: ['.'] } });
    await session.generation.send('What is the capital of France?');
    expect(engine.requests.at(-1)?.sampling).toMatchObject({ temperature });
  }
  expect(engine.loads).toBe(1);
});

test('settings that the engine does not support are not sent, and are noted on the answer', async () => {
  const capabilities = { sampling: ['temperature', 'seed', 'maxTokens', 'stop'] as const, thinkingSwitch: false };
  const { session, engine, settings } = await start({ capabilities });
  await settings.setForChat(undefined, { sampling: { temperature: 1, topK: 40, minP: 0.1 }, thinking: true });
  await session.generation.send('What is the capital of France?');
  expect(engine.requests.at(-1)?.sampling).toEqual({ temperature: 1 });
  expect(engine.requests.at(-1)).not.toHaveProperty('thinking');
  expect(path(session).at(-1)).toMatchObject({ status: 'complete', leftOut: ['topK', 'minP', 'thinking'] });
});

test('settings and personas are kept for the next visit, and apply in another tab', async () => {
  const { settings, databaseName } = await start();
  const other = await start({ databaseName });
  const persona = { id: 'p', name: 'Poet', description: '', systemPrompt: 'You write verse.' };
  await settings.setForAll({ contextPolicy: 'summarise', sampling: { temperature: 0.1 } });
  await settings.savePersona(persona);
  await expect.poll(() => other.session.state.preferences?.personas).toEqual([persona]);
  expect(other.session.state.preferences?.forAll).toEqual({
    contextPolicy: 'summarise',
    sampling: { temperature: 0.1 },
  });
  const later = await start({ databaseName });
  expect(later.session.state.preferences).toMatchObject({
    personas: [persona],
    forAll: { contextPolicy: 'summarise' },
  });
});

test('personas can be exported and imported, and invalid ones are counted', async () => {
  const { session, settings } = await start();
  await settings.savePersona({
    id: 'p',
    name: 'Poet',
    description: 'd',
    systemPrompt: 'Verse.',
    sampling: { topP: 0.5 },
  });
  const file = await settings.exportPersonas();
  const { session: there } = await start();
  expect(await there.settings.importPersonas(file)).toEqual({ added: 1, unread: 0 });
  expect(there.state.preferences?.personas).toEqual(session.state.preferences?.personas);
  const odd = new Blob([JSON.stringify([{ name: 'Ok', systemPrompt: 'x' }, { name: 7 }, null])]);
  expect(await there.settings.importPersonas(odd)).toEqual({ added: 1, unread: 2 });
  expect(await there.settings.importPersonas(new Blob(['no']))).toEqual({ added: 0, unread: 1 });
});

test('prompts are kept for the next visit, exported and imported', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const { settings } = await start({ databaseName });
  const prompts = [
    { id: 'a', name: 'explain', text: 'Explain {{topic}}.' },
    { id: 'b', name: 'gone', text: 'x' },
  ];
  for (const prompt of prompts) await settings.savePrompt(prompt);
  await settings.deletePrompt('b');
  const later = await start({ databaseName });
  expect(later.session.state.preferences?.prompts).toEqual(prompts.slice(0, 1));
  const { session: there } = await start();
  expect(await there.settings.importPrompts(await settings.exportPrompts())).toEqual({ added: 1, unread: 0 });
  expect(there.state.preferences?.prompts).toEqual(prompts.slice(0, 1));
});

const WORDS = 'word '.repeat(60);
const SUMMED = 'Notes: they spoke of words.';
/** Answers with as many words, and writes notes when it is asked for them. */
const script: NonNullable<ScriptedEngineOptions['script']> = (messages) =>
  promptText(messages.at(-1)?.content ?? '').startsWith('Write notes') ? SUMMED : 'answer '.repeat(60).trim();

/** A chat that leaves no room for another exchange. */
async function fullChat(options: Partial<Parameters<typeof start>[0]> = {}) {
  const made = await start({ contextWindow: 400, script, ...options });
  for (let turn = 0; turn < 3; turn++) await made.session.generation.send(`${turn} ${WORDS}`);
  return made;
}

test('a full context window asks the user, sends nothing and drops nothing', async () => {
  const { session, engine } = await fullChat();
  const before = session.state.chat;
  const asked = engine.requests.length;
  await expect(session.generation.send(WORDS)).rejects.toMatchObject({
    code: 'context-full',
    data: { contextWindow: 400, promptTokens: expect.any(Number), isEstimated: false },
  });
  expect(session.state.chat).toBe(before);
  expect(engine.requests).toHaveLength(asked);
});

test('a summary is shown in the chat, replaces the oldest part of the prompt, and then keeps the prefix', async () => {
  const { session, engine } = await fullChat();
  await session.generation.send(`last ${WORDS}`, 'summarise');
  expect(path(session).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'user',
    'assistant',
    'user',
    'assistant',
    'summary',
    'user',
    'assistant',
  ]);
  const [notes, answer] = engine.requests.slice(-2);
  expect(promptText(notes?.messages.at(-1)?.content ?? '')).toMatch(/^Write notes/);
  // The notes are asked for with the chat's own prompt before them: nothing of it is prefilled again.
  expect(contents(notes?.messages).slice(0, 2)).toEqual(contents(engine.requests[2]?.messages).slice(0, 2));
  expect(contents(answer?.messages)[0]).toBe(`system: Summary of the conversation so far:\n${SUMMED}`);
  expect(contents(answer?.messages).at(-1)).toMatch(/^user: last/);
  expect(contents(answer?.messages).length).toBeLessThan(8);
  const summary = path(session).find(({ role }) => role === 'summary');
  expect(summary).toMatchObject({ parts: textParts(SUMMED), status: 'complete', modelId: 'script' });
});

test('an edited question that exceeds the context window waits for the user’s choice', async () => {
  const { session } = await fullChat();
  const before = session.state.chat;
  const question = path(session).at(-2)?.id ?? '';
  const longer = `${WORDS} ${WORDS} ${WORDS}`;
  await expect(session.generation.edit(question, longer)).rejects.toMatchObject({ code: 'context-full' });
  expect(session.state.chat).toBe(before);
  await session.generation.edit(question, longer, 'summarise');
  expect(
    path(session)
      .slice(-3)
      .map(({ role, status }) => [role, status]),
  ).toEqual([
    ['summary', 'complete'],
    ['user', 'complete'],
    ['assistant', 'complete'],
  ]);
  expect(path(session).at(-2)?.parts).toEqual(textParts(longer));
  // What was asked before is on its own branch.
  expect(session.state.chat?.messages.has(question)).toBe(true);
});

test('the policy to summarise applies without a question', async () => {
  const { session, settings } = await fullChat();
  await settings.setForChat(session.state.chat, { contextPolicy: 'summarise' });
  await session.generation.send(WORDS);
  expect(path(session).some(({ role }) => role === 'summary')).toBe(true);
  expect(path(session).at(-1)).toMatchObject({ role: 'assistant', status: 'complete' });
});

test('a new chat with a summary starts with it, and the old chat stays unchanged', async () => {
  const { session } = await fullChat();
  const before = session.state.chat;
  await session.generation.send('And now?', 'fork');
  const { chat } = session.state;
  expect(chat?.id).not.toBe(before?.id);
  expect(chat?.forkedFrom).toMatchObject({ conversationId: before?.id });
  expect(path(session).map(({ role }) => role)).toEqual(['summary', 'user', 'assistant']);
  await session.chats.open(before?.id ?? '');
  expect(path(session)).toHaveLength(6);
});

test('a summary that fails or is stopped changes nothing, and the reason is reported', async () => {
  const { session, engine } = await fullChat();
  engine.failNextAnswer(2, new AlcoveError('generation-failed', 'gone'));
  await expect(session.generation.send(WORDS, 'summarise')).rejects.toMatchObject({ code: 'generation-failed' });
  expect(path(session).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'user',
    'assistant',
    'user',
    'assistant',
  ]);
  await session.generation.send(WORDS, 'summarise');
  expect(path(session).at(-1)?.status).toBe('complete');
});

test('a prompt that the engine refuses for its length is sent again once it fits', async () => {
  const { session, engine } = await fullChat();
  engine.failNextAnswer(0, new AlcoveError('context-exceeded', 'too long'));
  await session.generation.send('And?', 'send');
  const failed = path(session).at(-1);
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'context-exceeded' } });
  await session.generation.compact(failed?.id ?? '', 'summarise');
  expect(
    path(session)
      .slice(-3)
      .map((message) => [message.role, textOf(message).slice(0, 4)]),
  ).toEqual([
    ['summary', 'Note'],
    ['user', 'And?'],
    ['assistant', 'answ'],
  ]);
  const { chat } = session.state;
  const summary = path(session).find(({ role }) => role === 'summary');
  expect(chat && siblings(chat, summary?.id ?? '')).toHaveLength(2);
});

test('a single message that exceeds the context window is refused before it is sent', async () => {
  const { session } = await start({ contextWindow: 200, script });
  await session.generation.send('Hello.');
  await expect(session.generation.send('word '.repeat(400))).rejects.toMatchObject({
    code: expect.stringMatching(/^context-/),
  });
  expect(path(session)).toHaveLength(2);
});

test('a regenerated answer uses the same prompt, and the next prompt starts with what was sent', async () => {
  const { session, engine, settings } = await start();
  await settings.setForChat(undefined, { systemPrompt: 'Be brief.' });
  await session.generation.send('What is the capital of France?');
  await session.generation.regenerate(path(session).at(-1)?.id ?? '');
  await session.generation.send('Thank you.');
  const [first, again, next] = engine.requests.map(({ messages }) => contents(messages));
  expect(again).toEqual(first);
  expect(next?.slice(0, first?.length)).toEqual(first);
});
