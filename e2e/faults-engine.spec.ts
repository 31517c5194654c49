import { chromium, type Page } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';
import { crashGpuProcess, launchOptions } from './support/test-browser.ts';

/** Runs in the engine's worker; an answer is not to be waited for, for the worker may be gone. */
async function inEngineWorker(page: Page, script: string): Promise<void> {
  // Its address is that of a Blob: it is known by its name. Others may have ended, and give no answer.
  const engine = await Promise.any(
    page.workers().map(async (worker) => {
      const name = await worker.evaluate(() => self.name);
      if (name !== 'alcove-webllm') throw new Error(name);
      return worker;
    }),
  );
  void engine.evaluate(script).catch(() => {});
}

test('row 25: the engine’s worker dies in an answer: the text stays, is marked, and the next message is answered', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryToy();
  await app.send('Tell me a long story.');
  await app.expectAnswer('On day one');
  await inEngineWorker(page, 'self.close()');
  await expect(app.page.getByText('The model stopped unexpectedly')).toBeVisible();
  await app.expectAnswer('On day one');
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

test('row 25: the engine’s worker hangs in an answer: it is ended in time, and the next message is answered', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryToy();
  await app.send('Tell me a long story.');
  await app.expectAnswer('On day one');
  await inEngineWorker(page, 'for (;;);');
  await expect(app.page.getByText('The model stopped responding')).toBeVisible({ timeout: 30_000 });
  await app.expectAnswer('On day one');
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

test('row 27: the graphics card is lost in an answer: the text stays, and the next message is answered', async ({
  site,
  network,
}) => {
  // A browser of its own: the second loss of a process is final.
  const browser = await chromium.launch(launchOptions());
  const context = await browser.newContext();
  network.watch(context);
  const app = new AlcovePage(await context.newPage(), site.origin);
  await app.open();
  await app.tryToy();
  await app.send('Tell me a long story.');
  await app.expectAnswer('On day one');
  await crashGpuProcess(browser);
  await expect(app.page.getByText('The graphics card was taken away')).toBeVisible();
  await app.expectAnswer('On day one');
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await browser.close();
});
