import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test, type Worker } from '@playwright/test';
import { agree, takenOver, use } from './support/embedded.ts';
import { SiteServer } from './support/site-server.ts';

const EXAMPLE = readFileSync(new URL('../examples/embed.html', import.meta.url), 'utf8');
const ELEMENT = /<alcove-chat [^>]*><\/alcove-chat>/;

let site: SiteServer;
let host: SiteServer;

test.beforeEach(async () => {
  site = await SiteServer.start();
  host = await SiteServer.start({ headers: false });
});

test.afterEach(async () => {
  await host.stop();
  await site.stop();
});

/** The example, on an origin of its own, with its element put there twice. */
function serveTwice(style = ''): void {
  const html = EXAMPLE.replace('https://alcove.example', site.origin)
    .replace(ELEMENT, (element) => element + element)
    .replace('</style>', `${style}</style>`);
  host.serve('/', html, 'text/html');
}

test('two elements on one page share one download and one loaded model', async ({ page }) => {
  serveTwice();
  await page.goto(host.origin);
  const first = page.locator('alcove-chat').nth(0);
  const second = page.locator('alcove-chat').nth(1);
  await agree(first);
  await ask(first, 'What is the capital of France?', 'The capital of France is Paris.');
  await ask(second, 'My name is Ada.', 'Nice to meet you, Ada.');
  await ask(first, 'Count to five.', 'one, two, three, four, five.');

  const files = site.requests.filter((path) => path.startsWith('/models/'));
  expect(files.length).toBeGreaterThan(5);
  expect(new Set(files).size).toBe(files.length);
  expect((await workerNames(page)).filter((name) => name.includes('webllm'))).toHaveLength(1);
});

test('a page sets the size and colours of the element and the style of its parts', async ({ page }) => {
  serveTwice(
    'alcove-chat { --alcove-surface: rgb(1, 2, 3); box-sizing: border-box; inline-size: 300px } ::part(gate) { outline: 7px solid }',
  );
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat').first();
  await use(chat);
  await expect(chat.getByRole('button', { name: /^Download/ })).toBeVisible();
  expect((await chat.boundingBox())?.width).toBe(300);
  const gate = chat.locator('alcove-model-gate');
  await expect(gate).toHaveCSS('background-color', 'rgb(1, 2, 3)');
  await expect(gate.locator('section')).toHaveCSS('outline-width', '7px');
});

test('a page that refuses a download prevents it, and may allow it later', async ({ page }) => {
  serveTwice();
  await page.addInitScript(() => {
    document.addEventListener('alcove-download-consent', (event) => {
      event.preventDefault();
      Object.assign(globalThis, { asked: event });
    });
  });
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat').first();
  await use(chat);
  await expect(chat.getByText('has not approved')).toBeVisible();
  expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
  await page.evaluate(() => (Reflect.get(globalThis, 'asked') as { allow(): void }).allow());
  await takenOver(chat);
});

async function ask(chat: Locator, question: string, answer: string): Promise<void> {
  await chat.getByRole('textbox', { name: 'Message' }).fill(question);
  await chat.getByRole('textbox', { name: 'Message' }).press('Enter');
  await expect(chat.getByRole('region', { name: 'Conversation' }).getByText(answer)).toBeVisible({ timeout: 60_000 });
}

/** One that ends while it is asked never answers. */
function workerNames(page: Page): Promise<string[]> {
  const nameOf = (worker: Worker): Promise<string> =>
    Promise.race([worker.evaluate(() => self.name), worker.waitForEvent('close').then(() => '')]).catch(() => '');
  return Promise.all(page.workers().map(nameOf));
}
