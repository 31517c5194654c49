import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { agree } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

/** The blocks of the guide's section about policies, as a host page's author would copy them. */
const [POLICY = '', TRUSTED_TYPES = ''] = policies(
  readFileSync(new URL('../docs/embedding.md', import.meta.url), 'utf8'),
);

function policies(guide: string): readonly string[] {
  const section = guide.split(/^## /m).find((text) => text.startsWith('A content security policy'));
  return [...(section?.matchAll(/```text\n([^`]+)```/g) ?? [])].map(([, block = '']) => block.replaceAll('\n', ' '));
}

/** A page that allows nothing but what the guide says, and none of whose own code is inline. */
async function serveHost(
  site: SiteServer,
  model: string,
  policy: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SiteServer> {
  const host = await SiteServer.start({ headers: false });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script></head>
    <body><alcove-chat model="${model}"></alcove-chat></body></html>`;
  host.route('/', (_, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html',
      'Content-Security-Policy': `default-src 'none'; ${policy.replaceAll('https://your-alcove.example', site.origin)}`,
      ...headers,
    });
    response.end(html);
  });
  return host;
}

async function ask(chat: Locator, question: string): Promise<Locator> {
  await agree(chat);
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill(question);
  await composer.press('Enter');
  return chat.locator('article[part~="assistant"]').last();
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    addEventListener('securitypolicyviolation', (event) => {
      refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
});

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => Reflect.get(globalThis, 'refused'))).toEqual([]);
});

test('web-llm downloads and answers under the policy of the guide', async ({ site, page, network }) => {
  const host = await serveHost(site, 'toy-q0f32-MLC', POLICY);
  network.allow(host.origin);
  await page.goto(host.origin);
  const answer = await ask(page.locator('alcove-chat'), 'What is the capital of France?');
  await expect(answer).toContainText('The capital of France is Paris.', { timeout: 60_000 });
  await host.stop();
});

test('llama.cpp downloads and answers with formatted text under the policy with Trusted Types, isolated', async ({
  site,
  page,
  network,
}) => {
  const host = await serveHost(site, 'toy-f32-GGUF', `${POLICY} ${TRUSTED_TYPES}`, {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  network.allow(host.origin);
  await page.goto(host.origin);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const answer = await ask(page.locator('alcove-chat'), 'Show me markdown.');
  await expect(answer.locator('.formula .katex-html').first()).toBeVisible({ timeout: 60_000 });
  await expect(answer.locator('code span').first()).toBeVisible();
  await host.stop();
});
