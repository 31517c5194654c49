/** The element with a hub, without one to reach: what it does not do. e2e/hub.spec.ts has both sides. */
import { expect, test } from 'vitest';
import { deepQuery, deepQueryAll, deepText } from '../../ui/testing/deep-dom.ts';
import { expectNoUnhandledRejections } from '../testing/no-unhandled-rejections.ts';
import { once, record, type ScriptedChat, scriptedChat, show } from '../testing/scripted-chat.ts';
import type { LooksProbe } from './looks-probe.ts';

const HUB = 'https://hub.example/hub.html';

expectNoUnhandledRejections();

/** An element that names a hub of another origin, where there is none. */
function chatWithHub(): ScriptedChat {
  const chat = scriptedChat();
  chat.hub = HUB;
  chat.catalogue = undefined;
  return chat;
}

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
    chat.registerTool({ name: 'now', description: 'Says the time', execute: () => 'noon' }),
    chat.unregisterTool('now'),
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

test('a call ends when the element is removed: before anything of the hub is loaded, and while it connects', async () => {
  for (const isLoaded of [false, true]) {
    const chat = chatWithHub();
    document.body.append(chat);
    const load = chat.load().catch((error: unknown) => error);
    if (isLoaded) await expect.poll(() => deepQueryAll(chat, 'iframe').length).toBe(1);
    void chat.newChat();
    chat.remove();
    expect(await load).toMatchObject({ name: 'AbortError' });
  }
});

test('a chat in the page ends when the page names a hub', async () => {
  const chat = await show(scriptedChat());
  const send = chat.send('Hello?').catch((error: unknown) => error);
  chat.hub = `${location.origin}/hub.html`;
  expect(await send).toMatchObject({ name: 'AbortError' });
  expect(deepText(chat)).not.toContain('Hello?');
});

test('what a page sets without effect in a hub is an error event, once each', async () => {
  const chat = chatWithHub();
  const errors = record(chat, 'alcove-error');
  document.body.append(chat);
  await expect.poll(() => deepQueryAll(chat, 'iframe').length).toBe(1);
  expect(errors).toEqual([]);
  chat.usePageTools = true;
  chat.catalogue = 'catalogue.json';
  chat.insertAdjacentHTML('beforeend', '<p slot="footer">Answers can be wrong.</p>');
  const members = (): unknown[] => errors.map(({ error }) => [error.code, error.data['member']]);
  await expect.poll(members).toEqual(['use-page-tools', 'catalogue', 'slot'].map((member) => ['hub-forbids', member]));
  chat.heading = 'Help';
  await chat.updateComplete;
  expect(errors).toHaveLength(3);
});

/** What the element would tell its hub of its looks. */
function looks(chat: ScriptedChat): Record<string, string> {
  const probe = deepQuery(chat, 'alcove-looks-probe') as LooksProbe;
  return { scheme: probe.scheme, ...probe.looksOf(chat) };
}

test('the looks of the page are read as the browser computes them', async () => {
  const chat = chatWithHub();
  document.body.append(chat);
  await expect.poll(() => deepQueryAll(chat, 'alcove-looks-probe').length).toBe(1);
  await expect.poll(() => looks(chat)).toEqual({ scheme: 'light' });
  chat.style.cssText = `--brand: light-dark(#010203, #040506); --alcove-accent: var(--brand); --alcove-surface: 7px;
    --alcove-font-size: 1.5em; --alcove-radius: calc(1px + 2px); --alcove-column: 80%;
    --alcove-font: Palatino, serif; --alcove-shadow: 0 0 4px red; --alcove-text: url(x)`;
  const set = {
    '--alcove-accent': 'rgb(1, 2, 3)',
    '--alcove-font-size': '24px',
    '--alcove-radius': '3px',
    '--alcove-column': '80%',
    '--alcove-font': 'Palatino, serif',
  };
  await expect.poll(() => looks(chat)).toMatchObject({ scheme: 'light', ...set });
  expect(looks(chat)).not.toHaveProperty('--alcove-shadow');
  chat.style.setProperty('--alcove-color-scheme', 'dark');
  await expect.poll(() => looks(chat)).toMatchObject({ scheme: 'dark', ...set, '--alcove-accent': 'rgb(4, 5, 6)' });
});

test('a change of the looks is heard, whatever has changed them', async () => {
  const chat = chatWithHub();
  document.body.append(chat);
  await expect.poll(() => deepQueryAll(chat, 'alcove-looks-probe').length).toBe(1);
  await expect.poll(() => looks(chat)).toEqual({ scheme: 'light' });
  let changes = 0;
  deepQuery(chat, 'alcove-looks-probe').addEventListener('change', () => {
    changes += 1;
  });
  for (const [name, value] of [
    ['--alcove-accent', 'red'],
    ['--alcove-radius', '2px'],
    ['--alcove-font', 'serif'],
    ['--alcove-color-scheme', 'dark'],
  ] as const) {
    const before = changes;
    chat.style.setProperty(name, value);
    await expect.poll(() => changes, { message: name }).toBeGreaterThan(before);
  }
});
