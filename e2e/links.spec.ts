import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { ATTACKING_ANSWERS } from './support/attacking-answers.ts';
import { toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { storeChat } from './support/store-chat.ts';
import { launchOptions } from './support/test-browser.ts';

const ANSWER = `[hover me](https://hovered.test/) and [press me](https://pressed.test/) and [ask me](https://asked.test/${'af'.repeat(80)})`;

test('a link asks neither DNS nor its host before it is pressed, nor does a question about one', async ({ site }) => {
  const folder = await mkdtemp(join(tmpdir(), 'alcove-links-'));
  const log = join(folder, 'net-log.json');
  // Names under .test never resolve (RFC 6761): they may go to the resolver, which the browser's log shows.
  const { args = [], ...options } = launchOptions({ resolverRules: 'EXCLUDE *.test' });
  const quiet = '--disable-background-networking';
  const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    serviceWorkers: 'block',
    ...options,
    // Under this flag, which Playwright sets too, Chromium looks up no host in advance.
    ignoreDefaultArgs: [quiet],
    args: [...args.filter((flag) => flag !== quiet), `--log-net-log=${log}`],
  });
  const page = await browser.newPage();
  const app = new AlcovePage(page, site.origin);
  await app.open();
  const [first, ...others] = ATTACKING_ANSWERS;
  await storeChat(page, 'Attacks', [`${ANSWER}\n\n***\n\n${first}`, ...others]);
  await page.reload();

  // Every host of the attacks is evil.test; all of their links are in the page, and two are under the pointer.
  await app.openChat('Attacks');
  await expect(page.locator('alcove-markdown [data-href*="evil.test"]').first()).toBeAttached();
  for (const link of ['first', 'last'] as const) await page.locator('[data-href*="evil.test"]')[link]().hover();
  await page.getByRole('link', { name: 'hover me' }).hover();
  await page.getByRole('link', { name: 'ask me' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Open' }).hover();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  // Nor does what is written while it is shown, an address from outside, or a model that a link describes.
  await page.getByRole('textbox', { name: 'Message' }).fill(`${ANSWER} ![x](https://typed.test/x.png)`);
  await page.getByRole('textbox', { name: 'Message' }).fill('');
  await page.goto(`${site.origin}/#add=from:${encodeURIComponent('https://shared.test/model.gguf')}`);
  await expect(page.getByRole('textbox', { name: 'Repository or address' })).toHaveValue(
    'https://shared.test/model.gguf',
  );
  const { engine, source, ...toy } = toyRecord();
  const licence = { name: 'Theirs', url: 'https://licence.test/' };
  const files = [{ path: 'a.gguf', url: 'https://files.test/a.gguf', sizeBytes: 1_000 }];
  const record = { ...toy, engine: 'wllama', licence, source: { kind: 'url', revision: '1', files } };
  await page.goto(`${site.origin}/#add=${Buffer.from(JSON.stringify(record)).toString('base64url')}`);
  await expect(page.getByText(/files\.test/).first()).toBeVisible();
  await app.openChat('Attacks');

  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'press me' }).click();
  await opened;
  await browser.close();

  const seen = new Set((await readFile(log, 'utf8')).match(/[\w.-]+\.test\b/g));
  await rm(folder, { recursive: true });
  // The log shows the press, so it would show the others.
  expect([...seen]).toEqual(['pressed.test']);
});
