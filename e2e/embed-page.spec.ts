import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { agree, use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

const ELEMENT = '<alcove-chat model="toy-f32-GGUF"></alcove-chat>';

let host: SiteServer;

test.beforeEach(async ({ network, page }) => {
  host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
  await page.addInitScript(() => {
    const errors: string[] = [];
    Object.assign(globalThis, { errors });
    document.addEventListener('alcove-error', (event) => {
      errors.push(String(Reflect.get(Reflect.get(event, 'error'), 'message')));
    });
  });
});

test.afterEach(() => host.stop());

async function open(page: Page, site: SiteServer, body: string): Promise<void> {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script></head><body>${body}</body></html>`;
  host.serve('/', html, 'text/html');
  await page.goto(host.origin);
}

function errorEvents(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => Reflect.get(globalThis, 'errors') as string[]);
}

test('an element fetches nothing but its script before it is used, and puts no link into the page', async ({
  site,
  page,
  network,
}) => {
  await open(page, site, `<div hidden>${ELEMENT}</div>`);
  await page.waitForFunction(() => customElements.get('alcove-chat') !== undefined);
  await page.waitForLoadState('networkidle');
  const before = network.since(0).filter((url) => url.startsWith(site.origin));
  // The address that pages name, and what it imports at once.
  expect(before.map((url) => new URL(url).pathname.replace(/-[\w-]{8}\.js$/, '')).sort()).toEqual([
    '/assets/alcove-chat',
    '/assets/base',
    '/assets/element',
    '/embed/alcove-chat.js',
  ]);

  // A visible one, too, until it is used.
  await page.evaluate(() => document.querySelector('div')?.removeAttribute('hidden'));
  await expect(page.locator('alcove-chat').getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(network.since(0).filter((url) => url.startsWith(site.origin))).toEqual(before);

  await use(page.locator('alcove-chat'));
  await expect(page.locator('alcove-chat').getByRole('button', { name: /^Download/ })).toBeVisible();
  expect(await page.locator('link').count()).toBe(0);
  expect(await page.locator('alcove-chat main').count()).toBe(0);
  expect(site.requests.filter((path) => /\.wasm|models\//.test(path))).toEqual([]);
});

test('Escape closes a panel of the element, and not the dialog that it is in', async ({ site, page }) => {
  await open(page, site, `<dialog style="inline-size: 600px">${ELEMENT}</dialog>`);
  await page.evaluate(() => document.querySelector('dialog')?.showModal());
  const chat = page.locator('alcove-chat');
  await agree(chat);
  await chat.getByRole('button', { name: /Toy/ }).click();
  const menu = chat.getByRole('dialog', { name: 'Choose a model' });
  await expect(menu.getByRole('option')).toHaveText([/Toy for llama\.cpp/, /All models…/]);
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await chat.getByRole('button', { name: /Toy/ }).click();
  await menu.getByRole('option', { name: 'All models…' }).click();
  const panel = chat.getByRole('dialog', { name: 'Models' });
  await expect(panel.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(chat.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toBeHidden();
});

test('the first page of the guide answers a starter, with the text of the page', async ({ site, page }) => {
  const guide = readFileSync(new URL('../docs/embedding.md', import.meta.url), 'utf8');
  const [, html = ''] = /```html\n(<!doctype html>[\s\S]*?)```/.exec(guide) ?? [];
  const served = html
    .replace('https://your-alcove.example', site.origin)
    .replace(/model="[^"]+"/, 'model="toy-f32-GGUF"');
  host.serve('/', served, 'text/html');
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat');
  await expect(chat).toHaveCSS('block-size', '512px');
  await chat.getByRole('button', { name: 'When do parcels leave?' }).click();
  await chat.getByRole('button', { name: /^Download/ }).click();
  await expect(chat.locator('article[part~="user"]')).toContainText('This page: My shop');
  await expect(chat.locator('article[part~="assistant"]')).toHaveText(/\w/, { timeout: 60_000 });
});

test('a catalogue that is missing or a web page is explained to the user and to the page', async ({ site, page }) => {
  const says = { '/missing.json': 'The file was not found', '/': 'The list of models cannot be read' };
  for (const [catalogue, words] of Object.entries(says)) {
    await open(page, site, `<alcove-chat model="toy-f32-GGUF" catalogue="${catalogue}"></alcove-chat>`);
    await use(page.locator('alcove-chat'));
    await expect(page.locator('alcove-chat').getByText(words)).toBeVisible();
    await expect.poll(() => errorEvents(page)).toHaveLength(1);
  }
});

test('a chat whose code cannot be loaded says so to the user and the page, and its next use tries again', async ({
  site,
  page,
}) => {
  const code = /\/embedded-chat-/;
  await page.route(code, (route) => route.fulfill({ status: 404 }));
  await open(page, site, ELEMENT);
  const chat = page.locator('alcove-chat');
  const words = chat.getByText('The chat could not be loaded. Check your connection, then try again.');
  await use(chat);
  await expect(words).toBeVisible();
  await expect.poll(() => errorEvents(page)).toEqual([expect.stringMatching(code)]);
  // What was typed waits for the chat, as it does without a failure.
  const field = chat.getByRole('textbox', { name: 'Message' });
  await field.fill('What is the capital of France?');
  await field.press('Enter');
  await expect.poll(() => errorEvents(page)).toHaveLength(2);
  await expect(words).toBeVisible();
  await page.unroute(code);
  await field.press('Enter');
  await chat.getByRole('button', { name: /^Download/ }).click();
  await expect(words).toHaveCount(0);
  await expect(chat.locator('article[part~="assistant"]')).toHaveText(/The capital of France is Paris\./, {
    timeout: 60_000,
  });
});

test('a worker whose script is missing gives the page an error with the cause, and one line in the console', async ({
  site,
  page,
}) => {
  const lines: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('Alcove:')) lines.push(message.text());
  });
  await page.route(/download-worker/, (route) => route.fulfill({ status: 404 }));
  await open(page, site, ELEMENT);
  await agree(page.locator('alcove-chat'));
  await expect.poll(() => errorEvents(page)).toHaveLength(1);
  expect((await errorEvents(page))[0]).toMatch(/alcove-download did not start: .*download-worker/);
  expect(lines).toEqual([expect.stringMatching(/alcove-download did not start: .*download-worker/)]);
  await expect(page.locator('alcove-chat').getByText('A part of Alcove did not start')).toBeVisible();
});
