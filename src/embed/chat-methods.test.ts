import { expect, test, vi } from 'vitest';
import type { LoadProgress } from '../engine/engine.ts';
import { ScriptedEngine } from '../engine/scripted/scripted-engine.ts';
import type { ModelTarget } from '../models/backend.ts';
import { scriptedRecord } from '../models/testing/made-up.ts';
import { AlcoveError } from '../platform/errors.ts';
import { expectNoUnhandledRejections } from './testing/no-unhandled-rejections.ts';
import { catalogueOf, HeldEngine, once, record, type ScriptedChat, scriptedChat } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

expectNoUnhandledRejections();

/** Each load takes until it is cancelled. */
class HeldLoadEngine extends ScriptedEngine {
  readonly loads: string[] = [];
  override async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    this.loads.push(target.model.id);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield* super.load(target, signal);
  }
}

function contents(chat: ScriptedChat): string[] {
  return chat.messages.map(({ content }) => content);
}

test('methods work before the first render, in the order of their calls', async () => {
  const chat = scriptedChat();
  chat.messages = [
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: 'Nice to meet you, Ada.' },
  ];
  expect(contents(chat)).toEqual(['My name is Ada.', 'Nice to meet you, Ada.']);
  const answered = chat.send('What is my name?');
  document.body.append(chat);
  expect(await answered).toMatchObject({ role: 'assistant', content: 'Your name is Ada.', status: 'complete' });
  expect(contents(chat)).toEqual([
    'My name is Ada.',
    'Nice to meet you, Ada.',
    'What is my name?',
    'Your name is Ada.',
  ]);
  expect(chat.made).toHaveLength(1);
});

test('an answer is generated again, and another chat is started, listed, opened and deleted', async () => {
  const chat = scriptedChat();
  document.body.append(chat);
  await chat.send(QUESTION);
  expect((await chat.regenerate()).content).toBe(ANSWER);
  expect(contents(chat)).toEqual([QUESTION, ANSWER]);
  await chat.newChat();
  expect(chat.messages).toEqual([]);
  await chat.send('Hello?');
  const [second, first] = await chat.chats.list();
  expect([second?.title, first?.title]).toEqual(['Hello?', QUESTION]);
  await chat.chats.open(first?.id ?? '');
  expect(contents(chat)).toEqual([QUESTION, ANSWER]);
  await chat.chats.delete(second?.id ?? '');
  expect((await chat.chats.list()).map(({ id }) => id)).toEqual([first?.id]);
  await chat.clear();
  expect(chat.messages).toEqual([]);
  expect(await chat.chats.list()).toEqual([]);
  await expect(chat.chats.open('nowhere')).rejects.toMatchObject({ code: 'record-broken' });
});

test('a message during an answer is refused, a stop keeps the text so far, and nothing is left unhandled', async () => {
  const scripted = new HeldEngine();
  const chat = scriptedChat({ scripted });
  document.body.append(chat);
  const errors = record(chat, 'alcove-error');
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  // The caller ignores the promise; the event says why.
  void chat.send('And Spain?');
  await expect.poll(() => errors.map(({ error }) => error.code)).toEqual(['engine-busy']);
  const stopped = once(document, 'alcove-stop');
  await chat.stop();
  expect(await answer).toMatchObject({ content: 'The', status: 'stopped' });
  expect((await stopped).message.content).toBe('The');
  await chat.stop();
  expect(errors).toHaveLength(1);
});

test('an abort of the signal stops the answer, and a signal that is aborted already sends nothing', async () => {
  const chat = scriptedChat({ scripted: new HeldEngine() });
  document.body.append(chat);
  const abort = new AbortController();
  chat.addEventListener('alcove-delta', () => abort.abort());
  expect(await chat.send(QUESTION, { signal: abort.signal })).toMatchObject({ status: 'stopped' });
  await expect(chat.send(QUESTION, { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(contents(chat)).toEqual([QUESTION, 'The']);
});

test('a call ends with an AbortError when the element is removed, and the chat is there when it returns', async () => {
  const scripted = new HeldEngine();
  const chat = scriptedChat({ scripted });
  document.body.append(chat);
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  chat.remove();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  scripted.release();
  document.body.append(chat);
  await expect.poll(() => contents(chat)).toEqual([QUESTION, 'The']);
});

test('a model that is not listed is an error in the console, an event, and the reason of a refused message', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const chat = scriptedChat();
  chat.model = 'nope';
  const errors = record(chat, 'alcove-error');
  document.body.append(chat);
  await expect(chat.send('Hello?')).rejects.toMatchObject({ code: 'model-unknown' });
  await expect(chat.load()).rejects.toMatchObject({ code: 'model-unknown' });
  expect(errors.map(({ error }) => error.code)).toEqual(['model-unknown', 'model-unknown', 'model-unknown']);
  expect(logged.mock.calls).toEqual([['<alcove-chat>', 'the catalogue has no model nope']]);
  logged.mockRestore();
});

test('two elements that want different models each get the answer of theirs', async () => {
  const [one, two] = [scriptedChat(), scriptedChat()];
  one.model = 'script';
  two.model = 'other';
  document.body.append(one, two);
  const answers = await Promise.all([one.send(QUESTION), two.send(QUESTION)]);
  expect(answers.map(({ modelId, content }) => [modelId, content])).toEqual([
    ['script', ANSWER],
    ['other', ANSWER],
  ]);
});

test('another model, then another catalogue, while a model loads: the first load ends as cancelled, the last one counts', async () => {
  const scripted = new HeldLoadEngine();
  const chat = scriptedChat({ scripted });
  document.body.append(chat);
  const first = chat.load('script');
  await expect.poll(() => scripted.loads).toEqual(['script']);
  const second = chat.load('other');
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => scripted.loads).toEqual(['script', 'other']);
  // The session of the new catalogue has an engine of its own.
  chat.scripted = new ScriptedEngine();
  chat.catalogue = catalogueOf(scriptedRecord({ id: 'third' }));
  chat.model = 'third';
  await expect(second).rejects.toBeInstanceOf(Error);
  expect(await chat.send(QUESTION)).toMatchObject({ modelId: 'third', content: ANSWER });
});

test('a model is loaded before the first message, and unloaded again', async () => {
  const chat = scriptedChat();
  document.body.append(chat);
  const loads = record(chat, 'alcove-progress');
  await chat.load('other');
  expect(chat.scripted.loaded?.model.id).toBe('other');
  expect(chat.getAttribute('model')).toBe('other');
  expect(loads.at(-1)).toMatchObject({ phase: 'load', modelId: 'other' });
  expect(loads.at(-1)?.loadedBytes).toBe(loads.at(-1)?.totalBytes);
  await chat.unload();
  expect(chat.scripted.loaded).toBeUndefined();
  chat.scripted.failNextLoad(new AlcoveError('out-of-memory', 'too large'));
  const errors = record(chat, 'alcove-error');
  await expect(chat.load()).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(errors.map(({ error }) => error.code)).toEqual(['out-of-memory']);
});

test('chats are exported and imported in another element', async () => {
  const [from, to] = [scriptedChat(), scriptedChat()];
  document.body.append(from, to);
  await from.send(QUESTION);
  expect(await (await from.export({ format: 'markdown' })).text()).toContain(ANSWER);
  expect(await to.import(await from.export())).toEqual({ added: 1, merged: 0, known: 0, unread: 0 });
  const [chat] = await to.chats.list();
  await to.chats.open(chat?.id ?? '');
  expect(contents(to)).toEqual([QUESTION, ANSWER]);
  expect(await to.import(await from.export({ all: true }))).toMatchObject({ known: 1 });
  await expect(to.import('no chats')).rejects.toMatchObject({ code: 'import-unreadable' });
});

test('messages that are none are refused at once', () => {
  const chat = scriptedChat();
  const set = (value: unknown) => () => Reflect.set(chat, 'messages', value);
  expect(set('text')).toThrow('messages: not an array');
  expect(set([{ role: 'robot', content: '' }])).toThrow('messages[0].role');
  expect(set([{ role: 'user' }])).toThrow('messages[0].content');
  expect(
    set([
      { role: 'user', content: '' },
      { role: 'system', content: '' },
    ]),
  ).toThrow('messages[1].role');
  expect(chat.messages).toEqual([]);
});

test('a catalogue that cannot be read ends every call with its error', async () => {
  const chat = scriptedChat();
  chat.catalogue = URL.createObjectURL(new Blob(['<!doctype html>']));
  const errors = record(chat, 'alcove-error');
  document.body.append(chat);
  await expect(chat.send('Hello?')).rejects.toMatchObject({ code: 'catalogue-invalid' });
  await expect(chat.chats.list()).rejects.toMatchObject({ code: 'catalogue-invalid' });
  expect(errors).toHaveLength(1);
});

test('another catalogue during an answer ends it, and the next message goes to a model of the new one', async () => {
  const chat = scriptedChat({ scripted: new HeldEngine() });
  document.body.append(chat);
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  chat.scripted = new ScriptedEngine();
  chat.catalogue = catalogueOf(scriptedRecord({ id: 'third' }));
  expect(await chat.send(QUESTION)).toMatchObject({ modelId: 'third', content: ANSWER });
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
});
