import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';

test.describe('all as users have it', () => {
  test.use({ serviceWorkers: 'allow', threads: true });

  test('the first visit leads to a first answer, and later turns use the earlier ones', async ({ app, page }) => {
    await app.open();
    await expect(page.getByText(/Nothing you write leaves this device/)).toBeVisible();
    await app.tryToy();
    await app.ask('What is the capital of France?', 'The capital of France is Paris.');
    await app.newChat();
    await app.ask('My name is Ada.', 'Nice to meet you, Ada.');
    await app.ask('What is my name?', 'Your name is Ada.');
    await test.step('statistics are shown on demand', async () => {
      await app.showStatistics();
      await expect(page.getByText(/tokens\/s/).first()).toBeVisible();
      await expect(page.getByText(/first token/i).first()).toBeVisible();
    });
  });
});

test('stop keeps the text so far, and regenerate adds another answer as its sibling', async ({ app }) => {
  await app.open();
  await app.tryToy();
  const story = await HeldEngine.at(app.page, /On day two/);
  await app.send('Tell me a long story.');
  await story.reached();
  await app.expectAnswer('On day two');
  await app.stop();
  await app.expectAnswer('On day two');
  await expect(app.answers.last()).not.toContainText('The end.');
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.regenerate();
  await expect(app.page.getByText('2/2')).toBeVisible();
  await expect(app.answers.last()).toContainText('Two plus two is four.');
  await app.openChat('Tell me a long story.');
  await app.expectAnswer('On day two');
});

test('chats are listed, renamed, deleted, restored by Undo, and kept after a reload', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.newChat();
  await expect(app.answers).toHaveCount(0);
  await app.ask('What colour is the sky?', 'The sky is blue.');
  await app.renameChat('What is two plus two?', 'Sums');
  await expect(app.chats).toHaveText([/What colour is the sky\?/, /Sums/]);
  await app.deleteChat('Sums');
  await expect(app.chats).toHaveText([/What colour is the sky\?/]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(app.chats).toHaveText([/What colour is the sky\?/, /Sums/]);
  await page.reload();
  await expect(app.chats).toHaveText([/What colour is the sky\?/, /Sums/]);
  await app.openChat('Sums');
  await expect(app.answers).toHaveText([/Two plus two is four\./]);
  await test.step('chats continue after a reload', async () => {
    await app.ask('Thank you.', 'You are welcome.');
  });
});

test('Markdown is rendered, links stay inert until clicked, and code can be copied', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open();
  await app.tryLlamaToy();
  await app.send('Show me markdown.');
  const answer = app.answers.last();
  await app.expectAnswer('the page');
  await app.expectIdle();
  await expect(answer.getByRole('heading', { name: 'Title' })).toBeVisible();
  await expect(answer.getByRole('listitem')).toHaveText(['first', 'second']);
  await expect(answer.getByRole('columnheader')).toHaveText(['Name', 'Value']);
  await expect(answer.getByRole('cell')).toHaveText(['one', '1', 'two', '2']);
  await answer.locator('alcove-markdown').getByRole('button', { name: 'Copy' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.trim()).toBe('const x = 1;\nconsole.log(x);');
});
