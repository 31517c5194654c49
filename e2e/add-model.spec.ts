import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './support/fixtures.ts';

const TOY_GGUF = fileURLToPath(new URL('../public/models/toy/toy-f32.gguf', import.meta.url));

test('a GGUF from the disk is looked at, added, answers, and its header is shown first', async ({ app, page }) => {
  // A browser without handles: the file is lent for this visit.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showOpenFilePicker'));
  await app.open();
  await page.goto(`${page.url()}#add`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await (await chooser).setFiles({ name: 'my toy.gguf', mimeType: '', buffer: readFileSync(TOY_GGUF) });
  await expect(page.getByText('llama', { exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('My own toy');
  await page.getByRole('button', { name: 'Add it and use it' }).click();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
});
