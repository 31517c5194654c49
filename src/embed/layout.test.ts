import { afterEach, expect, test } from 'vitest';
import { deepQuery, deepQueryAll } from '../ui/testing/deep-dom.ts';
import { once, record, type ScriptedChat, scriptedChat } from './testing/scripted-chat.ts';

afterEach(() => document.body.replaceChildren());

function dialogOf(chat: ScriptedChat): HTMLElement {
  return deepQuery(chat, '[part="dialog"]');
}

async function embed(layout: NonNullable<ScriptedChat['layout']>): Promise<ScriptedChat> {
  const chat = scriptedChat();
  chat.layout = layout;
  document.body.append(chat);
  await chat.updateComplete;
  return chat;
}

test('a bubble is a button that starts nothing; it opens a dialog with the chat and takes the focus back', async () => {
  const chat = await embed('bubble');
  const button = deepQuery(chat, '[part="bubble"]');
  expect(button.getAttribute('aria-expanded')).toBe('false');
  expect(chat.made).toEqual([]);
  expect(chat.matches(':state(open)')).toBe(false);
  const heard = record(document, 'alcove-open', 'alcove-close');
  const ready = once(chat, 'alcove-ready');
  button.click();
  await ready;
  expect(dialogOf(chat).matches(':popover-open')).toBe(true);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  await expect.poll(() => deepQueryAll(chat, 'textarea').length).toBe(1);
  await expect.poll(() => chat.shadowRoot?.activeElement?.localName).toBe('alcove-chat-view');

  const pressed = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true });
  deepQuery(chat, 'textarea').dispatchEvent(pressed);
  expect(pressed.defaultPrevented).toBe(true);
  await expect.poll(() => dialogOf(chat).matches(':popover-open')).toBe(false);
  await expect.poll(() => chat.shadowRoot?.activeElement).toBe(button);
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(['alcove-open', 'alcove-close']);
});

test('methods open and close a bubble and a panel, and do nothing to a full element', async () => {
  const bubble = await embed('bubble');
  await bubble.open();
  await bubble.open();
  expect(dialogOf(bubble).matches(':popover-open')).toBe(true);
  await bubble.close();
  expect(dialogOf(bubble).matches(':popover-open')).toBe(false);

  const panel = await embed('panel');
  expect(panel.checkVisibility()).toBe(true);
  await panel.close();
  expect(panel.checkVisibility()).toBe(false);
  await panel.open();
  expect(panel.checkVisibility()).toBe(true);

  const full = await embed('full');
  await full.close();
  expect(full.checkVisibility()).toBe(true);
});

test('a bubble that was opened before it is in the page is open there', async () => {
  const chat = scriptedChat();
  chat.layout = 'bubble';
  await chat.open();
  document.body.append(chat);
  await chat.updateComplete;
  expect(dialogOf(chat).matches(':popover-open')).toBe(true);
});

test('a message to a closed bubble is answered, and the chat is there when it opens', async () => {
  const chat = await embed('bubble');
  await chat.send('What is the capital of France?');
  await chat.open();
  await expect.poll(() => deepQueryAll(chat, 'alcove-message').length).toBe(2);
});

test('a panel has a button that closes it', async () => {
  const chat = await embed('panel');
  await expect.poll(() => deepQueryAll(chat, 'header .close').length).toBe(1);
  expect(chat.made).toEqual([]);
  const closed = once(chat, 'alcove-close');
  deepQuery(chat, 'header .close').click();
  await closed;
  expect(chat.matches(':state(open)')).toBe(false);
});
