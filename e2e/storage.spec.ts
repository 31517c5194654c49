import { createHash } from 'node:crypto';
import type { ModelRecord } from '../src/models/model-record.ts';
import { LLAMA_TOY_NAME, TOY_NAME } from './support/alcove-page.ts';
import { serveCatalogue, shippedRecords, toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { MIB } from './support/model-host.ts';
import { readStored } from './support/stored.ts';
import { allowPersistence, clearSiteData, limitSpace, overrideQuota } from './support/test-browser.ts';

test('the storage page lists each model with its size, use and check, and reports the space that a deletion freed', async ({
  app,
}) => {
  await app.open();
  await app.tryToy();
  await app.openPage('Storage');
  const card = app.page.getByRole('main').getByRole('article', { name: TOY_NAME });
  await expect(card).toContainText('7 MB');
  await expect(card).toContainText('Not used yet · checked today · web-llm (graphics card)');
  await expect(app.page.getByRole('heading', { name: 'Models, 7 MB' })).toBeVisible();
  await expect(app.page.getByText(/in use/)).toBeVisible();
  await card.getByRole('button', { name: 'Check files' }).click();
  await expect(app.page.getByText('All files are intact.')).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await expect(card.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await expect(app.page.getByText('Deleted. This frees 7 MB.')).toBeVisible();
  await expect(app.page.getByText('No models yet.')).toBeVisible();
});

test('the caches of web-llm and wllama are listed with their sizes, and deleted after a confirmation', async ({
  app,
}) => {
  await app.open();
  await app.page.evaluate(async () => {
    const bytes = new Uint8Array(3_000_000);
    const cache = await caches.open('webllm/model');
    const headers = { 'Content-Length': String(bytes.length) };
    await cache.put('/params_shard_0.bin', new Response(bytes, { headers }));
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cache', { create: true });
    const file = await (await folder.getFileHandle(`${'0'.repeat(40)}_model.gguf`, { create: true })).createWritable();
    await file.write(bytes);
    await file.close();
  });
  await app.openPage('Storage');
  await expect(app.page.getByText('webllm/model · 3 MB')).toBeVisible();
  await expect(app.page.getByText('cache · 3 MB')).toBeVisible();
  const remove = app.page.getByRole('button', { name: 'Remove', exact: true });
  await remove.first().click();
  await remove.first().click();
  await expect(app.page.getByText('webllm/model')).toBeHidden();
  await expect(app.page.getByText('cache · 3 MB')).toBeVisible();
  expect(await app.page.evaluate(() => caches.has('webllm/model'))).toBe(false);
});

test('the storage page lists the chats, and asks the browser for persistent storage on a click', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.openPage('Storage');
  await expect(page.getByText('1 chat, stored on this device.')).toBeVisible();
  await expect(page.getByText('The browser may remove models and chats when space runs low.')).toBeVisible();
  // Headless Chromium says no, and later, as a browser with the site installed does, yes.
  const ask = page.getByRole('button', { name: 'Ask the browser to keep them' });
  await ask.click();
  await expect(page.getByText('The browser declined.')).toBeVisible();
  // Once it is allowed, Chromium says so before it is asked, and the question would go.
  await page.evaluate(() => {
    const { storage } = navigator;
    storage.persist = async () => {
      storage.persisted = async () => true;
      return true;
    };
  });
  await ask.click();
  await expect(page.getByText('The browser will now keep models and chats.')).toBeVisible();
  await expect(page.getByText('Kept until you delete it.')).toBeVisible();
  await allowPersistence(page);
  await page.reload();
  await expect(page.getByText('Kept until you delete it.')).toBeVisible();
});

test('a paused download is listed with its stored bytes, also after a reload, and can be deleted', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer([4 * MIB, 4 * MIB], { withToy: true });
  await host.serve('params_shard_1.bin', { fault: 'hold@100000' });
  await app.open();
  await app.download(host.record.name);
  await expect.poll(async () => (await readStored(page)).verifiedPaths).toContain('params_shard_0.bin');
  await app.pause(host.record.name);
  await app.closeModels();
  await app.openPage('Storage');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Unfinished downloads' })).toBeVisible();
  const card = app.model(host.record.name);
  await expect(card.getByText(/^Paused at 4\.2 MB of 8\.4 MB/)).toBeVisible();
  await card.getByRole('button', { name: 'Cancel' }).click();
  await expect(card).toBeHidden();
  expect((await readStored(page)).chunkBytes).toBe(0);
});

test('the storage page warns before the browser is likely to evict data, with the reason', async ({ app, page }) => {
  // Headless Chromium continues to promise 10 GiB whatever its quota is.
  await page.addInitScript(() => {
    navigator.storage.estimate = async () => ({ usage: 1_900_000_000, quota: 2_000_000_000 });
  });
  await app.open();
  await app.openPage('Storage');
  await expect(page.getByText('1.9 GB in use of 2 GB that the browser gives to this site')).toBeVisible();
  await expect(page.getByRole('note')).toContainText(
    'Space is low: 100 MB are left for this site. A browser that runs out of space deletes the data of whole sites',
  );
});

test('an evicted model is listed on the storage page, and one click restores it', async ({ app, page, offer }) => {
  const host = await offer([MIB]);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  await app.closeModels();
  await clearSiteData(page);
  await app.openPage('Storage');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Removed by the browser' })).toBeVisible();
  // The chat behind, inert, offers it too.
  await page.locator('alcove-storage').getByRole('button', { name: 'Download again · 1.1 MB' }).click();
  await expect(page.getByRole('heading', { name: 'Models, 1.1 MB' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Removed by the browser' })).toBeHidden();
});

test('a full disk during a download leads to suggested deletions, and the download continues', async ({
  app,
  page,
  site,
  offer,
}) => {
  const host = await offer(Array.from({ length: 8 }, () => 3 * MIB));
  const toys = [toyRecord(), ...shippedRecords().filter(({ name }) => name === LLAMA_TOY_NAME)];
  serveCatalogue(site, [...toys, host.record]);
  // For the toys and some of the eight parts.
  await limitSpace(page, site.origin, 26 * MIB);
  await app.open();
  await app.tryBothToys();
  await app.download(host.record.name);
  await expect(app.model(host.record.name).getByText('Not enough space')).toBeVisible();
  await app.closeModels();
  await app.openPage('Storage');
  const offered = page.getByRole('alert').filter({ hasText: 'the disk is full' });
  await expect(offered).toContainText(
    /The download of Made up stopped: the disk is full\.\s+It needs [\d.]+ MB more\./,
  );
  // Not the model in use.
  await expect(offered.getByRole('listitem')).toHaveText([new RegExp(LLAMA_TOY_NAME)]);
  const remove = offered.getByRole('button', { name: 'Delete, frees 3.5 MB' });
  await remove.click();
  await remove.click();
  await expect(page.getByText('Deleted. This frees 3.5 MB.')).toBeVisible();
  // Chromium gives the room back some time later.
  await overrideQuota(page, undefined);
  await offered.getByRole('button', { name: 'Continue the download' }).click();
  await expect(page.getByRole('heading', { name: /^Models, 3\d(\.\d)? MB$/ })).toBeVisible({ timeout: 30_000 });
});

test('a model with an outdated compiled library says so, and downloads only the library', async ({
  app,
  page,
  site,
  offer,
}) => {
  const host = await offer([MIB]);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  const before = await host.sentBytes();
  const bytes = Buffer.from('a library that was compiled later');
  const later = `weights/${host.record.id}/later.wasm`;
  site.route(`/${later}`, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/wasm', 'Content-Length': bytes.length });
    response.end(bytes);
  });
  serveCatalogue(site, [withLibrary(host.record, later, bytes)]);
  // A visit takes the catalogue of the visit before, and looks for a newer one.
  await page.reload();
  await expect.poll(() => site.requests.filter((path) => path === '/catalogue.json').length).toBeGreaterThan(1);
  await page.reload();
  await app.openPage('Storage');
  await expect(page.getByText('A newer compiled library is available for this model.')).toBeVisible();
  await page.getByRole('button', { name: 'Update the library' }).click();
  await expect(page.getByText('A newer compiled library is available for this model.')).toBeHidden();
  await expect(
    page
      .getByRole('main')
      .getByRole('article')
      .getByText(/checked today/),
  ).toBeVisible();
  expect(site.requests.filter((path) => path === `/${later}`)).toHaveLength(1);
  expect(await host.sentBytes()).toBe(before);
});

/** Of the same weights. */
function withLibrary(record: ModelRecord, url: string, bytes: Buffer): ModelRecord {
  if (record.source.kind !== 'files') throw new Error('The made-up model lists its files.');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = record.source.files.map((file) =>
    file.path === 'library.wasm' ? { ...file, url, sizeBytes: bytes.length, sha256 } : file,
  );
  return { ...record, source: { ...record.source, revision: '2', files } };
}
