import { readFileSync } from 'node:fs';
import { AlcovePage, TOY_NAME } from './support/alcove-page.ts';
import { serveCatalogue, toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { MIB } from './support/model-host.ts';
import { readStored, rotChunk } from './support/stored.ts';
import { clearSiteData, limitSpace, overrideQuota } from './support/test-browser.ts';

const EIGHT_LARGER = Array.from({ length: 8 }, () => 3 * MIB);

test('row 8: a bit that changes on the disk is detected, and only its chunk is downloaded again', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer([12 * MIB]);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  await rotChunk(page, host.record.id, 'params_shard_0.bin', 1);
  await app.verifyModel(host.record.name);
  await expect(app.models.getByText('A stored file is damaged')).toBeVisible();
  const before = await host.sentBytes();
  await app.resume(host.record.name);
  await app.expectStored(host.record.name);
  expect((await host.requests('params_shard_0.bin')).at(-1)?.range).toBe(`bytes=${4 * MIB}-${8 * MIB - 1}`);
  expect((await host.sentBytes()) - before).toBe(4 * MIB);
});

test('row 13: a model larger than the free space is refused with both sizes before its first byte', async ({
  app,
  site,
}) => {
  const toy = toyRecord();
  // Headless Chromium has 10 GiB for an origin.
  const file = { path: 'params_shard_0.bin', url: 'weights/vast', sizeBytes: 50_000_000_000, sha256: '0'.repeat(64) };
  const library = { path: 'library.wasm', url: 'weights/library', sizeBytes: 1000, sha256: '0'.repeat(64) };
  const source = { kind: 'files', revision: '1', files: [library, file] };
  serveCatalogue(site, [{ ...toy, id: 'vast', name: 'Vast', sizeBytes: 50_000_001_000, source }, toy]);
  await app.open();
  await app.download('Vast');
  const card = app.model('Vast');
  await expect(card.getByText('Not enough space')).toBeVisible();
  await expect(card.getByText(/It needs 50 GB; the browser offers 1\d(\.\d)? GB/)).toBeVisible();
  // A model that fits can still be downloaded.
  await expect(app.downloadButton(TOY_NAME)).toBeVisible();
  expect(site.requests.filter((path) => path.startsWith('/weights/'))).toEqual([]);
});

test('row 14: a disk that becomes full pauses the download, and the verified files are kept', async ({
  app,
  page,
  offer,
  site,
}) => {
  const host = await offer(EIGHT_LARGER);
  await limitSpace(page, site.origin, 14 * MIB);
  await app.open();
  await app.download(host.record.name);
  const card = app.model(host.record.name);
  await expect(card.getByText('Not enough space')).toBeVisible();
  await expect(card.getByText(/what is stored is safe/i)).toBeVisible();
  await expect(card.getByText(/100\s?%/)).toBeHidden();
  const { chunkBytes } = await readStored(page);
  // Some of the eight shards, and not all.
  expect(chunkBytes).toBeGreaterThan(6 * MIB);
  expect(chunkBytes).toBeLessThan(24 * MIB);
  const before = await host.sentBytes();
  await overrideQuota(page, undefined);
  await app.resume(host.record.name);
  await app.expectStored(host.record.name);
  expect((await host.sentBytes()) - before).toBe(host.totalBytes - chunkBytes);
});

test('row 15: a write that fails at its commit is reported, and the model does not become ready', async ({
  app,
  page,
  offer,
  site,
}) => {
  // One chunk a file: the put succeeds, its transaction aborts (web-llm#374).
  const host = await offer([4 * MIB]);
  await limitSpace(page, site.origin, MIB);
  await app.open();
  await app.download(host.record.name);
  const card = app.model(host.record.name);
  await expect(card.getByText('Not enough space')).toBeVisible();
  expect((await readStored(page)).verifiedPaths).not.toContain('params_shard_0.bin');
  await page.reload();
  await expect(card).toBeVisible();
  await app.expectNotStored(host.record.name);
});

test('an answer stays shown while the disk is full, can be saved as a file, and is stored once there is space', async ({
  app,
  page,
  site,
}) => {
  const notSaved = page.getByText('What you see here is not saved yet.');
  // Room for the toy and the first answer. Chromium reads the quota at the first write.
  await limitSpace(page, site.origin, 6 * MIB);
  await app.open();
  await app.tryLlamaToy();
  await app.ask('Tell me a long story.', 'The end.');
  // Again if the database has made room meanwhile, by tidying its files.
  await expect(async () => {
    await page.evaluate(fillDisk);
    await app.regenerate();
    await app.expectAnswer('The end.');
    await app.expectIdle();
    await expect(notSaved).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
  await expect(app.answers.last()).toContainText('The end.');
  const branch = await app.answers.last().getByTitle('All branches').textContent();
  const { path } = await app.save(page.getByRole('button', { name: 'Save this chat as a file' }));
  expect(readFileSync(path, 'utf8').match(/The end\./g)).toHaveLength(Number(branch?.split('/')[1]));
  await overrideQuota(page, undefined);
  await expect(notSaved).toBeHidden();
  await app.reopenChat('Tell me a long story.');
  await app.expectAnswer('The end.');
  await app.expectBranch(app.answers.last(), branch ?? '');
});

test('row 16: an open chat stays when the site data is cleared, and is stored completely by the next save', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await clearSiteData(page);
  await expect(app.answers.first()).toContainText('Two plus two is four.');
  await app.ask('What colour is the sky?', 'The sky is blue.');
  await page.reload();
  await app.openChat('What is two plus two?');
  await expect(app.answers).toHaveText([/Two plus two is four\./, /The sky is blue\./]);
});

test('row 17: a model that the browser evicted is listed, and one click downloads it again', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer([MIB]);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  await clearSiteData(page);
  await page.reload();
  const card = app.model(host.record.name);
  await expect(card.getByText(/removed by the browser|browser (has )?removed/i)).toBeVisible();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
});

test('row 18: the app works without persistent storage, and says once that the browser may evict its data', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer([MIB]);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  // Headless Chromium denies it.
  expect(await page.evaluate(() => navigator.storage.persisted())).toBe(false);
  await app.openModels();
  await expect(page.getByText(/may (be )?remove/i)).toHaveCount(1);
});

test('row 19: a private window can chat, and its data is deleted when it closes', async ({
  app,
  browser,
  site,
  network,
}) => {
  // A context of Playwright's is off the record: a private window.
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const another = await browser.newContext();
  network.watch(another);
  const later = new AlcovePage(await another.newPage(), site.origin);
  await later.open();
  await expect(later.chats).toHaveCount(0);
  expect((await readStored(later.page)).chunkBytes).toBe(0);
  await another.close();
});

test('row 20: an open tab does not block a newer version that opens the databases', async ({ app, context, site }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const newer = await context.newPage();
  site.serve('/newer.html', '<!doctype html><title>A newer version</title>', 'text/html');
  await newer.goto(`${site.origin}/newer.html`);
  const opened = await newer.evaluate(() =>
    Promise.all(
      ['alcove-chats', 'alcove-weights'].map(
        (name) =>
          new Promise<string>((resolve, reject) => {
            const request = indexedDB.open(name, 1000);
            request.onblocked = () => reject(new Error(`${name} is held open`));
            request.onerror = () => reject(request.error);
            request.onsuccess = () => resolve(`${name} ${request.result.version}`);
          }),
      ),
    ),
  );
  expect(opened).toEqual(['alcove-chats 1000', 'alcove-weights 1000']);
  await app.page.bringToFront();
  // The old tab continues with what it has, and says that it cannot save.
  await app.ask('What colour is the sky?', 'The sky is blue.');
  await expect(app.page.getByText('A newer version of this page was opened in this browser')).toBeVisible();
  // The chat can be saved as a file with a name that any system accepts.
  const { name, path } = await app.save(app.page.getByRole('button', { name: 'Save this chat as a file' }));
  expect(name).toBe('What is two plus two.json');
  expect(readFileSync(path, 'utf8')).toContain('The sky is blue.');
});

test('row 21: a chat without IndexedDB continues in memory, which is reported', async ({ app, page }) => {
  await page.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (name, version) {
      if (name.endsWith('-chats')) throw new DOMException('Forbidden by a test', 'SecurityError');
      return open.call(this, name, version);
    };
  });
  await app.open();
  await expect(page.getByText(/as long as this tab/i)).toBeVisible();
  await app.tryLlamaToy();
  await app.ask('My name is Ada.', 'Nice to meet you, Ada.');
  await app.ask('What is my name?', 'Your name is Ada.');
});

/** Runs in the page: leaves its origin no room. */
async function fillDisk(): Promise<void> {
  const opening = indexedDB.open('filler');
  opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true });
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  for (let sizeBytes = 1 << 20; sizeBytes >= 1 << 10; ) {
    const isWritten = await new Promise<boolean>((resolve) => {
      const transaction = database.transaction('bytes', 'readwrite');
      // Random: the database compresses what it writes.
      const bytes = new Uint8Array(sizeBytes);
      for (let at = 0; at < sizeBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      transaction.objectStore('bytes').add(bytes);
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
    });
    if (!isWritten) sizeBytes /= 2;
  }
  database.close();
}
