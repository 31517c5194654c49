import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

const EXAMPLE = readFileSync(new URL('../examples/embed.html', import.meta.url), 'utf8');

/** Where the example takes the element from, to be replaced by the test's own site. */
const SCRIPT_ADDRESS = /https:\/\/[^"]+\/embed\/alcove-chat\.js/;

/** The example as another site's page, on an origin of its own and without headers of ours. */
async function serveExample(site: SiteServer): Promise<SiteServer> {
  const html = EXAMPLE.replace(SCRIPT_ADDRESS, `${site.origin}/embed/alcove-chat.js`);
  if (html === EXAMPLE) throw new Error('The example is not what this test takes it for.');
  const host = await SiteServer.start({ headers: false });
  host.serve('/embed.html', html, 'text/html');
  return host;
}

function modelRequests(site: SiteServer): readonly string[] {
  return site.requests.filter((path) => path.startsWith('/models/'));
}

async function ask(chat: Locator, question: string, answer: string): Promise<void> {
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill(question);
  await composer.press('Enter');
  await expect(chat.locator('article[part~="assistant"]').last()).toContainText(answer, { timeout: 60_000 });
}

test('a page of another origin embeds the element, which asks before it downloads and then answers', async ({
  site,
  page,
  network,
}) => {
  const host = await serveExample(site);
  network.allow(host.origin);
  await page.goto(`${host.origin}/embed.html`);
  const chat = page.locator('alcove-chat');
  await use(chat);
  const download = chat.getByRole('button', { name: /^download/i });
  await expect(download).toBeVisible();
  expect(modelRequests(site)).toEqual([]);
  await download.click();
  await ask(chat, 'What is the capital of France?', 'The capital of France is Paris.');
  await host.stop();
});
