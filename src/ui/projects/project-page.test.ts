import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Project } from '../../chat/project.ts';
import type { AppShell } from '../shell/app-shell.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showApp } from '../testing/show-app.ts';
import '../history/chat-list.ts';

let app: AppShell;

afterEach(() => {
  app.remove();
  history.replaceState(null, '', location.pathname + location.search);
  localStorage.removeItem('alcove-open-projects');
});

async function show(place = ''): Promise<FixtureSession> {
  await page.viewport(1280, 900);
  app = await showApp('projects', place);
  await settle(app);
  if (!(app.session instanceof FixtureSession)) throw new Error('no fixture');
  return app.session;
}

const first = (session: FixtureSession): Project | undefined => session.state.projects?.[0];

function list(): HTMLElement {
  return deepQuery(app, 'alcove-chat-list');
}

function titles(): string[] {
  return deepQueryAll(list(), 'li .chat').map((row) => row.title);
}

function onPage(selector: string): HTMLElement[] {
  return deepQueryAll(app, 'alcove-project-page').flatMap((shown) => deepQueryAll(shown, selector));
}

test('the chats of a project are in its folder, which opens and closes, also for the next visit', async () => {
  await show();
  expect(titles().slice(0, 2)).toEqual(['Distances in the solar system', 'Tax']);
  expect(titles()).not.toContain('Boat story');
  button(app, 'Chats of Distances in the solar system').click();
  await expect.poll(titles).toContain('Boat story');
  app.remove();
  await show();
  expect(titles().slice(0, 4)).toEqual(['Distances in the solar system', 'How far is the moon?', 'Boat story', 'Tax']);
});

test('by the keyboard alone: the list is one stop, arrows go through it, and sideways open and close a project', async () => {
  await show();
  deepQuery(list(), '[data-project="p0"] .chat').focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowDown}');
  expect(list().shadowRoot?.activeElement?.getAttribute('title')).toBe('Boat story');
  const stops = deepQueryAll(list(), 'li :is(.chat, .fold, alcove-menu):not([tabindex="-1"])');
  expect(new Set(stops.map((stop) => stop.closest('li'))).size).toBe(1);
  await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowLeft}');
  await expect.poll(titles).not.toContain('Boat story');
  expect(list().shadowRoot?.activeElement?.getAttribute('title')).toBe('Distances in the solar system');
});

test('a chat is moved to a project and out of it by its menu', async () => {
  const session = await show();
  button(app, 'More for Bread').click();
  await expect.poll(() => deepText(app)).toContain('Move to a project');
  button(app, 'Move to a project').click();
  await expect.poll(() => button(app, 'Tax')).toBeTruthy();
  deepQueryAll(app, '[role="menuitem"]')
    .find((item) => item.textContent?.includes('Tax'))
    ?.click();
  await expect.poll(() => session.calls.at(-1)).toEqual(['move', 'chat-6', 'p1']);
  button(app, 'Chats of Distances in the solar system').click();
  await expect.poll(titles).toContain('Boat story');
  button(app, 'More for Boat story').click();
  await settle(app);
  button(app, 'Move to a project').click();
  await expect.poll(() => deepText(app)).toContain('No project');
  button(app, 'No project').click();
  await expect.poll(() => session.calls.at(-1)).toEqual(['move', 'chat-3']);
});

test('a new project opens its page, where its name is typed at once', async () => {
  const session = await show();
  button(app, 'New project').click();
  await expect.poll(() => location.hash).toBe('#/project/project-2');
  await expect.poll(() => onPage('.name').length).toBe(1);
  await userEvent.keyboard('Boats{Enter}');
  await expect.poll(() => session.state.projects?.at(-1)?.name).toBe('Boats');
  await expect.poll(() => document.title).toBe('Boats – Alcove');
});

test('instructions and files are changed on the page of the project', async () => {
  const session = await show('#/project/p0');
  await expect.poll(() => deepText(app)).toContain('notes.md');
  const [instructions] = onPage('textarea');
  if (instructions === undefined) throw new Error('no field');
  await userEvent.fill(instructions, 'In miles.');
  await userEvent.tab();
  await expect.poll(() => first(session)?.instructions).toBe('In miles.');
  const transfer = new DataTransfer();
  transfer.items.add(new File(['ebb'], 'ebb.txt'));
  deepQuery(app, '.files').dispatchEvent(
    new DragEvent('drop', { dataTransfer: transfer, bubbles: true, composed: true }),
  );
  await expect.poll(() => deepText(app)).toContain('ebb.txt');
  button(app, 'Remove notes.md').click();
  await expect
    .poll(() => first(session)?.files.map(({ name }) => name))
    .toEqual(['Tide tables of the North Sea, second edition.pdf', 'ebb.txt']);
});

test('a new chat of a project has a chip with its name, and an address', async () => {
  const session = await show('#/project/p0');
  await expect.poll(() => deepText(app)).toContain('New chat in this project');
  button(app, 'New chat in this project').click();
  await expect.poll(() => location.hash).toBe('#/project/p0/new');
  expect(session.calls.at(-1)).toEqual(['newChat', 'p0']);
  await expect.poll(() => deepText(deepQuery(app, 'alcove-project-chip'))).toContain('Distances');
  button(app, 'Project: Distances in the solar system').click();
  await expect.poll(() => location.hash).toBe('#/project/p0');
});

test('before a project is deleted the user says whether its chats go too', async () => {
  const session = await show('#/project/p0');
  await expect.poll(() => deepText(app)).toContain('Add files');
  const ask = async (): Promise<void> => {
    button(app, 'Delete project').click();
    await expect.poll(() => deepQueryAll(app, 'dialog[open]').length).toBe(1);
  };
  await ask();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => deepQueryAll(app, 'dialog[open]').length).toBe(0);
  expect(session.state.projects).toHaveLength(2);
  await ask();
  const dialog = deepQuery(app, 'alcove-delete-project');
  deepQuery(dialog, 'input').click();
  deepQuery(dialog, '.danger').click();
  await expect.poll(() => session.state.projects?.length).toBe(1);
  expect(session.calls.filter(([name]) => name === 'deleteChat')).toEqual([
    ['deleteChat', 'chat-1'],
    ['deleteChat', 'chat-3'],
  ]);
  await expect.poll(() => deepText(app)).toContain('was deleted');
});

test('a search says which project a chat is in, and a project that is not here says so', async () => {
  await show('#/project/gone');
  await expect.poll(() => deepText(app)).toContain('This project is not on this device.');
  const search = deepQuery(list(), 'input');
  if (!(search instanceof HTMLInputElement)) throw new Error('no field');
  search.value = 'boat';
  search.dispatchEvent(new Event('input'));
  await expect.poll(() => deepText(list())).toContain('Project: Distances in the solar system');
});
