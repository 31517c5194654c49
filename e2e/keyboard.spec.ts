import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';
import { Keyboard } from './support/keyboard.ts';

// The walk in docs/accessibility.md, step by step, and no other input than keys.
test('the keyboard alone operates the whole app, and the focus returns from everything that is closed', async ({
  app,
  page,
  context,
}) => {
  const keyboard = new Keyboard(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  /** In the palette, by the first letters. */
  const find = async (words: string): Promise<void> => {
    await keyboard.press('Control+k');
    await keyboard.expectAt(/^Find a command/);
    await keyboard.type(words);
    await keyboard.press('Enter');
  };
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await app.open();

  await test.step('the keyboard leads from the first page to a model', async () => {
    await expect(app.downloadButton('Toy, to try the app')).toBeVisible();
    await keyboard.tabTo(/^Models$/);
    await keyboard.tabTo(/^Models$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Search models$/);
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await expect(app.models).toBeVisible();
    await keyboard.tabTo(/^Download/, { within: /^Toy for llama\.cpp/ });
    await keyboard.press('Enter');
    await app.expectStored('Toy for llama.cpp');
    // It stands in another section now.
    await keyboard.expectAt(/^Toy for llama\.cpp$/);
    await keyboard.press('Escape');
    await expect(app.models).toBeHidden();
    await expect(app.composer).toBeFocused();
  });

  await test.step('a question is sent and answered', async () => {
    await keyboard.type('What is two plus two?');
    await keyboard.press('Enter');
    await app.expectAnswer('Two plus two is four.');
    await app.expectIdle();
    await expect(app.composer).toBeFocused();
  });

  await test.step('an answer is stopped', async () => {
    const story = await HeldEngine.at(page, /On day one/);
    await keyboard.type('Tell me a long story.');
    await keyboard.press('Enter');
    await story.reached();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await keyboard.press('Escape');
    await expect(app.answers.last().getByText('Stopped. The answer so far is kept.')).toBeVisible();
    await expect(app.composer).toBeFocused();
  });

  await test.step('another answer is generated, and the previous one is shown again', async () => {
    await keyboard.tabTo(/^Answer again$/, { back: true });
    const story = await HeldEngine.at(page, /On day one/);
    await keyboard.press('Enter');
    await story.reached();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await keyboard.press('Escape');
    await app.expectIdle();
    await app.expectBranch(app.answers.last(), '2/2');
    // What was pressed was away for as long as the answer was written.
    await keyboard.expectAt(/Stopped\. The answer so far is kept\./);
    await keyboard.tabTo(/^Previous version$/);
    await keyboard.press('Enter');
    await app.expectBranch(app.answers.last(), '1/2');
    await keyboard.expectAt(/^Previous version$/);
  });

  await test.step('the list of branches shows another branch', async () => {
    await keyboard.tabTo(/^1\/2$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Close$/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^1\/2$/);
  });

  await test.step('a question is edited', async () => {
    await keyboard.tabTo(/^Edit$/, { back: true, within: /^You/ });
    await keyboard.press('Enter');
    await keyboard.expectAt(/^New text of the message$/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^Edit$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^New text of the message$/);
    await keyboard.press('Control+a');
    await keyboard.type('What colour is the sky?');
    await keyboard.press('Control+Enter');
    await app.expectAnswer('The sky is blue.');
    await app.expectIdle();
    await app.expectBranch(app.questions.last(), '2/2');
    await keyboard.expectAt(/^(Edit$|You)/);
  });

  await test.step('an answer is copied', async () => {
    await keyboard.tabTo(/^Answer again$/);
    await keyboard.tabTo(/^Copy$/, { back: true });
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Copied$/);
    expect(await copied()).toBe('The sky is blue.');
    await keyboard.tabTo(/^More$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Copy as formatted text$/);
    await keyboard.press('ArrowDown', 'ArrowDown');
    await keyboard.expectAt(/^New chat from here$/);
    await keyboard.press('ArrowDown');
    await keyboard.expectAt(/^All branches$/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^More$/);
  });

  await test.step('chats are searched, renamed and tagged', async () => {
    await keyboard.tabTo(/^Search all chats$/, { back: true });
    await keyboard.type('blue');
    await expect(app.chats).toHaveText([/two plus two/]);
    await keyboard.tabTo(/^What is two plus two\?The sky is blue/);
    await keyboard.press('Enter');
    // On the message that was found.
    await keyboard.expectAt(/^Toy for llama\.cpp$/);
    await keyboard.tabTo(/^Search all chats$/, { back: true });
    await keyboard.press('Control+a', 'Delete');
    await keyboard.tabTo(/^More for What is two/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Rename$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Name of the chat$/);
    await keyboard.type('Sums and colours');
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Sums and colours$/);
    await keyboard.tabTo(/^More for Sums/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Rename$/);
    await keyboard.press('ArrowDown', 'ArrowDown');
    await keyboard.expectAt(/^Tags$/);
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Tags, separated by/);
    await keyboard.type('toys');
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Sums and colours\s?toys$/);
  });

  await test.step('the list of shortcuts and the palette open', async () => {
    await keyboard.press('?');
    await keyboard.expectAt(/^Close$/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^Sums and colours/);
    await keyboard.press('Control+k');
    await keyboard.expectAt(/^Find a command/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^Sums and colours/);
  });

  await test.step('a setting changes, and all chats are saved', async () => {
    await find('settings');
    await keyboard.expectAt(/^Settings$/);
    await expect(page.getByRole('heading', { name: 'All chats', level: 2, exact: true })).toBeVisible();
    await keyboard.tabTo(/^Normal$/);
    await keyboard.press('ArrowRight');
    await keyboard.expectAt(/^Large$/);
    await expect(page.locator('html')).toHaveAttribute('data-text-size', 'large');
    await keyboard.press('ArrowLeft');
    await keyboard.tabTo(/^Save all chats$/);
    const [download] = await Promise.all([page.waitForEvent('download'), keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    await keyboard.press('Escape');
    await expect(app.composer).toBeFocused();
  });

  await test.step('one model opens, and two are compared', async () => {
    await find('models');
    await keyboard.expectAt(/^Models$/);
    await keyboard.tabTo(/^Search models$/);
    await keyboard.type('qwen3.5');
    await keyboard.tabTo(/^Compare Qwen/);
    await keyboard.press('Space');
    await keyboard.tabTo(/^Compare Qwen/);
    await keyboard.press('Space');
    await keyboard.tabTo(/^Compare 2$/, { back: true });
    await keyboard.press('Enter');
    await expect(page.getByRole('table', { name: 'Compare models' })).toBeVisible();
    await keyboard.expectAt(/^All models$/);
    await keyboard.press('Escape');
    await keyboard.expectAt(/^Compare 2$/);
    await keyboard.press('Escape');
    await expect(app.composer).toBeFocused();
  });

  await test.step('a model is deleted on the storage page', async () => {
    await find('storage');
    await keyboard.expectAt(/^Storage$/);
    await keyboard.tabTo(/^Delete$/);
    await keyboard.press('Enter');
    // What is safe comes first.
    await keyboard.expectAt(/^Cancel$/);
    await keyboard.tabTo(/^Delete$/, { back: true });
    await keyboard.press('Enter');
    await keyboard.expectAt(/^Models$/);
    await expect(page.getByText('No models yet.')).toBeVisible();
    await keyboard.press('Escape');
    await expect(app.composer).toBeFocused();
  });
});
