import type { BrowserContext } from '@playwright/test';
import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { AlcovePage, LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { readAnswers } from './support/answers.ts';
import { expect, test } from './support/fixtures.ts';
import { freeze } from './support/freezing-browser.ts';
import { HeldEngine } from './support/held-engine.ts';
import type { SiteServer } from './support/site-server.ts';

const STORY = prompts.find(({ skill }) => skill === 'story')?.answer ?? 'The toy tells no story.';

test('row 31: memory pressure during an answer loses nothing of it, and the next one works', async ({
  app,
  context,
  page,
}) => {
  await app.open();
  await app.download(LLAMA_TOY_NAME);
  await app.expectStored(LLAMA_TOY_NAME);
  const story = await HeldEngine.at(page, /On day one/);
  await app.send('Tell me a long story.');
  await story.reached();
  await app.expectAnswer('On day one');
  const session = await context.newCDPSession(page);
  await session.send('Memory.simulatePressureNotification', { level: 'critical' });
  await story.release();
  await app.expectAnswer('The end.');
  await app.expectIdle();
  expect(await readAnswers(page)).toEqual([{ status: 'complete', text: STORY }]);
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

/** A tab in the middle of an answer, and another one in front of it. */
async function answerInBackground(freezing: BrowserContext, site: SiteServer) {
  const app = new AlcovePage(await freezing.newPage(), site.origin);
  await app.open();
  await app.tryLlamaToy();
  const story = await HeldEngine.at(app.page, /On day one/);
  await app.send('Tell me a long story.');
  await story.reached();
  await app.expectAnswer('On day one');
  const other = new AlcovePage(await freezing.newPage(), site.origin);
  await other.open();
  return { app, story, other };
}

test('row 31: a tab that was frozen in the middle of an answer continues it', async ({ freezing, site }) => {
  const { app, story } = await answerInBackground(freezing, site);
  const resume = await freeze(app.page);
  await resume();
  await story.release();
  await app.page.bringToFront();
  await app.expectAnswer('The end.');
  await app.expectIdle();
  expect(await readAnswers(app.page)).toEqual([{ status: 'complete', text: STORY }]);
});

test('row 31: a tab that is frozen in the middle of an answer is reported, another takes over, and the answer continues there', async ({
  freezing,
  site,
}) => {
  const { app, other } = await answerInBackground(freezing, site);
  const resume = await freeze(app.page);
  await other.askAndTakeOver('What colour is the sky?', 'The sky is blue.');
  // What the frozen tab hears of it begins nothing there that keeps others from the store.
  await expect.poll(() => readAnswers(other.page)).toContainEqual({ status: 'complete', text: 'The sky is blue.' });

  await resume();
  await app.page.bringToFront();
  await app.expectAnswer('The end.');
  await app.expectIdle();
  const answers = await readAnswers(app.page);
  expect(answers).toContainEqual({ status: 'complete', text: STORY });
  expect(answers).toHaveLength(2);
  // The toy answers the next question of its story's chat with nonsense.
  await app.page.getByRole('button', { name: 'New chat', exact: true }).click();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await other.page.bringToFront();
  await other.ask('What is two plus two?', 'Two plus two is four.');
});
