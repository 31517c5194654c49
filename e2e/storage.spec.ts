import { TOY_NAME } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';

test('the storage page lists what is stored, with its size, use and check, and says what a deletion has freed', async ({
  app,
}) => {
  await app.open();
  await app.tryToy();
  await app.openPlace('Storage');
  const card = app.page.getByRole('main').getByRole('article', { name: TOY_NAME });
  await expect(card).toContainText('7.3 MB · Not used yet · checked today');
  await expect(app.page.getByRole('heading', { name: 'Models, 7.3 MB' })).toBeVisible();
  await expect(app.page.getByText(/in use/)).toBeVisible();
  await card.getByRole('button', { name: 'Check files' }).click();
  await expect(app.page.getByText('All files are as they should be.')).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await expect(card.getByRole('button', { name: 'Keep' })).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await expect(app.page.getByText('Deleted: 7.3 MB are free again.')).toBeVisible();
  await expect(app.page.getByText('No model is stored.')).toBeVisible();
});

test('what web-llm and wllama left is found, named with its size, and removed on a word', async ({ app }) => {
  await app.open();
  await app.page.evaluate(async () => {
    const bytes = new Uint8Array(3_000_000);
    const cache = await caches.open('webllm/model');
    const headers = { 'Content-Length': String(bytes.length) };
    await cache.put('/params_shard_0.bin', new Response(bytes, { headers }));
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cache', { create: true });
    const file = await (await folder.getFileHandle('model.gguf', { create: true })).createWritable();
    await file.write(bytes);
    await file.close();
  });
  await app.openPlace('Storage');
  await expect(app.page.getByText('webllm/model · 3 MB')).toBeVisible();
  await expect(app.page.getByText('cache · 3 MB')).toBeVisible();
  const remove = app.page.getByRole('button', { name: 'Remove', exact: true });
  await remove.first().click();
  await remove.first().click();
  await expect(app.page.getByText('webllm/model')).toBeHidden();
  await expect(app.page.getByText('cache · 3 MB')).toBeVisible();
  expect(await app.page.evaluate(() => caches.has('webllm/model'))).toBe(false);
});
