import { afterEach, beforeAll, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AlcoveError } from '../../platform/errors.ts';
import type { ChatActionEvent } from '../history/chat-action-event.ts';
import { AppearanceChangeEvent, applyAppearance, readAppearance } from '../settings/appearance-settings.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { AppShell } from './app-shell.ts';

let app: AppShell;
let session: FixtureSession;

beforeAll(async () => {
  // Loaded when the page is idle; a test waits for none of that.
  await import('../history/chat-list.ts');
});

afterEach(() => {
  app.remove();
  localStorage.clear();
  applyAppearance(readAppearance());
  history.replaceState(null, '', location.pathname + location.search);
});

function deepFocused(): Element | null {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement) activeElement = activeElement.shadowRoot.activeElement;
  return activeElement;
}

async function show(width = 1_200): Promise<void> {
  await page.viewport(width, 740);
  session = new FixtureSession(STATES.ready);
  app = new AppShell();
  app.session = session;
  document.body.append(app);
  await settle(app);
}

async function choose(chat: string, action: string): Promise<void> {
  button(app, `More for ${chat}`).click();
  await settle(app);
  deepQueryAll(app, '[role="menuitem"]')
    .find((item) => item.textContent?.trim() === action)
    ?.click();
  await settle(app);
}

test('chats are pinned, archived and tagged by their menus', async () => {
  await show();
  await choose('Bread', 'Pin');
  await choose('Bread', 'Archive');
  await choose('Bread', 'Tags');
  await userEvent.fill(deepQuery(app, 'li input'), 'kitchen, sea');
  await userEvent.keyboard('{Enter}');
  await settle(app);
  expect(session.calls).toEqual([
    ['pin', 'chat-6', 'true'],
    ['archive', 'chat-6', 'true'],
    ['tag', 'chat-6', 'kitchen', ' sea'],
  ]);
  const [first, ...others] = session.state.chats;
  if (first === undefined) throw new Error('the fixture has no chats');
  session.set({
    chats: [{ ...first, tags: ['sea'], pinnedAt: 1 }, ...others.map((chat) => ({ ...chat, archivedAt: 1 }))],
  });
  await settle(app);
  expect(deepText(app)).toMatch(/Pinned/);
  expect(deepText(app)).toContain('5 archived chats');
});

test('chats are found by their titles at once, and by their messages', async () => {
  await show();
  session.found = ['chat-6'];
  await userEvent.fill(deepQuery(app, 'input[type="search"]'), 'BÖAT');
  await settle(app);
  const names = deepQueryAll(app, 'button.chat').map((row) => row.textContent?.trim());
  expect(names).toEqual(['Boat story', 'Bread']);
});

test('a chat with an answer in progress, an unread chat and a damaged chat are marked', async () => {
  await show();
  session.set({
    generation: { status: 'streaming', chatId: 'chat-3', messageId: 'm' },
    unreadChatIds: ['chat-6'],
    brokenChatIds: ['bad'],
  });
  await settle(app);
  expect(deepText(app)).toMatch(/Boat story\s*writing/);
  expect(deepText(app)).toMatch(/Bread\s*new/);
  button(app, 'A damaged chat').click();
  expect(session.calls).toEqual([['openChat', 'bad']]);
});

test('of ten thousand chats some are rendered, and more when the user scrolls near the end', async () => {
  await show();
  const [one] = session.state.chats;
  if (one === undefined) throw new Error('the fixture has no chats');
  session.set({ chats: Array.from({ length: 10_000 }, (_, n) => ({ ...one, id: `c${n}`, title: `Chat ${n}` })) });
  await settle(app);
  const rows = () => deepQueryAll(app, 'button.chat').length;
  expect(rows()).toBeLessThan(400);
  const before = rows();
  deepQuery(app, 'div.end').scrollIntoView();
  await expect.poll(rows).toBeGreaterThan(before);
});

test('chats are grouped by day, and a click on a title opens one', async () => {
  await show();
  expect(deepQueryAll(app, 'alcove-chat-list').length).toBe(1);
  button(app, 'Boat story').click();
  expect(session.calls).toEqual([['openChat', 'chat-3']]);
});

test('the chats are one stop of the Tab key, and arrow keys move between them', async () => {
  await show();
  const focused = (): string | undefined => deepFocused()?.textContent?.trim();
  deepQuery(app, 'input[type="search"]').focus();
  await userEvent.tab();
  expect(focused()).toBe('How far is the moon?');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(focused()).toBe('Boat story');
  await userEvent.tab();
  expect(deepFocused()?.ariaLabel).toBe('More for Boat story');
  await userEvent.tab();
  expect(focused()).toBe('Models');
  await userEvent.tab({ shift: true });
  await userEvent.tab({ shift: true });
  expect(focused()).toBe('Boat story');
  await userEvent.keyboard('{End}{ArrowDown}');
  expect(focused()).toBe('Bread');
});

test('a chat is renamed in its row: Enter saves the new title, Escape keeps the old one', async () => {
  await show();
  await choose('Boat story', 'Rename');
  await settle(app);
  await userEvent.fill(deepQuery(app, 'li input'), 'The ark');
  await userEvent.keyboard('{Enter}');
  await settle(app);
  expect(session.calls).toEqual([['renameChat', 'chat-3', 'The ark']]);

  await choose('Bread', 'Rename');
  await settle(app);
  await userEvent.fill(deepQuery(app, 'li input'), 'Cake');
  await userEvent.keyboard('{Escape}');
  await settle(app);
  expect(session.calls).toHaveLength(1);
  expect(deepQueryAll(app, 'li input')).toEqual([]);
});

test('a matching chat shows an excerpt, and matches in titles are highlighted', async () => {
  await show();
  const [opened] = session.state.chats;
  if (opened === undefined) throw new Error('there are chats');
  session.found = [opened.id];
  session.excerpts.set(opened.id, {
    messageId: 'm',
    parts: [
      { text: 'a ', isMatch: false },
      { text: 'Whale', isMatch: true },
    ],
  });
  await userEvent.fill(deepQuery(app, 'input[type="search"]'), 'whal');
  await expect.poll(() => deepQueryAll(app, 'mark').map(({ textContent }) => textContent)).toEqual(['Whale']);
  expect(deepText(app)).toContain('1 chat found');
  await userEvent.fill(deepQuery(app, 'input[type="search"]'), 'boat');
  session.found = [];
  await expect.poll(() => deepQueryAll(app, '.chat mark').map(({ textContent }) => textContent)).toContain('Boat');
});

test('a chat that is opened before its match is located still goes to the match', async () => {
  await show();
  const [opened] = session.state.chats;
  if (opened === undefined) throw new Error('there are chats');
  session.found = [opened.id];
  session.excerpts.set(opened.id, { messageId: 'm', parts: [] });
  const { promise, resolve } = Promise.withResolvers<void>();
  session.excerptsCome = promise;
  await userEvent.fill(deepQuery(app, 'input[type="search"]'), 'whal');
  await expect.poll(() => deepText(app)).toContain('1 chat found');
  const asked: (typeof ChatActionEvent.prototype.messageId)[] = [];
  app.addEventListener('alcove-chat-action', ({ messageId }) => asked.push(messageId));
  deepQuery(app, '.matches .chat').click();
  expect(asked).toEqual([expect.any(Promise)]);
  expect(session.calls).toEqual([['openChat', opened.id]]);
  resolve();
  expect(await asked[0]).toBe('m');
});

test('a deleted chat can be restored', async () => {
  await show();
  await choose('Bread', 'Delete');
  await settle(app);
  expect(deepText(app)).toContain('Chat deleted.');
  button(app, 'Undo').click();
  await settle(app);
  expect(session.calls).toEqual([
    ['deleteChat', 'chat-6'],
    ['restoreChat', 'chat-6'],
  ]);
  expect(deepText(app)).not.toContain('Chat deleted.');
});

test('an undone deletion opens the chat again if it was open', async () => {
  await show();
  await choose('How far is the moon?', 'Delete');
  await settle(app);
  button(app, 'Undo').click();
  await expect.poll(() => session.calls).toContainEqual(['openChat', 'chat-1']);
});

test('archiving a chat can be undone', async () => {
  await show();
  await choose('Bread', 'Archive');
  await settle(app);
  expect(deepText(app)).toContain('Chat archived.');
  button(app, 'Undo').click();
  await settle(app);
  expect(session.calls).toEqual([
    ['archive', 'chat-6', 'true'],
    ['archive', 'chat-6', 'false'],
  ]);
});

test('a damaged chat says so and can be saved', async () => {
  await show();
  session.outcome = () => Promise.reject(new AlcoveError('record-broken', 'bad', { data: { id: 'chat-3' } }));
  button(app, 'Boat story').click();
  await settle(app);
  expect(deepText(app)).toContain('This chat cannot be read');
  expect(button(app, 'Save the record').disabled).toBe(false);
});

test('on a narrow screen the chat list is a sheet that Escape closes', async () => {
  await show(360);
  const nav = deepQuery(app, 'nav');
  expect(nav.checkVisibility()).toBe(false);
  button(app, 'Chats').click();
  await settle(app);
  expect(nav.checkVisibility()).toBe(true);
  await userEvent.keyboard('{Escape}');
  await settle(app);
  expect(nav.checkVisibility()).toBe(false);
  expect(app.shadowRoot?.activeElement).toBe(button(app, 'Chats'));
});

test('on a wide screen the chat list is hidden and shown again, and the focus moves with the button', async () => {
  await show();
  await userEvent.click(button(app, 'Hide the chats'));
  await settle(app);
  expect(deepQuery(app, 'nav').checkVisibility()).toBe(false);
  expect(app.shadowRoot?.activeElement?.ariaLabel).toBe('Chats');
  await userEvent.keyboard('{Enter}');
  await settle(app);
  expect(app.shadowRoot?.activeElement?.ariaLabel).toBe('Hide the chats');
});

test('settings are applied at once and stored', async () => {
  await show();
  location.hash = '#settings';
  await expect.poll(() => deepQueryAll(app, 'alcove-settings').length).toBe(1);
  await settle(app);
  deepQueryAll(app, 'label')
    .find((label) => label.textContent?.trim() === 'Dark')
    ?.click();
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(readAppearance()).toEqual({
    language: 'system',
    theme: 'dark',
    contrast: 'system',
    singleKeys: 'on',
    enterKey: 'auto',
    readAloud: 'off',
    dictation: 'off',
    textSize: 'normal',
  });
});

test('the chat gets the voice controls and the Enter key that the user chooses in the settings', async () => {
  await show();
  expect(deepQueryAll(app, 'alcove-dictation')).toEqual([]);
  expect(deepQuery(app, 'textarea')).toHaveProperty('enterKeyHint', 'send');
  const appearance = { ...readAppearance(), dictation: 'on', enterKey: 'newline' } as const;
  deepQuery(app, '.main').dispatchEvent(new AppearanceChangeEvent(appearance));
  await settle(app);
  expect(deepQueryAll(app, 'alcove-dictation')).toHaveLength(1);
  expect(deepQuery(app, 'textarea')).toHaveProperty('enterKeyHint', 'enter');
});

test('invalid stored settings are ignored', () => {
  localStorage.setItem(
    'alcove-settings',
    '{"language":"xx","theme":"<b>","contrast":null,"textSize":7,"enterKey":"no"}',
  );
  expect(readAppearance()).toEqual({
    language: 'system',
    theme: 'system',
    contrast: 'system',
    singleKeys: 'on',
    enterKey: 'auto',
    readAloud: 'off',
    dictation: 'off',
    textSize: 'normal',
  });
  localStorage.setItem('alcove-settings', 'null');
  expect(readAppearance().theme).toBe('system');
});

test('a new version is offered, never forced', async () => {
  let applied = 0;
  await show();
  app.updates = {
    updateReady: Promise.resolve(),
    applyUpdate: () => {
      applied += 1;
    },
  };
  await settle(app);
  expect(deepText(app)).toContain('A new version of Alcove is ready.');
  expect(applied).toBe(0);
  button(app, 'Reload').click();
  expect(applied).toBe(1);
});
