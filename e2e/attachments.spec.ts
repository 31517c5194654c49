import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expectNoViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';

const NOTES = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('The harbour opens in spring.\n') };

/** One pixel, as PNG. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function chooser(page: { locator(selector: string): Locator }): Locator {
  return page.locator('alcove-attach input[type="file"]');
}

test('a document and a picture are attached, kept through a reload, sent, shown and saved', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await chooser(page).setInputFiles([NOTES, { name: 'boat.png', mimeType: 'image/png', buffer: PIXEL }]);
  const chips = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  await expect(chips).toHaveCount(2);
  await expect(chips.first()).toContainText('29 bytes · 5 words');
  await expect(page.getByText('Toy for llama.cpp does not see pictures: it gets only their names.')).toBeVisible();
  await expectNoViolations(page, 'attached files');
  await app.composer.fill('When does it open?');
  await page.reload();
  await app.expectOpen();
  await expect(chips).toHaveCount(2);
  await expect(app.composer).toHaveValue('When does it open?');
  await app.composer.press('Enter');
  await expect(app.answers).toHaveCount(1);
  await expect(app.answers.first().getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 90_000 });
  const question = app.questions.first();
  await expect(question.getByRole('button', { name: 'Show boat.png larger' })).toBeVisible();
  const { name, path } = await app.save(question.getByRole('button', { name: 'Save notes.txt' }));
  expect(name).toBe('notes.txt');
  expect(readFileSync(path)).toEqual(NOTES.buffer);
  await test.step('a picture is enlarged, and Escape goes back to it', async () => {
    const picture = question.getByRole('button', { name: 'Show boat.png larger' });
    await picture.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'boat.png' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'boat.png' })).toBeHidden();
    await expect(picture).toBeFocused();
  });
  await expectNoViolations(page, 'a message with files');
  await test.step('the document was read for the answer', async () => {
    await expect(app.answers.first().getByText(/notes\.txt was read/)).toBeVisible();
  });
});

test('files that cannot be attached say why at their chips, and nothing else is lost', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.composer.fill('What I have typed');
  const chips = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  const chip = (name: string): Locator => chips.filter({ hasText: name });
  await chooser(page).setInputFiles([
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'cut.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]) },
    { name: '../..\u202Egnp.exe.txt', mimeType: 'text/plain', buffer: NOTES.buffer },
  ]);
  await expect(chips).toHaveCount(3);
  await expect(chip('empty.txt')).toContainText('empty', { ignoreCase: true });
  await expect(chip('cut.jpg').getByRole('strong')).not.toBeEmpty();
  await expect(chips.nth(2)).toContainText('5 words');
  expect(await chips.nth(2).textContent()).not.toMatch(/\.\.\/|\u202E/);
  for (const remove of await chips.getByRole('button', { name: /^Remove / }).all()) await expect(remove).toBeVisible();
  await chooser(page).setInputFiles(
    Array.from({ length: 200 }, (_, index) => ({
      ...NOTES,
      name: `${index}.txt`,
      buffer: Buffer.from(`Note ${index}`),
    })),
  );
  await expect(page.getByText(/A message takes at most 20 files\. 18\d files were left out\./)).toBeVisible();
  await expect(chips).toHaveCount(20);
  await expect(app.composer).toHaveValue('What I have typed');
});
