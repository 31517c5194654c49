/** The element with a hub, without one to reach: what it does not do. e2e/hub.spec.ts has both sides. */
import { afterEach, expect, test } from 'vitest';
import { deepText } from '../../ui/testing/deep-dom.ts';
import { once, record, scriptedChat, show } from '../testing/scripted-chat.ts';

const HUB = 'https://hub.example/hub.html';

afterEach(() => document.body.replaceChildren());

test('a page with a hub gets nothing of the conversation, and the element starts no session', async () => {
  const chat = scriptedChat();
  chat.hub = HUB;
  const forbidden = { code: 'hub-forbids', data: { hub: HUB } };
  expect(() => chat.messages).toThrow('messages: the chat is in the hub');
  expect(chat.value).toBeNull();
  const calls = [
    chat.send('Hello?'),
    chat.regenerate(),
    chat.clear(),
    chat.export(),
    chat.import('[]'),
    chat.chats.list(),
    chat.chats.open('a'),
    chat.chats.delete('a'),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject(forbidden);
  const error = once(chat, 'alcove-error');
  chat.messages = [{ role: 'user', content: 'Hello?' }];
  expect((await error).error).toMatchObject({ ...forbidden, data: { member: 'messages' } });
  expect(chat.made).toEqual([]);
});

test.each([
  `${location.origin}/hub.html`,
  'http://hub.example/hub.html',
  'https://user@hub.example/',
  'javascript:alert(1)',
])('the address %s is an error event, and no chat is in the page in its place', async (hub) => {
  const chat = scriptedChat();
  chat.setAttribute('hub', hub);
  const errors = record(chat, 'alcove-error');
  document.body.append(chat);
  await expect.poll(() => deepText(chat)).toContain('The chat cannot be reached');
  await expect(chat.load()).rejects.toMatchObject({ code: 'attribute-invalid' });
  expect(errors[0]?.error).toMatchObject({ code: 'attribute-invalid', data: { attribute: 'hub' } });
  expect(chat.made).toEqual([]);
});

test('a chat in the page ends when the page names a hub', async () => {
  const chat = await show(scriptedChat());
  const send = chat.send('Hello?').catch((error: unknown) => error);
  chat.hub = `${location.origin}/hub.html`;
  expect(await send).toMatchObject({ name: 'AbortError' });
  expect(deepText(chat)).not.toContain('Hello?');
});
