import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { applyAppearance, readAppearance } from '../settings/appearance-settings.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { LEDGER, STATES, type StateName } from '../testing/states.ts';
import { AppShell } from './app-shell.ts';
import { IS_MAC } from './shortcuts.ts';

const MOD = IS_MAC ? 'Meta' : 'Control';

let app: AppShell;
let session: FixtureSession;

beforeEach(() => page.viewport(1440, 800));

afterEach(() => {
  app.remove();
  localStorage.clear();
  applyAppearance(readAppearance());
  history.replaceState(null, '', location.pathname + location.search);
});

async function show(name: StateName = 'ready'): Promise<void> {
  session = new FixtureSession(STATES[name], LEDGER);
  app = new AppShell();
  app.session = session;
  document.body.append(app);
  await settle(app);
  composer().focus();
}

function composer(): HTMLTextAreaElement {
  return deepQuery(app, 'textarea') as HTMLTextAreaElement;
}

function dialogs(): readonly string[] {
  return deepQueryAll(app, 'dialog[open]').map((dialog) => dialog.ariaLabel ?? '');
}

async function openPalette(): Promise<void> {
  await userEvent.keyboard(`{${MOD}>}k{/${MOD}}`);
  await expect.poll(dialogs).toEqual(['Find a command, a chat or a model']);
}

function options(): readonly string[] {
  return deepQueryAll(app, '[role="option"] bdi').map((label) => label.textContent ?? '');
}

test('the palette finds commands, chats and models by parts of their names, and opens what is chosen', async () => {
  await show();
  await openPalette();
  expect(options()).toContain('New chat');
  expect(options()).toContain('Boat story');
  expect(options()).toContain('Qwen3.5 2B');
  await userEvent.keyboard('sto BO');
  await expect.poll(options).toEqual(['Boat story']);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => session.calls).toContainEqual(['openChat', 'chat-3']);
  await expect.poll(dialogs).toEqual([]);
});

test('arrow keys move through the palette’s matches, which are announced', async () => {
  await show();
  await openPalette();
  const field = deepQuery(app, '[role="combobox"]');
  const active = (): string | undefined => {
    const id = field.getAttribute('aria-activedescendant');
    return deepQueryAll(app, `#${id}`)[0]?.querySelector('bdi')?.textContent ?? undefined;
  };
  const [first, second] = options();
  expect(active()).toBe(first);
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(active).toBe(second);
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.poll(active).toBe(options().at(-1));
  await userEvent.keyboard('zzz');
  await expect.poll(() => deepText(app)).toContain('No results.');
  expect(field.hasAttribute('aria-activedescendant')).toBe(false);
});

test('Escape closes the palette and returns the focus', async () => {
  await show();
  await openPalette();
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialogs).toEqual([]);
  expect(composer().matches(':focus')).toBe(true);
  await openPalette();
  await userEvent.keyboard(`{${MOD}>}k{/${MOD}}`);
  await expect.poll(dialogs).toEqual([]);
  expect(composer().matches(':focus')).toBe(true);
});

test('a shortcut right after the palette has closed works', async () => {
  await show();
  await openPalette();
  // The dialog tells of its end in a later task.
  (deepQuery(app, 'dialog[open]') as HTMLDialogElement).close();
  composer().dispatchEvent(
    new KeyboardEvent('keydown', { key: '/', ctrlKey: !IS_MAC, metaKey: IS_MAC, bubbles: true, composed: true }),
  );
  await expect.poll(dialogs).toEqual(['Keyboard shortcuts']);
});

test('the palette opens a page and selects a model', async () => {
  await show();
  await openPalette();
  await userEvent.keyboard('storage{Enter}');
  await expect.poll(() => deepQueryAll(app, 'h1').map((title) => title.textContent)).toEqual(['Storage']);
  await openPalette();
  await userEvent.keyboard('toy to try{Enter}');
  await expect.poll(() => session.calls).toContainEqual(['selectModel', 'toy']);
});

test('a new chat, the sidebar and copying the last answer have shortcuts', async () => {
  await show();
  await userEvent.keyboard(`{${MOD}>}{Shift>}C{/Shift}{/${MOD}}`);
  await expect.poll(() => deepText(app)).toMatch(/The answer was copied|did not allow to copy/);
  await userEvent.keyboard(`{${MOD}>}{Shift>}O{/Shift}{/${MOD}}`);
  await expect.poll(() => session.calls).toContainEqual(['newChat']);
  expect(deepQuery(app, 'nav').checkVisibility()).toBe(true);
  await userEvent.keyboard(`{${MOD}>}{Shift>}S{/Shift}{/${MOD}}`);
  await expect.poll(() => deepQuery(app, 'nav').checkVisibility()).toBe(false);
  button(app, 'Chats').click();
  await expect.poll(() => deepQuery(app, 'nav').checkVisibility()).toBe(true);
});

test('the chats of the list can be gone through by shortcuts', async () => {
  await show();
  const [first, second, , fourth] = STATES.ready.chats;
  session.set({ chats: STATES.ready.chats.map((chat) => (chat === fourth ? { ...chat, pinnedAt: 1 } : chat)) });
  const opened = (): readonly string[] =>
    session.calls.flatMap(([name, id]) => (name === 'openChat' && id ? [id] : []));
  expect(session.state.chat?.id).toBe(first?.id);
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  await expect.poll(opened).toEqual([second?.id]);
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await expect.poll(opened).toEqual([second?.id, fourth?.id]);
});

test('the last question can be edited and answered again by shortcuts and by the palette', async () => {
  await show();
  await userEvent.keyboard(`{${MOD}>}{Shift>}{Enter}{/Shift}{/${MOD}}`);
  await expect.poll(() => session.calls).toContainEqual(['regenerate', 'q2']);
  await userEvent.keyboard(`{${MOD}>}{Shift>}E{/Shift}{/${MOD}}`);
  const editor = (): HTMLTextAreaElement | undefined =>
    deepQueryAll(app, 'alcove-message-editor')[0]?.shadowRoot?.querySelector('textarea') ?? undefined;
  await expect.poll(() => editor()?.matches(':focus')).toBe(true);
  expect(editor()?.value).toContain('walk there');
  await userEvent.keyboard('{Escape}');
  await openPalette();
  await userEvent.keyboard('edit the last{Enter}');
  await expect.poll(() => editor()?.matches(':focus')).toBe(true);
});

test('while an answer is written, the last question is neither edited nor answered again', async () => {
  await show('streaming');
  await userEvent.keyboard(`{${MOD}>}{Shift>}{Enter}{/Shift}{/${MOD}}`);
  await expect.poll(() => deepText(app)).toContain('An answer is being written.');
  expect(session.calls).toEqual([]);
  await openPalette();
  expect(options()).not.toContain('Edit the last question');
  expect(options()).toContain('Stop the answer');
});

test('Escape stops an answer that is being generated, but first closes what is open', async () => {
  await show('streaming');
  await openPalette();
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialogs).toEqual([]);
  expect(session.calls).not.toContainEqual(['stop']);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => session.calls).toContainEqual(['stop']);
});

test('single keys are text while the user types, and commands otherwise', async () => {
  await show();
  await userEvent.keyboard('?/');
  expect(composer().value).toBe('?/');
  expect(dialogs()).toEqual([]);
  composer().blur();
  await userEvent.keyboard('?');
  await expect.poll(dialogs).toEqual(['Keyboard shortcuts']);
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialogs).toEqual([]);
  await userEvent.keyboard('/');
  await expect.poll(() => composer().matches(':focus')).toBe(true);
  expect(composer().value).toBe('?/');
});

test('the list of shortcuts says what Enter does now', async () => {
  const keysOf = (words: string): readonly string[] => {
    const row = deepQueryAll(app, 'dl div').find(({ textContent }) => textContent?.includes(words));
    const shortcuts = [...(row?.querySelectorAll('.keys') ?? [])];
    return shortcuts.map((keys) => [...keys.querySelectorAll('kbd')].map((key) => key.textContent).join('+'));
  };
  await show();
  await userEvent.keyboard(`{${MOD}>}/{/${MOD}}`);
  await expect.poll(dialogs).toEqual(['Keyboard shortcuts']);
  const modEnter = IS_MAC ? '⌘+Enter' : 'Ctrl+Enter';
  const shiftEnter = IS_MAC ? '⇧+Enter' : 'Shift+Enter';
  expect(keysOf('Send the message')).toEqual(['Enter', modEnter]);
  expect(keysOf('A new line')).toEqual([shiftEnter]);
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialogs).toEqual([]);
  applyAppearance({ ...readAppearance(), enterKey: 'newline' });
  await userEvent.keyboard(`{${MOD}>}/{/${MOD}}`);
  await expect.poll(dialogs).toEqual(['Keyboard shortcuts']);
  await expect.poll(() => keysOf('A new line')).toEqual(['Enter', shiftEnter]);
  expect(keysOf('Send the message')).toEqual([modEnter]);
});

test('the list of shortcuts names every command, and can turn single keys off permanently', async () => {
  await show();
  await userEvent.keyboard(`{${MOD}>}/{/${MOD}}`);
  await expect.poll(dialogs).toEqual(['Keyboard shortcuts']);
  const terms = deepQueryAll(app, 'dt').map((term) => term.textContent?.trim());
  for (const words of [
    'New chat',
    'Write a message',
    'Stop the answer',
    'Copy the last answer',
    'Next chat',
    'Previous chat',
    'Edit the last question',
    'Answer the last question again',
    'Show or hide the chats',
  ])
    expect(terms).toContain(words);
  deepQuery(app, 'dialog input[type="checkbox"]').click();
  await userEvent.keyboard('{Escape}');
  await expect.poll(dialogs).toEqual([]);
  expect(readAppearance().singleKeys).toBe('off');
  composer().blur();
  await userEvent.keyboard('?');
  await userEvent.keyboard(`{${MOD}>}k{/${MOD}}`);
  await expect.poll(dialogs).toEqual(['Find a command, a chat or a model']);
});
