import type { FrameLocator, Locator, Page } from '@playwright/test';
import { serveCatalogue, shippedRecords } from './support/catalogues.ts';
import { use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

let host: SiteServer;

test.beforeEach(async ({ network }) => {
  host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
});

test.afterEach(() => host.stop());

function serve(site: SiteServer, path: string, body: string): void {
  const tag = `<script type="module" src="${site.origin}/embed/alcove-chat.js"></script>`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>${tag}</head><body>${body}</body></html>`;
  host.serve(path, html, 'text/html');
}

async function ask(chat: Locator | FrameLocator, question: string, answer: string): Promise<void> {
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill(question);
  await composer.press('Enter');
  await expect(chat.locator('article[part~="assistant"]').last()).toContainText(answer, { timeout: 60_000 });
}

async function openFrame(page: Page, address: string): Promise<FrameLocator> {
  host.serve('/', `<iframe sandbox="allow-scripts" width="700" height="700" src="${address}"></iframe>`, 'text/html');
  await page.goto(host.origin);
  return page.frameLocator('iframe');
}

test('in a frame that may store nothing the element says so, and answers from memory', async ({ site, page }) => {
  serve(site, '/chat', '<alcove-chat model="toy-f32-GGUF"></alcove-chat>'.repeat(2));
  const frame = await openFrame(page, '/chat');
  const chat = frame.locator('alcove-chat').first();
  await use(chat);
  await expect(chat.getByText('may not store anything in your browser')).toBeVisible();
  await chat.getByRole('button', { name: /^Download/ }).click();
  await ask(chat, 'What is the capital of France?', 'The capital of France is Paris.');
  // The page's memory is shared: the second element has the model too.
  await ask(frame.locator('alcove-chat').last(), 'My name is Ada.', 'Nice to meet you, Ada.');
});

test('the site itself answers from memory in a frame that may store nothing', async ({ page, network }) => {
  // Without the header that keeps other sites from framing the app.
  const open = await SiteServer.start({ headers: { 'Access-Control-Allow-Origin': '*' } });
  network.allow(open.origin);
  serveCatalogue(
    open,
    shippedRecords().filter(({ id }) => id === 'toy-f32-GGUF'),
  );
  const frame = await openFrame(page, `${open.origin}/index.html`);
  await frame
    .getByRole('button', { name: /^Download/ })
    .last()
    .click();
  await expect(frame.getByText('does not store anything')).toBeVisible();
  await expect(frame.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible();
  await ask(frame, 'My name is Ada.', 'Nice to meet you, Ada.');
  await open.stop();
});
