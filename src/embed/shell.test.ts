import { afterEach, expect, test } from 'vitest';
import type { EngineProbe } from '../engine/engine.ts';
import { ScriptedEngine } from '../engine/scripted/scripted-engine.ts';
import { MADE_UP_DEVICE, scriptedRecord } from '../models/testing/made-up.ts';
import { whenIdle } from '../platform/when-idle.ts';
import { button, deepQuery, deepQueryAll, deepText } from '../ui/testing/deep-dom.ts';
import { catalogueOf, once, record, type ScriptedChat, scriptedChat } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

// A real file, so that the download is real.
const FILE = {
  path: 'library.wasm',
  url: `${location.origin}/models/toy/tokenizer.json`,
  sizeBytes: 55_213,
  sha256: '627a03e4e4613378bad707be8fe5a95bb43b0da7edce954fe3062e50879f1548',
};

/** Has to be downloaded. */
const ABSENT = scriptedRecord({
  id: 'absent',
  engine: 'webllm',
  source: { kind: 'files', revision: '1', files: [FILE] },
});

/** On a device that every model suits. */
class EngineOnAnyDevice extends ScriptedEngine {
  override async probe(): Promise<EngineProbe> {
    return { supported: true, device: MADE_UP_DEVICE };
  }
}

afterEach(() => {
  document.body.replaceChildren();
  sessionStorage.clear();
});

/** Puts an element into the page, and waits until its shell takes text. */
async function embed(chat = scriptedChat()): Promise<ScriptedChat> {
  document.body.append(chat);
  await expect.poll(() => deepQueryAll(chat, 'textarea').length).toBe(1);
  return chat;
}

function field(chat: ScriptedChat): HTMLTextAreaElement {
  const shell = deepQueryAll(chat, 'alcove-chat-shell')[0];
  const found = deepQuery(shell ?? deepQuery(chat, 'alcove-chat-view'), 'textarea');
  if (!(found instanceof HTMLTextAreaElement)) throw new Error('no field');
  return found;
}

function type(chat: ScriptedChat, text: string): void {
  const target = field(chat);
  target.focus();
  target.setRangeText(text, target.selectionStart, target.selectionEnd, 'end');
  target.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

function press(chat: ScriptedChat, key: string): void {
  field(chat).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
}

/** What waits for an idle browser has run. */
function idle(): Promise<void> {
  return new Promise((resolve) => whenIdle(resolve));
}

/** What the header says about where answers are computed; undefined while it says nothing. */
function visiblePrivacy(chat: ScriptedChat): string | undefined {
  const label = deepQueryAll(deepQuery(chat, '[part="privacy"]'), '.label')[0];
  return label?.checkVisibility({ visibilityProperty: true }) ? label.textContent : undefined;
}

async function handedOver(chat: ScriptedChat): Promise<void> {
  await expect.poll(() => deepQueryAll(chat, 'alcove-chat-shell').length).toBe(0);
}

test('an element that nobody uses shows its texts and a field, and starts nothing', async () => {
  const chat = scriptedChat();
  chat.heading = 'Boat shop';
  chat.greeting = 'Ahoy!';
  chat.starters = [QUESTION];
  const heard = record(document, 'alcove-ready', 'alcove-error');
  await embed(chat);
  await idle();
  expect(chat.made).toEqual([]);
  expect(heard).toEqual([]);
  for (const words of ['Boat shop', 'Ahoy!', QUESTION]) expect(deepText(chat)).toContain(words);
  expect(chat.messages).toEqual([]);
  expect(chat.value).toBeNull();
});

test('the shell says where answers are computed only if the page has chosen the model', async () => {
  const unknown = await embed();
  expect(visiblePrivacy(unknown)).toBeUndefined();
  unknown.remove();

  const here = scriptedChat();
  here.model = 'script';
  await embed(here);
  expect(visiblePrivacy(here)).toBe('On this device');
  here.remove();

  const elsewhere = scriptedChat();
  elsewhere.model = '@llm.example/large';
  await embed(elsewhere);
  await expect.poll(() => visiblePrivacy(elsewhere)).toBe('On your server: llm.example');
});

test('where answers are computed is said once the models are known', async () => {
  const chat = await embed();
  type(chat, 'one');
  await handedOver(chat);
  await expect.poll(() => visiblePrivacy(chat)).toBe('On this device');
});

test('the chat takes over the text, the selection and the focus of the field', async () => {
  const chat = await embed();
  type(chat, 'one two three');
  field(chat).setSelectionRange(4, 7);
  await handedOver(chat);
  expect(field(chat).value).toBe('one two three');
  expect(field(chat)).toMatchObject({ selectionStart: 4, selectionEnd: 7 });
  expect(field(chat).matches(':focus')).toBe(true);
  // The next key goes to the right place.
  type(chat, '2');
  expect(field(chat).value).toBe('one 2 three');
});

test('a message and a starter are sent although the chat was not there', async () => {
  const chat = await embed();
  const answered = record(chat, 'alcove-message');
  type(chat, QUESTION);
  press(chat, 'Enter');
  await expect.poll(() => answered.map(({ message }) => message.content)).toEqual([QUESTION, ANSWER]);
  expect(field(chat).value).toBe('');
  chat.remove();

  const other = scriptedChat();
  other.starters = [QUESTION];
  await embed(other);
  const question = once(other, 'alcove-message');
  deepQuery(other, '[part="starter"]').click();
  expect((await question).message.content).toBe(QUESTION);
});

test('a panel opens that was asked for before the chat was there', async () => {
  const chat = await embed();
  button(chat, 'Past chats').click();
  await expect.poll(() => deepQueryAll(chat, 'alcove-past-chats').length).toBe(1);
});

test('a text that an input method is composing stays in its field until it is whole', async () => {
  const chat = await embed();
  const before = field(chat);
  before.focus();
  before.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, composed: true }));
  await expect.poll(() => deepQueryAll(chat, 'alcove-chat-view alcove-composer, alcove-chat-view').length).toBe(1);
  await expect.poll(() => deepQueryAll(deepQuery(chat, 'alcove-chat-view'), 'textarea').length).toBe(1);
  await idle();
  expect(field(chat)).toBe(before);
  before.value = '日本';
  before.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true }));
  await handedOver(chat);
  expect(field(chat).value).toBe('日本');
});

test('the download is offered above the field, and the message that waits for it is sent after it', async () => {
  const chat = scriptedChat({ scripted: new EngineOnAnyDevice() });
  chat.catalogue = catalogueOf(ABSENT);
  chat.model = 'absent';
  await embed(chat);
  const asked = once(chat, 'alcove-download-consent');
  const messages = record(chat, 'alcove-message');
  type(chat, QUESTION);
  const consent = await asked;
  await expect.poll(() => deepQueryAll(chat, 'alcove-model-gate').length).toBe(1);
  press(chat, 'Enter');
  await expect.poll(() => deepText(chat)).toContain('sent as soon as the model is ready');
  expect(field(chat).value).toBe(QUESTION);
  expect(messages).toEqual([]);
  consent.allow();
  await expect.poll(() => messages.map(({ message }) => message.content)).toEqual([QUESTION, ANSWER]);
  await handedOver(chat);
});

test('a text that is being written stays when the page wants a model that is not stored', async () => {
  const chat = scriptedChat();
  chat.catalogue = catalogueOf(scriptedRecord(), ABSENT);
  chat.model = 'script';
  await embed(chat);
  type(chat, 'half a sent');
  await handedOver(chat);
  chat.model = 'absent';
  await expect.poll(() => deepQueryAll(chat, 'alcove-model-gate').length).toBe(1);
  await expect.poll(() => field(chat).value).toBe('half a sent');
});

test('a chat that was open before a reload is shown again, also if nobody uses the element', async () => {
  const before = scriptedChat();
  before.history = 'ada';
  document.body.append(before);
  await before.send(QUESTION);
  before.remove();
  const again = scriptedChat({ databaseName: before.databaseName });
  again.history = 'ada';
  document.body.append(again);
  await expect.poll(() => again.messages.map(({ content }) => content)).toEqual([QUESTION, ANSWER]);
});
