import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { readAnswers } from './support/answers.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';

const STORY = prompts.find(({ skill }) => skill === 'story')?.answer ?? 'The toy tells no story.';

// Row 31 is also about a frozen page: no command freezes one that is in view, and headless Chromium has every page in view.
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
