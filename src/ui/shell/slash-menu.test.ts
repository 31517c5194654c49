import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SavedPrompt } from '../../chat/settings/saved-prompt.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { AppShell } from './app-shell.ts';

const EXPLAIN: SavedPrompt = { id: 'p1', name: 'explain', text: 'Explain {{topic}} to {{reader}} as of {{date}}.' };
const SUMMARISE: SavedPrompt = { id: 'p2', name: 'summarise', text: 'Summarise the text above.' };
const SHORTEN: SavedPrompt = { id: 'p3', name: 'shorten', text: 'Shorten this: {{clipboard}}' };

let app: AppShell;
let session: FixtureSession;

beforeEach(() => page.viewport(1440, 800));

afterEach(() => {
  app.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

async function show(...prompts: readonly SavedPrompt[]): Promise<void> {
  session = new FixtureSession(STATES.ready);
  for (const prompt of prompts) await session.settings.savePrompt(prompt);
  app = new AppShell();
  app.session = session;
  document.body.append(app);
  await settle(app);
  field().focus();
}

function field(): HTMLTextAreaElement {
  return deepQuery(deepQuery(app, 'alcove-composer'), 'textarea') as HTMLTextAreaElement;
}

function options(): readonly (string | null)[] {
  return deepQueryAll(app, '[role="option"] strong').map(({ textContent }) => textContent);
}

test('a slash lists the prompts, and the keyboard takes one without sending it', async () => {
  await show(EXPLAIN, SUMMARISE, SHORTEN);
  await userEvent.keyboard('/');
  await expect.poll(options).toEqual(['/explain', '/summarise', '/shorten']);
  await userEvent.keyboard('s');
  await expect.poll(options).toEqual(['/summarise', '/shorten']);
  await userEvent.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  await expect.poll(() => field().value).toBe('Summarise the text above.');
  expect(session.calls).toEqual([]);
  expect(session.typed.get('chat-1')).toBe('Summarise the text above.');
  await expect.poll(options).toEqual([]);
  expect(field().matches(':focus')).toBe(true);
});

test('variables are asked for, the date is filled in', async () => {
  await show(EXPLAIN);
  await userEvent.keyboard('/exp');
  await expect.poll(options).toEqual(['/explain']);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepQueryAll(app, 'dialog[open] textarea').length).toBe(2);
  await userEvent.keyboard('tides{Tab}a child');
  button(app, 'Insert').click();
  const year = String(new Date().getFullYear());
  await expect.poll(() => field().value).toMatch(/^Explain tides to a child as of .*\d.*\.$/);
  expect(field().value).toContain(year);
  expect(session.calls).toEqual([]);
});

test('the clipboard is read only by its button, and what is pasted there counts too', async () => {
  await show(SHORTEN);
  await userEvent.keyboard('/sh');
  await expect.poll(options).toEqual(['/shorten']);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepText(app)).toContain('Read the clipboard');
  const [asked] = deepQueryAll(app, 'dialog[open] textarea') as HTMLTextAreaElement[];
  expect(asked?.value).toBe('');
  await userEvent.keyboard('a long text');
  button(app, 'Insert').click();
  await expect.poll(() => field().value).toBe('Shorten this: a long text');
});

test('Escape closes the list, and a text that only begins with a slash is sent as it is', async () => {
  await show(SUMMARISE);
  await userEvent.keyboard('/');
  await expect.poll(options).toEqual(['/summarise']);
  await userEvent.keyboard('{Escape}');
  await expect.poll(options).toEqual([]);
  expect(field().value).toBe('/');
  await userEvent.keyboard('etc/hosts{Enter}');
  await expect.poll(() => session.calls).toEqual([['send', '/etc/hosts']]);
});

test('without prompts the slash says where to add them', async () => {
  await show();
  await userEvent.keyboard('/');
  await expect.poll(() => deepText(app)).toContain('No prompts yet.');
  await userEvent.keyboard('x');
  await expect.poll(() => deepText(app)).not.toContain('No prompts yet.');
});

test('the list stays above the message field when the window changes its size', async () => {
  await show(EXPLAIN, SUMMARISE);
  await userEvent.keyboard('/');
  await expect.poll(options).toHaveLength(2);
  await page.viewport(700, 600);
  const bottom = () => deepQuery(deepQuery(app, 'alcove-slash-menu'), '.menu').getBoundingClientRect().bottom;
  await expect.poll(bottom).toBeLessThanOrEqual(field().getBoundingClientRect().top);
  await expect.poll(bottom).toBeGreaterThan(field().getBoundingClientRect().top - 60);
});
