import { afterEach, expect, test } from 'vitest';
import { AlcoveError } from '../platform/errors.ts';
import { Composer } from '../ui/chat/composer.ts';
import { deepQuery } from '../ui/testing/deep-dom.ts';
import { HeldEngine, once, record, type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

afterEach(() => document.body.replaceChildren());

function composerOf(chat: ScriptedChat): Composer {
  const composer = deepQuery(chat, 'alcove-composer');
  if (!(composer instanceof Composer)) throw new Error('not a composer');
  return composer;
}

test('the page hears of an answer: the question, its pieces, and the whole', async () => {
  const chat = scriptedChat();
  const heard = record(document, 'alcove-ready', 'alcove-message', 'alcove-delta', 'alcove-stop', 'alcove-error');
  document.body.append(chat);
  await chat.send(QUESTION);
  const types = heard.map(({ type }) => type);
  expect(types.slice(0, 3)).toEqual(['alcove-ready', 'alcove-message', 'alcove-delta']);
  expect(types.at(-1)).toBe('alcove-message');
  const deltas = heard.filter((event) => event.type === 'alcove-delta');
  expect(deltas.map((event) => 'delta' in event && event.delta).join('')).toBe(ANSWER);
  const messages = heard.flatMap((event) => ('message' in event ? [event.message] : []));
  expect(messages.map(({ role, content }) => [role, content])).toEqual([
    ['user', QUESTION],
    ['assistant', ANSWER],
  ]);
});

test('the page changes a message before it is sent, or prevents it', async () => {
  const chat = scriptedChat();
  document.body.append(chat);
  chat.addEventListener('alcove-send', (event) => {
    if (event.text === 'secret') event.preventDefault();
    else event.text = QUESTION;
  });
  expect((await chat.send('anything')).content).toBe(ANSWER);
  await expect(chat.send('secret')).rejects.toMatchObject({ name: 'AbortError' });
  expect(chat.messages).toHaveLength(2);
});

test('the text that the user sends is changed or stays in the field as well', async () => {
  const chat = await show(scriptedChat());
  const composer = composerOf(chat);
  chat.addEventListener('alcove-send', (event) => {
    if (event.text === 'secret') event.preventDefault();
    else event.text = QUESTION;
  });
  composer.draft = 'secret';
  await composer.updateComplete;
  deepQuery(composer, 'button.send').click();
  expect(composer.draft).toBe('secret');
  composer.draft = 'anything';
  await composer.updateComplete;
  const question = once(chat, 'alcove-message');
  deepQuery(composer, 'button.send').click();
  expect((await question).message.content).toBe(QUESTION);
  expect(composer.draft).toBe('');
});

test('the page hears that another model is selected', async () => {
  const chat = await show(scriptedChat());
  const changed = once(chat, 'alcove-model-change');
  chat.model = 'other';
  expect((await changed).model?.id).toBe('other');
});

test('an answer that fails is one error and one message, and the same error ends the call', async () => {
  const chat = scriptedChat();
  document.body.append(chat);
  await chat.load();
  const heard = record(chat, 'alcove-message', 'alcove-error');
  chat.scripted.failNextAnswer(2, new AlcoveError('context-exceeded', 'too long'));
  const error: unknown = await chat.send(QUESTION).catch((reason: unknown) => reason);
  expect(heard.map(({ type }) => type)).toEqual(['alcove-message', 'alcove-message', 'alcove-error']);
  expect(heard.at(-1)).toMatchObject({ error: { code: 'context-exceeded' } });
  expect(heard.at(-1)).toHaveProperty('error', error);
});

test('an answer in another chat sends no deltas after the user has left it', async () => {
  const scripted = new HeldEngine();
  const chat = scriptedChat({ scripted });
  document.body.append(chat);
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  await chat.newChat();
  const deltas = record(chat, 'alcove-delta');
  scripted.release();
  expect((await answer).content).toBe(ANSWER);
  expect(deltas).toEqual([]);
});
