import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { ATTACKING_ANSWERS } from './support/attacking-answers.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';
import { storeChat } from './support/store-chat.ts';

test.use({ serviceWorkers: 'allow' });

const ANSWER = 'Energy[^1] is $E = mc^2$.\n\n```python\n# tide.py\nprint("low")\n```\n\n[^1]: A *footnote*.\n';

/** What the page's content security policy has refused so far. */
async function watchPolicy(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    addEventListener('securitypolicyviolation', (event) => {
      refused.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { refused: string[] }).refused);
}

async function expectDrawn(page: Page): Promise<void> {
  await expect(page.locator('.formula .katex-html')).toBeVisible();
  await expect(page.locator('code .string')).toHaveText('"low"');
  await expect(page.getByRole('button', { name: 'Footnote 1', exact: true })).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.fonts].some(({ family, status }) => /KaTeX/.test(family) && status === 'loaded'),
      ),
    )
    .toBe(true);
}

test('formulas, their fonts and coloured code work under the page’s policy and offline', async ({
  app,
  page,
  context,
  site,
}) => {
  const refusals = await watchPolicy(page);
  await app.open();
  await storeChat(page, 'Energy', [ANSWER]);
  await app.expectOfflineReady();
  await page.reload();
  await app.openChat('Energy');
  await expectDrawn(page);
  expect(await refusals()).toEqual([]);
  await site.stop();
  await context.setOffline(true);
  const second = new AlcovePage(await context.newPage(), site.origin);
  await second.open();
  await second.openChat('Energy');
  await expectDrawn(second.page);
});

test('a chat with all attacks causes no request, no policy violation and no dialog', async ({ app, page, network }) => {
  const refusals = await watchPolicy(page);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await app.open();
  await app.expectOfflineReady();
  await storeChat(page, 'Attacks', ATTACKING_ANSWERS);
  await page.reload();
  await app.expectOpen();
  const mark = network.count;
  await app.openChat('Attacks');
  await expect(app.answers).toHaveCount(ATTACKING_ANSWERS.length);
  await app.answers.first().scrollIntoViewIfNeeded();
  await app.answers.last().scrollIntoViewIfNeeded();
  await expect(page.locator('.formula .katex-html').first()).toBeAttached();
  // Besides the app's own files, and the page's icon, which the browser reads again when the address changes.
  expect(network.since(mark).filter((request) => !/\/assets\/|\/icons\/icon\.svg$/.test(String(request)))).toEqual([]);
  expect(await refusals()).toEqual([]);
  expect(dialogs).toEqual([]);
});

test('formulas and code are styled also on a page of another origin', async ({ page, site, network }) => {
  const host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
  host.serve('/page.html', '<!doctype html><title>Host</title><link rel="icon" href="data:," />', 'text/html');
  await page.goto(`${host.origin}/page.html`);
  const manifest: Readonly<Record<string, { readonly file: string }>> = JSON.parse(
    readFileSync(new URL('../dist/.vite/manifest.json', import.meta.url), 'utf8'),
  );
  const parts = manifest['src/ui/markdown/answer-parts.ts']?.file;
  await page.evaluate(
    async ([address, text]) => {
      await import(address);
      const view = Object.assign(document.createElement('alcove-markdown'), { text });
      document.body.append(view);
    },
    [`${site.origin}/${parts}`, ANSWER] as const,
  );
  await expectDrawn(page);
  await host.stop();
});
