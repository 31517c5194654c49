import type { Locator } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { readAnswers } from './support/answers.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';
import { storeChat } from './support/store-chat.ts';

const SUM = 'What is two plus two?';
const SKY = 'What colour is the sky?';
const WEEK = 'How many days are in a week?';
const WATER = 'What is water made of?';
const STORY = 'Tell me a long story.';

test('an edited question starts a branch beside the old one, and both exist after a reload', async ({ app }) => {
  const edited = await branchSecondQuestion(app);
  for (const visit of ['at once', 'after a reload']) {
    await test.step(visit, async () => {
      await app.expectBranch(edited, '2/2');
      await expect(app.questions).toContainText([SUM, WEEK]);
      await expect(app.answers).toContainText(['Two plus two is four.', 'There are seven days in a week.']);
      await app.toPreviousBranch(edited);
      await app.expectBranch(edited, '1/2');
      await expect(app.questions).toContainText([SUM, SKY]);
      await expect(app.answers).toContainText(['Two plus two is four.', 'The sky is blue.']);
      await app.toNextBranch(edited);
      await app.expectBranch(edited, '2/2');
    });
    await app.reopenChat(SUM);
  }
});

test('a deleted branch leaves the other, and Undo restores it permanently', async ({ app }) => {
  const edited = await branchSecondQuestion(app);
  await app.deleteFrom(edited);
  await expect(app.questions).toContainText([SUM, SKY]);
  await expect(edited.getByTitle('All branches')).toHaveCount(0);
  await app.undo();
  await app.expectBranch(edited, '2/2');
  await expect(app.questions).toContainText([SUM, WEEK]);
  await app.reopenChat(SUM);
  await app.expectBranch(edited, '2/2');
  await expect(app.answers).toContainText(['Two plus two is four.', 'There are seven days in a week.']);
  await test.step('a branch stays deleted without Undo', async () => {
    await app.deleteFrom(edited);
    await expect(app.questions).toContainText([SUM, SKY]);
    await app.reopenChat(SUM);
    await expect(app.questions).toContainText([SUM, SKY]);
    await expect(edited.getByTitle('All branches')).toHaveCount(0);
  });
});

test('a new chat from an answer continues separately, and the old one stays unchanged', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask(SUM, 'Two plus two is four.');
  await app.ask(SKY, 'The sky is blue.');
  await app.fork(app.answers.first());
  await expect(app.answers).toContainText(['Two plus two is four.']);
  await app.ask(WEEK, 'There are seven days in a week.');
  await app.renameChat(SUM, 'Days');
  await expect(app.chats).toHaveText([/Days/, /two plus two/]);
  await app.openChat(SUM);
  await expect(app.questions).toContainText([SUM, SKY]);
  await app.reopenChat(SUM);
  await expect(app.questions).toContainText([SUM, SKY]);
  await expect(app.answers).toContainText(['Two plus two is four.', 'The sky is blue.']);
  await app.openChat('Days');
  await expect(app.questions).toContainText([SUM, WEEK]);
  await expect(app.answers).toContainText(['Two plus two is four.', 'There are seven days in a week.']);
});

test('the search finds a chat by a word of an answer, and by the start of a word without its accents', async ({
  app,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('¿Qué tal?', 'Muy bien, gracias.');
  await app.renameChat('¿Qué tal?', 'Greeting');
  await app.newChat();
  await app.ask(WATER, 'Water is made of hydrogen and oxygen.');
  const expectFound = async (query: string, chats: readonly RegExp[]): Promise<void> => {
    await app.search.fill(query);
    await expect(app.chats).toHaveText(chats);
  };
  await expectFound('oxygen', [/What is water/]);
  await expectFound('gracias', [/Greeting/]);
  await expectFound('QUE ta', [/Greeting/]);
  await expectFound('hydrogen gracias', []);
  await expect(app.page.getByText('No matching chats.')).toBeVisible();
  await expectFound('', [/What is water/, /Greeting/]);
  await test.step('a new answer is found immediately, and all answers after a reload', async () => {
    await app.ask(SKY, 'The sky is blue.');
    await expectFound('blue', [/What is water/]);
    await app.page.reload();
    await expectFound('blu', [/What is water/]);
    await expectFound('que t', [/Greeting/]);
  });
});

test('a search result shows its matches, and opens the chat at the matching message on its branch', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask(SKY, 'The sky is blue.');
  for (const [question, answer] of [
    [SUM, 'Two plus two is four.'],
    [STORY, 'The end.'],
  ] as const) {
    await app.ask(question, answer);
  }
  await app.editQuestion(app.questions.first(), WATER);
  await app.expectAnswer('Water is made of hydrogen and oxygen.');
  await app.expectIdle();
  await app.archiveChat(WATER);
  await app.newChat();
  await app.search.fill('plús fóur');
  await expect(app.chats).toHaveText([/Two plus two is four\.\s*archived/]);
  await expect(app.chats.locator('mark')).toHaveText(['plus', 'four']);
  await app.chats.getByRole('button', { name: /Two plus two is four/ }).click();
  await expect(app.questions).toContainText([SKY, SUM, STORY]);
  const found = app.answers.filter({ hasText: 'Two plus two is four.' });
  await expect(found).toBeInViewport();
  await expect(app.page.locator('alcove-message:focus')).toContainText('Two plus two is four.');
  // The story continues below it: it is not the end that is shown.
  await expect(app.page.getByRole('button', { name: 'Scroll to the latest' })).toBeVisible();
});

test('a search result opens at its match in the middle of a long answer, and highlights it', async ({ app }) => {
  await app.open();
  const filler = 'Nothing of it is said here. '.repeat(12);
  const paragraphs = `${filler}\n\n`.repeat(6);
  const code = '```js\nconst song = "";\n```';
  const others = Array.from({ length: 20 }, () => filler);
  await storeChat(app.page, 'The sea', [
    'Short.',
    `${paragraphs}A **Whale** sings.\n\n${code}\n\n${paragraphs}`,
    ...others,
  ]);
  await app.page.reload();
  await app.search.fill('whal');
  await app.chats.getByRole('button', { name: /^The sea.*Whale/ }).click();
  // Nothing is drawn after the code's colours.
  await expect(app.page.locator('pre span span').first()).toBeVisible();
  await expect(app.page.getByText('Whale', { exact: true }).last()).toBeInViewport();
  const marked = () =>
    app.page.evaluate(() =>
      [...(CSS.highlights.get('alcove-search-highlight') ?? [])].map(
        ({ startContainer }) => startContainer.textContent,
      ),
    );
  await expect.poll(marked).toEqual(['Whale']);
  await app.composer.fill('What does it sing?');
  await expect.poll(marked).toEqual([]);
});

test('two tabs show the same chat as it grows, and concurrent changes are kept', async ({ app, context, site }) => {
  const other = new AlcovePage(await context.newPage(), site.origin);
  await app.open();
  await app.tryLlamaToy();
  await other.open();
  // A tab in the background draws a frame a second.
  await app.page.bringToFront();
  await app.ask(SUM, 'Two plus two is four.');
  await expect(other.chats).toHaveText([/two plus two/]);
  await other.openChat(SUM);
  await expect(other.answers).toContainText(['Two plus two is four.']);
  await app.ask(SKY, 'The sky is blue.');
  await expect(other.answers).toContainText(['Two plus two is four.', 'The sky is blue.']);
  await test.step('both tabs edit the same question', async () => {
    await app.beginEdit(app.questions.nth(1), WATER);
    await other.beginEdit(other.questions.nth(1), WEEK);
    await Promise.all([app, other].map((tab) => tab.sendEdited(tab.questions.nth(1))));
    await app.expectAnswer('Water is made of hydrogen and oxygen.');
    await other.expectAnswer('There are seven days in a week.');
  });
  await test.step('one tab renames the chat, and the other pins it', async () => {
    await app.renameChat(SUM, 'Shared');
    await expect(other.chats).toHaveText([/Shared/]);
    await other.page.bringToFront();
    await other.pinChat('Shared');
    await expect(app.pinnedChats).toHaveText([/Shared/]);
  });
  for (const tab of [app, other]) {
    await tab.page.bringToFront();
    await expect(tab.questions.nth(1).getByTitle('All branches')).toHaveText(/\/3$/);
    await tab.reopenChat('Shared');
    await expect(tab.pinnedChats).toHaveText([/Shared/]);
    const branches = await tab.openBranches(tab.questions.nth(1));
    for (const question of [SKY, WATER, WEEK]) await expect(branches.getByText(question)).toBeVisible();
  }
});

test('each chat keeps its unsent draft after a reload', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask(SUM, 'Two plus two is four.');
  await app.composer.fill('Of a chat');
  await app.newChat();
  await expect(app.composer).toHaveValue('');
  await app.composer.fill('Of no chat yet');
  await app.page.reload();
  await expect(app.composer).toHaveValue('Of no chat yet');
  await app.openChat(SUM);
  await expect(app.composer).toHaveValue('Of a chat');
  await test.step('the draft is deleted once it is sent', async () => {
    await app.ask(SKY, 'The sky is blue.');
    await app.reopenChat(SUM);
    await expect(app.answers).toHaveCount(2);
    await expect(app.composer).toHaveValue('');
  });
});

test('a page that is closed during an answer keeps the text so far', async ({ app, context, site }) => {
  await app.open();
  await app.tryLlamaToy();
  const story = await HeldEngine.at(app.page, /On day one/);
  await app.send(STORY);
  await story.reached();
  await app.expectAnswer('On day one');
  // Within a second of being shown it is on the disk, and nobody asks for it to be.
  await expect.poll(async () => (await readAnswers(app.page)).at(-1)?.text).toContain('On day one');
  expect((await readAnswers(app.page)).at(-1)?.status).toBe('streaming');
  await app.page.close();
  const reopened = new AlcovePage(await context.newPage(), site.origin);
  await reopened.open();
  await reopened.openChat(STORY);
  await reopened.expectAnswer('On day one');
  await expect(reopened.answers.last().getByText('Stopped. The answer so far is kept.')).toBeVisible();
  await expect(reopened.answers.last()).not.toContainText('The end.');
  await expect(reopened.answers.last().getByRole('button', { name: 'Continue the answer' })).toBeVisible();
});

test('a pin, tags and the archive are kept after a reload', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  for (const [question, answer] of [
    [SUM, 'Two plus two is four.'],
    [SKY, 'The sky is blue.'],
    [WEEK, 'There are seven days in a week.'],
  ] as const) {
    await app.newChat();
    await app.ask(question, answer);
  }
  await app.pinChat(SUM);
  await app.tagChat(SKY, 'nature, colours');
  await app.archiveChat(WEEK);
  for (const visit of ['at once', 'after a reload']) {
    await test.step(visit, async () => {
      await expect(app.pinnedChats).toHaveText([/two plus two/]);
      await expect(app.chats).toHaveText([/two plus two/, /colour is the sky\?\s*nature · colours/]);
      await expect(app.archive).toHaveText('1 archived chat');
    });
    await app.page.reload();
  }
  await app.tagFilter('nature').click();
  await expect(app.chats).toHaveText([/colour is the sky/]);
  await app.tagFilter('nature').click();
  await app.archive.click();
  await expect(app.chats).toHaveText([/two plus two/, /colour is the sky/, /days are in a week/]);
});

/** A chat of two questions, the second of which was edited. @returns the second */
async function branchSecondQuestion(app: AlcovePage): Promise<Locator> {
  const edited = app.questions.nth(1);
  await app.open();
  await app.tryLlamaToy();
  await app.ask(SUM, 'Two plus two is four.');
  await app.ask(SKY, 'The sky is blue.');
  await app.editQuestion(edited, WEEK);
  await app.expectAnswer('There are seven days in a week.');
  await app.expectIdle();
  return edited;
}
