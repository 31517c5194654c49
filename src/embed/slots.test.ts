import { afterEach, expect, test } from 'vitest';
import { madeUpRecord } from '../models/testing/made-up.ts';
import { Session } from '../session/session.ts';
import { deepQueryAll } from '../ui/testing/deep-dom.ts';
import { catalogueOf, type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

afterEach(() => document.body.replaceChildren());

function slotted(chat: ScriptedChat, slot: string, text = slot): HTMLElement {
  const element = document.createElement('b');
  element.slot = slot;
  element.textContent = text;
  chat.append(element);
  return element;
}

test('what the page puts into a slot is shown, and what the chat shows there by default is not', async () => {
  const chat = scriptedChat();
  chat.greeting = 'Not shown';
  chat.starters = ['Not shown either'];
  const names = ['header', 'welcome', 'starters', 'composer-start', 'composer-end', 'footer'];
  const elements = names.map((name) => slotted(chat, name));
  await show(chat);
  await expect.poll(() => elements.map((element) => element.checkVisibility())).toEqual(names.map(() => true));
  const view = chat.shadowRoot?.querySelector('alcove-chat-view')?.shadowRoot;
  expect(view?.querySelector('[part="greeting"]')).toBeNull();
  expect(view?.querySelector('[part="starter"]')).toBeNull();
});

test('a slot that is emptied shows the default again, and one that is filled later is shown', async () => {
  const chat = scriptedChat();
  const welcome = slotted(chat, 'welcome');
  await show(chat);
  await expect.poll(() => welcome.checkVisibility()).toBe(true);
  welcome.remove();
  const view = chat.shadowRoot?.querySelector('alcove-chat-view')?.shadowRoot;
  await expect.poll(() => view?.querySelector('[part="greeting"]')?.checkVisibility()).toBe(true);
  const footer = slotted(chat, 'header');
  await expect.poll(() => footer.checkVisibility()).toBe(true);
  footer.slot = 'footer';
  await expect.poll(() => footer.assignedSlot?.name).toBe('footer');
  await expect.poll(() => footer.checkVisibility()).toBe(true);
});

test('message actions of the page are beside those of the last answer', async () => {
  const chat = scriptedChat();
  const action = slotted(chat, 'message-actions', 'Rate');
  await show(chat);
  await chat.send('Hello?');
  // The slot is passed on to the last message alone.
  const passedOn = () => deepQueryAll(chat, 'alcove-message').map((message) => message.children.length);
  await expect.poll(passedOn).toEqual([0, 1]);
  expect(action.checkVisibility()).toBe(true);
});

test('what the page adds to the consent is above the download button', async () => {
  const chat = scriptedChat();
  const file = { path: 'library.wasm', url: `${location.origin}/none`, sizeBytes: 1, sha256: '0'.repeat(64) };
  const record = madeUpRecord({ id: 'absent', source: { kind: 'files', revision: '1', files: [file] } });
  const session = new Session({ catalogueUrl: catalogueOf(record), databaseName: `test-${crypto.randomUUID()}` });
  chat.session = session;
  chat.model = 'absent';
  const consent = slotted(chat, 'consent', 'By downloading you agree to our terms.');
  void session.start();
  document.body.append(chat);
  await expect.poll(() => consent.checkVisibility()).toBe(true);
  session.dispose();
});
