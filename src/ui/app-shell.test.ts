import { afterEach, beforeAll, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AlcoveError } from '../errors.ts';
import { AppShell } from './app-shell.ts';
import { ChatView } from './chat-view.ts';
import { applySettings, readSettings } from './settings.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from './testing/deep-dom.ts';
import { FixtureSession } from './testing/fixture-session.ts';
import { STATES } from './testing/states.ts';

let app: AppShell;
let session: FixtureSession;

beforeAll(async () => {
  // Loaded when the page is idle; a test waits for none of that.
  await import('./chat-list.ts');
  if (customElements.get('alcove-chat') === undefined) customElements.define('alcove-chat', class extends ChatView {});
});

afterEach(() => {
  app.remove();
  localStorage.clear();
  applySettings(readSettings());
  history.replaceState(null, '', location.pathname + location.search);
});

async function show(width = 1_200): Promise<void> {
  await page.viewport(width, 740);
  session = new FixtureSession(STATES.ready);
  app = new AppShell();
  app.session = session;
  document.body.append(app);
  await settle(app);
}

test('chats are grouped by day, and one is opened by its name', async () => {
  await show();
  expect(deepQueryAll(app, 'alcove-chat-list').length).toBe(1);
  button(app, 'Boat story').click();
  expect(session.calls).toEqual([['openChat', 'chat-3']]);
});

test('a chat is renamed in its place: Enter keeps the new name, Escape the old one', async () => {
  await show();
  button(app, 'Rename Boat story').click();
  await settle(app);
  await userEvent.fill(deepQuery(app, 'input'), 'The ark');
  await userEvent.keyboard('{Enter}');
  await settle(app);
  expect(session.calls).toEqual([['renameChat', 'chat-3', 'The ark']]);

  button(app, 'Rename Bread').click();
  await settle(app);
  await userEvent.fill(deepQuery(app, 'input'), 'Cake');
  await userEvent.keyboard('{Escape}');
  await settle(app);
  expect(session.calls).toHaveLength(1);
  expect(deepQueryAll(app, 'input')).toEqual([]);
});

test('a deleted chat can be brought back', async () => {
  await show();
  button(app, 'Delete Bread').click();
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

test('a chat that cannot be read says so and can be saved', async () => {
  await show();
  session.outcome = () => Promise.reject(new AlcoveError('record-broken', 'bad', { data: { id: 'chat-3' } }));
  button(app, 'Boat story').click();
  await settle(app);
  expect(deepText(app)).toContain('This chat cannot be read');
  expect(button(app, 'Save the record').disabled).toBe(false);
});

test('on a narrow screen the chats are a sheet that Escape closes', async () => {
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

test('the settings are applied at once and kept', async () => {
  await show();
  location.hash = '#settings';
  await expect.poll(() => deepQueryAll(app, 'alcove-settings').length).toBe(1);
  await settle(app);
  deepQueryAll(app, 'label')
    .find((label) => label.textContent?.trim() === 'Dark')
    ?.click();
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(readSettings()).toEqual({
    language: 'system',
    theme: 'dark',
    contrast: 'system',
    singleKeys: 'on',
    readAloud: 'off',
    dictation: 'off',
    textSize: 'normal',
  });
});

test('settings that someone else has written are not believed', () => {
  localStorage.setItem('alcove-settings', '{"language":"xx","theme":"<b>","contrast":null,"textSize":7}');
  expect(readSettings()).toEqual({
    language: 'system',
    theme: 'system',
    contrast: 'system',
    singleKeys: 'on',
    readAloud: 'off',
    dictation: 'off',
    textSize: 'normal',
  });
  localStorage.setItem('alcove-settings', 'null');
  expect(readSettings().theme).toBe('system');
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
  button(app, 'Load it').click();
  expect(applied).toBe(1);
});
