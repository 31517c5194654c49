import { type BrowserContext, chromium, type Page } from '@playwright/test';
import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { AlcovePage } from './support/alcove-page.ts';
import { readAnswers } from './support/answers.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';
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

const STORY = storyOf(prompts);

function storyOf(all: readonly { readonly skill: string; readonly answer: string }[]): string {
  const story = all.find(({ skill }) => skill === 'story');
  if (story === undefined) throw new Error('The toy tells no story.');
  return story.answer;
}

const BEGINNING = /On day one the small boat/;

/** Asks for the story, and holds the engine when it has written the beginning. */
async function beginStory(app: AlcovePage): Promise<void> {
  const story = await HeldEngine.at(app.page, BEGINNING);
  await app.send('Tell me a long story.');
  await story.reached();
  await app.expectAnswer('On day one the small boat');
}

/** A browser of its own, for a test that takes its graphics card away: the second loss of a process is final. */
async function ownBrowser(watch: (context: BrowserContext) => void) {
  const browser = await chromium.launch(launchOptions());
  const context = await browser.newContext();
  watch(context);
  return { browser, page: await context.newPage() };
}

test('row 25: after a worker crash in an answer the model continues on the next backend without loss of text', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryBothToys();
  await beginStory(app);
  await inEngineWorker(page, 'self.close()');
  await app.expectOnProcessor();
  await app.expectBackendNotice('It stopped unexpectedly.');
  // llama.cpp continues where web-llm was cut off: the story equals the one without a fault, to the letter.
  await app.expectAnswer('The end.');
  await app.expectIdle();
  expect(await readAnswers(page)).toEqual([{ status: 'complete', text: STORY }]);
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

test('row 25: a worker that hangs in an answer restarts if no other backend exists, and the text is kept', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryToy();
  await beginStory(app);
  const load = await HeldEngine.at(page, 'loading');
  // Asked for now: a worker that hangs does not answer, and Playwright does not see its end.
  const again = await HeldEngine.at(page, BEGINNING);
  // Blocks endlessly, as an endless loop does, and leaves the core to other tests.
  await inEngineWorker(page, 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');
  await app.expectLoading();
  await load.release();
  await again.reached();
  // web-llm cannot continue a text: the answer is written again, beside the part.
  await expect.poll(async () => (await readAnswers(page)).length, { timeout: 60_000 }).toBe(2);
  await app.expectAnswer('On day one');
  await app.stop();
  await app.answers.last().getByRole('button', { name: 'Previous version' }).click();
  await expect(app.page.getByText('The model stopped responding')).toBeVisible();
  await app.expectAnswer('On day one');
});

test('rows 27 and 28: a lost graphics card is tried once more, and then the processor is used from there on', async ({
  site,
  network,
}) => {
  const { browser, page } = await ownBrowser((context) => network.watch(context));
  const app = new AlcovePage(page, site.origin);
  await app.open();
  await app.tryBothToys();
  await beginStory(app);
  const load = await HeldEngine.at(page, 'loading');
  await crashGpuProcess(browser);
  // A new adapter and device, weights from the store, the history read again: the answer is regenerated.
  await app.expectLoading();
  await expect(app.backendNotice).toBeHidden();
  const again = await HeldEngine.at(page, BEGINNING);
  await load.release();
  await again.reached();
  await expect.poll(async () => (await readAnswers(page)).length, { timeout: 60_000 }).toBe(2);
  await app.expectAnswer('On day one');
  await crashGpuProcess(browser);
  await app.expectOnProcessor();
  await app.expectBackendNotice('The graphics card was lost more than once.');
  await app.expectAnswer('The end.');
  await app.expectIdle();
  const [part, whole] = await readAnswers(page);
  expect(part?.status).toBe('failed');
  expect(STORY.startsWith(part?.text ?? 'nothing')).toBe(true);
  expect(whole).toEqual({ status: 'complete', text: STORY });
  await app.answers.last().getByRole('button', { name: 'Previous version' }).click();
  await expect(app.answers.last().getByText('The graphics card was lost')).toBeVisible();
  await app.expectAnswer('On day one');
  // Remembered: the next visit begins where this one continued.
  await page.reload();
  await app.expectOpen();
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await page.getByTitle('Requests from this page').click();
  await expect(page.locator('alcove-backend-panel li[aria-current="true"]')).toContainText('On the processor');
  await expect(page.getByRole('button', { name: 'Try the graphics card again' })).toBeVisible();
  await browser.close();
});
