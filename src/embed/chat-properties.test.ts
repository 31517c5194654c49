import { afterEach, expect, test, vi } from 'vitest';
import type { Script } from '../engine/scripted/default-script.ts';
import { ScriptedEngine } from '../engine/scripted/scripted-engine.ts';
import { deepQuery, deepQueryAll, deepText } from '../ui/testing/deep-dom.ts';
import { HeldEngine, once, record, type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';

/** Answers with the whole prompt. */
const echo: Script = (messages) => messages.map(({ role, content }) => `${role}: ${content}`).join(' | ');

afterEach(() => {
  document.body.replaceChildren();
  document.title = '';
  sessionStorage.clear();
});

/** Puts an element with these attributes into the page, and waits until it takes messages. */
async function embed(attributes: Readonly<Record<string, string>>, chat = scriptedChat()): Promise<ScriptedChat> {
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  return show(chat);
}

function chatText(chat: ScriptedChat): string {
  return deepText(deepQuery(chat, 'alcove-chat-view'));
}

test('heading, greeting, starters, placeholder and Enter key of the page are used, and a starter is sent with a click', async () => {
  const chat = await embed({
    heading: 'Boat shop',
    greeting: 'Ahoy, what are you looking for?',
    starters: JSON.stringify([QUESTION, 'Tell me a long story.']),
    placeholder: 'Ask about boats',
    'enter-key': 'newline',
  });
  await expect.poll(() => chatText(chat)).toContain('Ahoy, what are you looking for?');
  expect(chatText(chat)).toContain('Boat shop');
  expect(deepQuery(chat, 'textarea')).toHaveProperty('placeholder', 'Ask about boats');
  expect(deepQuery(chat, 'textarea')).toHaveProperty('enterKeyHint', 'enter');
  const message = once(chat, 'alcove-message');
  deepQuery(chat, '[part="starter"]').click();
  expect((await message).message.content).toBe(QUESTION);
});

test('instructions and the text of the page are sent with a message, and shown on it', async () => {
  const main = document.createElement('main');
  main.innerHTML = '<p>The ferry leaves at nine.</p><p hidden>Not for the model.</p>';
  document.body.append(main);
  document.title = 'Ferries';
  const chat = await embed(
    { instructions: 'Be brief.', context: 'Harbour of Oslo.', 'context-selector': 'main' },
    scriptedChat({ scripted: new ScriptedEngine({ script: echo }) }),
  );
  const page = '[Document: This page: Ferries]\nHarbour of Oslo.\n\nThe ferry leaves at nine.';
  expect((await chat.send('When?')).content).toBe(`system: Be brief. | user: ${page}\n\nWhen?`);
  await expect.poll(() => chatText(chat)).toContain('Document: This page: Ferries');
  // The same text is not sent twice, and other text is.
  expect((await chat.send('Really?')).content).toMatch(/user: Really\?$/);
  main.textContent = 'The ferry leaves at ten.';
  expect((await chat.send('And now?')).content).toContain('The ferry leaves at ten.\n\nAnd now?');
  expect(chat.messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([
    'When?',
    'Really?',
    'And now?',
  ]);
});

test('the meter of the context window counts the page’s text before it is sent, once', async () => {
  const chat = await embed({ context: 'Harbour of Oslo.' });
  await chat.send('When?');
  const used = (): number => Number(/([\d,]+) of/.exec(chatText(chat))?.[1]?.replaceAll(',', ''));
  await expect.poll(used).toBeGreaterThan(0);
  const before = used();
  chat.context = 'The ferry leaves at nine. '.repeat(40);
  const field = deepQuery(chat, 'textarea');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await expect.poll(used).toBeGreaterThan(before + 100);
  // An estimate until the engine has counted it.
  const isEstimated = (): boolean => /≈ [\d,]+ of/.test(chatText(chat));
  expect(isEstimated()).toBe(true);
  await chat.send('And now?');
  await expect.poll(isEstimated).toBe(false);
});

test('only the models of the page can be chosen', async () => {
  const chat = await embed({ models: '["other"]' });
  expect(chat.made[0]?.state.models.map(({ record }) => record.id)).toEqual(['other']);
  expect((await chat.send(QUESTION)).modelId).toBe('other');
});

test('what is wrong in an attribute is said in the console and in an event, and ignored', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const chat = scriptedChat();
  const errors = record(chat, 'alcove-error');
  await embed(
    { starters: '["one", 2', models: '{}', layout: 'window', 'context-selector': '###', theme: 'dark' },
    chat,
  );
  const said = errors.map(({ error }) => [error.code, error.message]);
  expect(said).toEqual([
    ['attribute-invalid', 'starters is not a JSON array of strings'],
    ['attribute-invalid', 'models is not a JSON array of strings'],
    ['attribute-invalid', 'layout is “window”, not one of: full, panel, bubble'],
    ['attribute-invalid', 'context-selector is not a CSS selector'],
  ]);
  expect(logged.mock.calls).toEqual(said.map(([, message]) => ['<alcove-chat>', message]));
  logged.mockRestore();
  expect((await chat.send(QUESTION)).content).toBe('The capital of France is Paris.');
});

test('a readonly element shows the chat without a composer, and a disabled one lets nothing be typed', async () => {
  const chat = await embed({ readonly: '' });
  await chat.send(QUESTION);
  await expect.poll(() => chatText(chat)).toContain('Paris');
  expect(deepQueryAll(chat, 'alcove-composer')).toEqual([]);
  expect(deepQueryAll(chat, '[aria-label="Answer again"], [aria-label="Edit"]')).toEqual([]);
  chat.readonly = false;
  chat.disabled = true;
  await expect.poll(() => deepQueryAll(chat, 'textarea')).toHaveLength(1);
  expect(deepQuery(chat, 'textarea').matches(':disabled')).toBe(true);
  expect(deepQueryAll(chat, '[aria-label="Answer again"]')).toEqual([]);
  chat.disabled = false;
  await expect.poll(() => deepQueryAll(chat, '[aria-label="Answer again"]')).toHaveLength(1);
});

test('with auto-load the model is in memory before the first message', async () => {
  const chat = await embed({ 'auto-load': '', model: 'other' });
  await expect.poll(() => chat.scripted.loaded?.model.id).toBe('other');
});

test('each history has its own chats, and the open one is open again after a reload', async () => {
  const ada = await embed({ history: 'ada' });
  await ada.send(QUESTION);
  const { databaseName } = ada;
  const bob = await embed({ history: 'bob' }, scriptedChat({ databaseName }));
  expect(await bob.chats.list()).toEqual([]);
  expect(bob.messages).toEqual([]);
  ada.remove();
  // Another element on another visit of the page.
  const again = await embed({ history: 'ada' }, scriptedChat({ databaseName }));
  await expect
    .poll(() => again.messages.map(({ content }) => content))
    .toEqual([QUESTION, 'The capital of France is Paris.']);
});

test('a changed history during an answer ends it, and its chats are those of the new one', async () => {
  const scripted = new HeldEngine();
  const chat = await embed({ history: 'ada' }, scriptedChat({ scripted }));
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  chat.history = 'bob';
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(await chat.chats.list()).toEqual([]);
  chat.history = 'ada';
  await expect.poll(() => chat.messages.map(({ content }) => content)).toEqual([QUESTION, 'The']);
});

test('without a history, and in memory, nothing is stored', async () => {
  for (const attributes of [{ history: 'none' }, { history: 'eve', storage: 'memory' }]) {
    const chat = await embed(attributes);
    await chat.send(QUESTION);
    expect(await chat.chats.list()).toHaveLength(1);
    expect(chat.made[0]?.state.storage.chats).toBe('temporary');
  }
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names).not.toContain('alcove-chats:key:eve');
});

test('another model during an answer changes the next answer, not this one', async () => {
  const scripted = new HeldEngine();
  const chat = await embed({ model: 'script' }, scriptedChat({ scripted }));
  const started = once(chat, 'alcove-delta');
  const answer = chat.send(QUESTION);
  await started;
  chat.model = 'other';
  scripted.release();
  expect(await answer).toMatchObject({ modelId: 'script', status: 'complete' });
  expect(await chat.send(QUESTION)).toMatchObject({ modelId: 'other' });
});

test('with attachments the user gives the model a document, and without it there is no button for one', async () => {
  const chat = await embed({ attachments: '' }, scriptedChat({ scripted: new ScriptedEngine({ script: echo }) }));
  const inputs = () => deepQueryAll(chat, 'input[type="file"]') as HTMLInputElement[];
  await expect.poll(() => inputs().length).toBe(1);
  const files = new DataTransfer();
  files.items.add(new File(['The tide is high.'], 'tides.txt', { type: 'text/plain' }));
  const [input] = inputs();
  if (input === undefined) throw new Error('no input');
  input.files = files.files;
  input.dispatchEvent(new Event('change'));
  await expect.poll(() => chatText(chat)).toContain('4 words');
  const answered = new Promise<string>((resolve) => {
    chat.addEventListener('alcove-message', ({ message }) => message.role === 'assistant' && resolve(message.content));
  });
  deepQuery(chat, '[aria-label="Send"]').click();
  expect(await answered).toContain('The tide is high.');
  chat.attachments = false;
  await expect.poll(inputs).toEqual([]);
});
