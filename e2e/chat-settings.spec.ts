import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { type AlcovePage, LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { serveCatalogue, shippedRecords } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import type { SiteServer } from './support/site-server.ts';

test('a persona changes the answers, and a setting applies to the next answer without another load', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryToy();
  const panel = await app.openChatPanel();
  // As the toy's own file says, which is read before the model is loaded.
  await expect(panel.getByRole('spinbutton', { name: 'Temperature' })).toHaveValue('0');
  await panel.getByRole('button', { name: /^Otto, a pirate/ }).click();
  await expect(panel.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You are Otto, a pirate.');
  // The settings stay open beside the chat.
  await app.ask('Who are you?', 'Arr! I am Otto the pirate.');
  await expect(panel).toBeVisible();

  const workers = page.workers().length;
  const longest = panel.getByRole('spinbutton', { name: /^Maximum answer length/ });
  await longest.fill('0');
  await longest.blur();
  await expect(panel.getByText('A whole number from 1 to 1,000,000.')).toBeVisible();
  await longest.fill('3');
  await longest.blur();
  await panel.getByText('More about sampling').click();
  await expect(panel.getByRole('spinbutton', { name: /^Top-k/ })).toBeDisabled();
  await app.closeChatPanel();
  await app.ask('Tell me a long story.', '');
  expect(page.workers()).toHaveLength(workers);
  await test.step('the setting is shown on the answer', async () => {
    await app.showStatistics();
    await expect(app.answers.last().getByText('3 tokens', { exact: true })).toBeVisible();
    await expect(app.answers.last().getByText('web-llm')).toBeVisible();
  });
  await test.step('the persona and the setting apply after a reload', async () => {
    await page.reload();
    await app.openChat('Who are you?');
    await app.openChatPanel();
    await expect(longest).toHaveValue('3');
  });
});

/** Some forty tokens, and an answer that the toy was taught. */
const QUESTION =
  'Context:\nThe box holds a mirror.\nThe secret word is bamboo.\nThe door is made of candle.\n\nQuestion: What is the secret word?';

/** Chats with a toy that reads 300 tokens until there is no room for another question. */
async function fillWindow(app: AlcovePage, site: SiteServer): Promise<Locator> {
  const toy = shippedRecords().find(({ name }) => name === LLAMA_TOY_NAME);
  if (toy === undefined) throw new Error('The catalogue has no toy for llama.cpp.');
  serveCatalogue(site, [{ ...toy, contextWindow: 300, trainedContextWindow: 300 }]);
  await app.open();
  await app.tryLlamaToy();
  const choice = app.page.getByRole('alertdialog', { name: 'The context window is full' });
  for (let count = 0; count < 10 && !(await choice.isVisible()); count++) {
    await app.send(QUESTION);
    const answered = app.answers.nth(count).getByRole('button', { name: 'Statistics' });
    await expect(choice.or(answered)).toBeVisible({ timeout: 90_000 });
    await expect(app.page.getByRole('button', { name: /of 300 tokens/ })).toBeVisible();
  }
  await expect(choice).toBeVisible();
  await expect(app.composer).toHaveValue(QUESTION);
  return choice;
}

test('a full context window asks the user, and a summary that the chat shows frees space', async ({
  app,
  page,
  site,
}) => {
  const choice = await fillWindow(app, site);
  const before = await app.answers.count();
  await choice.getByRole('button', { name: 'Summarise the oldest part' }).click();
  await expect(page.getByText('Summary: for the model, it replaces the messages above')).toBeVisible({
    timeout: 90_000,
  });
  await expect(app.answers).not.toHaveCount(before);
  await app.expectIdle();
  await expect(app.composer).toHaveValue('');
});

test('a full context window asks the user, and a new chat continues with a summary while the old one stays', async ({
  app,
  page,
  site,
}) => {
  const choice = await fillWindow(app, site);
  const before = await app.answers.count();
  await choice.getByRole('button', { name: 'Continue in a new chat with a summary' }).click();
  await expect(page.getByText(/^Started from “/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('Summary: for the model, it replaces the messages above')).toBeVisible();
  await expect(app.questions).toHaveCount(1);
  await app.expectIdle();
  await expect(app.chats).toHaveCount(2);
  await app.chats.last().getByRole('button').first().click();
  await expect(app.answers).toHaveCount(before);
});

test('the model titles a chat if that is set, and the prompt is still reused', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.openSettings();
  await page
    .getByRole('combobox', { name: 'Titles of chats' })
    .selectOption({ label: 'By the model, after its first answer' });
  await page.getByRole('button', { name: 'Back to the chat' }).click();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await expect(app.chats).toHaveCount(1);
  await expect(app.chats).not.toHaveText(/What is the capital of France/);
  await app.ask('My name is Ada.', 'Ada');
  // A prompt whose beginning is long enough to tell of.
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.showStatistics();
  await expect(page.getByText(/ reused$/)).toBeVisible();
});

test('chats are exported plain and encrypted, and imported unchanged after everything was deleted', async ({
  app,
  context,
  page,
  site,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await app.renameChat('What is the capital of France?', 'Capitals');
  await app.openSettings();
  const save = page.getByRole('button', { name: 'Save all chats' });
  const plain = await app.save(save);
  expect(plain.name).toMatch(/\.json$/);
  await page.getByRole('checkbox', { name: 'Encrypt it with a passphrase' }).check();
  await page.locator('input[name="passphrase"]').fill('correct horse battery');
  const encrypted = await app.save(save);
  expect(encrypted.name).toMatch(/\.json\.age$/);

  const clear = async (): Promise<void> => {
    await app.deleteChat('Capitals');
    await expect(app.chats).toHaveCount(0);
    await page.reload();
    await app.openSettings();
  };
  const file = page.locator('alcove-import-export input[type="file"]');
  await clear();
  await file.setInputFiles(plain.path);
  await expect(page.getByText('From Alcove: 1 chat was added.')).toBeVisible();
  await app.openChat('Capitals');
  await expect(app.answers).toHaveText([/The capital of France is Paris\./]);

  await clear();
  await file.setInputFiles(encrypted.path);
  const passphrase = page.getByLabel('Passphrase of this backup');
  await passphrase.fill('wrong horse');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText('That is not the passphrase of this file.')).toBeVisible();
  await passphrase.fill('correct horse battery');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText('From Alcove: 1 chat was added.')).toBeVisible();
  await app.openChat('Capitals');
  await expect(app.answers).toHaveText([/The capital of France is Paris\./]);

  await test.step('one chat is saved as a page for reading and printing that makes no request', async () => {
    const panel = await app.openChatPanel();
    const saved = await app.save(panel.getByRole('button', { name: 'As a web page' }));
    expect(saved.name).toBe('Capitals.html');
    site.serve('/saved.html', readFileSync(saved.path, 'utf8'), 'text/html');
    const reader = await context.newPage();
    await reader.goto(`${site.origin}/saved.html`);
    const requests = site.requests.length;
    await reader.emulateMedia({ media: 'print' });
    await expect(reader.getByRole('heading', { name: 'Capitals' })).toBeVisible();
    await expect(reader.getByText('What is the capital of France?')).toBeVisible();
    await expect(reader.getByText('The capital of France is Paris.')).toBeVisible();
    await expect(reader.getByRole('button')).toHaveCount(0);
    const paper = await reader.pdf();
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    expect(site.requests.slice(requests)).toEqual([]);
    await reader.close();
    await app.closeChatPanel();
  });
  await test.step('one chat is saved as Markdown', async () => {
    const panel = await app.openChatPanel();
    const markdown = await app.save(panel.getByRole('button', { name: 'As Markdown' }));
    expect(markdown.name).toBe('Capitals.md');
  });
});
