import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { randomProjector } from '../src/engine/wllama/testing/random-projector.ts';
import { AddModelPage } from './support/add-model-page.ts';
import { AlcovePage } from './support/alcove-page.ts';
import { toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { UNLISTED_HOST } from './support/hugging-face-host.ts';
import { splitGguf } from './support/split-gguf.ts';

const TOY_GGUF = readFileSync(fileURLToPath(new URL('../public/models/toy/toy-f32.gguf', import.meta.url)));
const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

/** As a browser that gives no handles: files are lent for a visit. */
async function withoutHandles(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
    Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle');
  });
}

/**
 * The browser's dialog gives a file of the origin's private file system, whose handles are like the disk's. Whether it may
 * be read is what `localStorage` says: a disk's handles are asked about again at the next visit.
 */
async function withPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const answer = (): PermissionState =>
      (localStorage.getItem('test-permission') as PermissionState | null) ?? 'granted';
    const pick = async (): Promise<FileSystemFileHandle[]> => {
      localStorage.setItem('test-permission', 'granted');
      const root = await navigator.storage.getDirectory();
      return [await root.getFileHandle('disk toy.gguf')];
    };
    Object.defineProperty(globalThis, 'showOpenFilePicker', { value: pick });
    Object.defineProperties(FileSystemFileHandle.prototype, {
      queryPermission: { value: async () => answer() },
      requestPermission: {
        value: async () => {
          const isRefused = localStorage.getItem('test-permission') === 'denied';
          if (!isRefused) localStorage.setItem('test-permission', 'granted');
          return isRefused ? 'denied' : 'granted';
        },
      },
    });
  });
}

async function putOnDisk(page: Page): Promise<void> {
  await page.evaluate(async (base64) => {
    const root = await navigator.storage.getDirectory();
    const writable = await (await root.getFileHandle('disk toy.gguf', { create: true })).createWritable();
    await writable.write(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
    await writable.close();
  }, TOY_GGUF.toString('base64'));
}

/** Chunks of weights in the browser's store. */
function countChunks(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('alcove-weights');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const count = await new Promise<number>((resolve) => {
      const request = database.transaction('chunks').objectStore('chunks').count();
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    return count;
  });
}

test('a repository is listed with sizes and a recommendation, and the selected model is downloaded and answers', async ({
  app,
  page,
  network,
  huggingFace,
}) => {
  network.allow('https://huggingface.co', 'https://us.cdn.hf.co');
  await huggingFace.define('gguf', 'maker/Toy-GGUF', {
    commit: 'c0ffee',
    card: { license: 'mit' },
    files: [
      { path: 'README.md', lfs: false, seed: 1, size: 100 },
      { path: 'Toy-Q4_0.gguf', lfs: true, seed: 2, size: 5_000 },
      { path: 'Toy-F32.gguf', lfs: true, base64: TOY_GGUF.toString('base64') },
      { path: 'mmproj-Toy-F16.gguf', lfs: true, base64: Buffer.from(randomProjector(128)).toString('base64') },
      { path: 'Toy-Q8_0-00001-of-00002.gguf', lfs: true, seed: 4, size: 700 },
    ],
  });
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  await add.look('https://huggingface.co/maker/Toy-GGUF/tree/main');
  await expect(page.locator('alcove-repository-list').getByRole('listitem').filter({ hasText: 'F32' })).toContainText(
    '3.6 MB',
  );
  await expect(page.locator('alcove-repository-list').getByRole('listitem').filter({ hasText: 'Q4_0' })).toContainText(
    'Recommended for this device',
  );
  await expect(page.getByText('With mmproj-Toy-F16.gguf').first()).toBeVisible();
  await expect(page.getByText('Split models with missing parts are not listed.')).toBeVisible();
  await test.step('a file that is no GGUF is refused before it is downloaded, and the list stays', async () => {
    await page.getByRole('button', { name: 'Review Q4_0' }).click();
    await expect(page.getByText('This is not a GGUF file')).toBeVisible();
  });
  await page.getByRole('button', { name: 'Review F32' }).click();
  await expect(page.getByText('llama', { exact: true })).toBeVisible();
  await expect(page.getByText('869.5 thousand')).toBeVisible();
  await expect(page.getByText('≈ 4 tokens each')).toBeVisible();
  await add.name.fill('Toy from afar');
  await add.addAndDownload();
  await app.expectCheckable('Toy from afar');
  await add.toChat();
  await app.ask(QUESTION, ANSWER);
});

test('a gated, private, missing, busy or GGUF-less repository gets an explanation and a next step', async ({
  app,
  page,
  network,
  huggingFace,
}) => {
  network.allow('https://huggingface.co', 'https://us.cdn.hf.co');
  const file = { path: 'a-Q4_0.gguf', lfs: true, seed: 1, size: 1_000 };
  await huggingFace.define('explained', 'maker/gated', { commit: 'c0ffee', gated: true, files: [file] });
  await huggingFace.define('explained', 'maker/private', { commit: 'c0ffee', hidden: true, files: [file] });
  await huggingFace.define('explained', 'maker/busy', { commit: 'c0ffee', limited: true, files: [file] });
  await huggingFace.define('explained', 'maker/mlc', {
    commit: 'c0ffee',
    files: [{ path: 'mlc-chat-config.json', lfs: false, seed: 1, size: 10 }],
  });
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  for (const [repo, words] of [
    ['maker/private', /has no maker\/private, or it is private/],
    ['maker/missing', /has no maker\/missing/],
    ['maker/busy', /has received too many requests/],
    ['maker/mlc', 'It is in MLC’s format.'],
    ['neither a name nor an address', 'This names no model'],
  ] as const) {
    await add.look(repo);
    await expect(page.getByText(words)).toBeVisible();
    // To be put right, or tried again.
    await expect(add.field).toHaveValue(repo);
  }
  await add.look('maker/gated');
  await expect(page.getByText('Alcove never logs in anywhere.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Review Q4_0' })).toBeDisabled();
});

test('a URL on a new host can be used once the user has allowed the host, and the model answers', async ({
  app,
  page,
  network,
  site,
}) => {
  network.allow(`https://${UNLISTED_HOST}`);
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  await add.look(`https://${UNLISTED_HOST}/space/no-model.gguf?seed=1&size=5000`);
  await page.getByRole('button', { name: `Allow ${UNLISTED_HOST}` }).click();
  await expect(page.getByText('This is not a GGUF file')).toBeVisible();
  await test.step('a URL on the site’s own host can be used without a question', async () => {
    site.route('/own.gguf', (request, response) => {
      const [, from = '0', to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
      const end = Math.min(TOY_GGUF.length, to ? Number(to) + 1 : TOY_GGUF.length);
      const isRange = request.headers.range !== undefined;
      response.writeHead(isRange ? 206 : 200, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': end - Number(from),
        ...(isRange && { 'Content-Range': `bytes ${from}-${end - 1}/${TOY_GGUF.length}` }),
      });
      response.end(request.method === 'HEAD' ? undefined : TOY_GGUF.subarray(Number(from), end));
    });
    await add.open();
    await add.look(`${site.origin}/own.gguf`);
    await expect(page.getByText('the hash of its first download, as its address gives none')).toBeVisible();
    await add.addAndDownload();
    await app.expectCheckable('fixture');
    await add.toChat();
    await app.ask(QUESTION, ANSWER);
  });
});

test('a file from the disk answers without a copy, and a truncated file or one without a model is reported', async ({
  app,
  page,
}) => {
  await withoutHandles(page);
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  await add.choose({ name: 'page.gguf', buffer: Buffer.from('<!doctype html><title>Sign in</title>') });
  await expect(page.getByText('This is not a GGUF file')).toBeVisible();
  await add.drop({ name: 'half.gguf', buffer: TOY_GGUF.subarray(0, TOY_GGUF.length / 2) });
  await expect(page.getByText('The file is incomplete')).toBeVisible();
  await add.drop({ name: 'my toy.gguf', buffer: TOY_GGUF });
  await expect(page.getByText('This browser gives access to the file for this visit only.')).toBeVisible();
  await add.addAndUse();
  await app.ask(QUESTION, ANSWER);
  expect(await countChunks(page)).toBe(0);
  await test.step('the next visit asks for the file again', async () => {
    await page.reload();
    await page.goto(`${new URL(page.url()).origin}/#models`);
    const card = app.model('fixture');
    await expect(card.getByText('The file is not available')).toBeVisible();
  });
});

test('the parts of a split model form one model, and a missing part is named', async ({ app, page }) => {
  await withoutHandles(page);
  const parts = splitGguf(TOY_GGUF, 'toy-split', 3);
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  await add.choose(...parts.slice(0, 2));
  await expect(page.getByText('It is split into 3 files; you chose 2.')).toBeVisible();
  await add.choose(...parts);
  await expect(page.getByText('869.5 thousand')).toBeVisible();
  await add.addAndUse();
  await app.ask(QUESTION, ANSWER);
});

test('a file is opened in place at every visit, once the browser permits it, and copied on request', async ({
  app,
  page,
}) => {
  await withPicker(page);
  const add = new AddModelPage(page);
  await app.open();
  await putOnDisk(page);
  await add.open();
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await add.name.fill('Toy on disk');
  await add.addAndUse();
  await app.ask(QUESTION, ANSWER);
  expect(await countChunks(page)).toBe(0);
  await test.step('a new chat keeps the model, and a refusal has ways out', async () => {
    await page.evaluate(() => localStorage.setItem('test-permission', 'denied'));
    await page.goto(app.address);
    await expect(page.getByTitle('Choose a model')).toHaveText('Toy on disk');
    await page.getByRole('button', { name: 'Open it again' }).click();
    await expect(page.getByText('The browser may not open the file')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy into the browser' })).toBeVisible();
    await page.getByRole('button', { name: 'Choose the file again' }).click();
    await app.ask(QUESTION, ANSWER);
    expect(await countChunks(page)).toBe(0);
  });
  const card = app.model('Toy on disk');
  await test.step('the next visit asks for permission once', async () => {
    await page.evaluate(() => localStorage.setItem('test-permission', 'prompt'));
    await page.reload();
    await app.openPage('Models');
    await card.getByRole('button', { name: 'Open it again' }).click();
    await expect(card.getByText('Opened in place from your disk')).toBeVisible();
    await add.toChat();
    await app.ask('What colour is the sky?', 'The sky is blue.');
    expect(await countChunks(page)).toBe(0);
  });
  await test.step('a copy is stored and verified on request', async () => {
    await app.openPage('Models');
    await add.copyIntoBrowser(card);
    expect(await countChunks(page)).toBe(1);
  });
  await test.step('the model is renamed, and removed from the list', async () => {
    await card.getByRole('link', { name: 'Edit' }).click();
    await add.name.fill('Toy renamed');
    await page.getByRole('button', { name: 'Save' }).click();
    const renamed = app.model('Toy renamed');
    await expect(renamed).toBeVisible();
    await add.openMenu(renamed);
    await renamed.getByRole('button', { name: 'Remove from the list' }).click();
    await expect(renamed.getByText('The file on your disk stays.')).toBeVisible();
    // It is loaded, and let go of first.
    await renamed.getByRole('button', { name: 'Remove from the list' }).click();
    await expect(page.getByText('Removed from the list.')).toBeVisible();
    await expect(renamed).toBeHidden();
    expect(await countChunks(page)).toBe(0);
  });
});

test('a stored model is exported as one file and imported elsewhere, without a network connection', async ({
  app,
  page,
  site,
  browser,
}) => {
  await withoutHandles(page);
  const add = new AddModelPage(page);
  await app.open();
  const card = app.model('Toy to carry');
  await add.store({ name: 'my toy.gguf', buffer: TOY_GGUF }, 'Toy to carry', card);
  const saved = page.waitForEvent('download');
  await card.getByRole('button', { name: 'Export as a file' }).click();
  const archive = readFileSync(await (await saved).path());
  expect(archive.includes(TOY_GGUF)).toBe(true);

  const context = await browser.newContext();
  const other = await context.newPage();
  await withoutHandles(other);
  await other.goto(`${site.origin}/#add`);
  const there = new AddModelPage(other);
  await there.choose({ name: 'cut.tar', buffer: archive.subarray(0, archive.length - 5_000) });
  await expect(other.getByText('The file is incomplete')).toBeVisible();
  await test.step('a flipped bit is detected, and the file is rejected', async () => {
    const flipped = Buffer.from(archive);
    const at = archive.indexOf(TOY_GGUF) + 1_000_000;
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await there.choose({ name: 'flipped.tar', buffer: flipped });
    await other.getByRole('button', { name: 'Import' }).click();
    await expect(other.getByText('A file failed verification').first()).toBeVisible();
  });
  await other.goto(`${site.origin}/#add`);
  await there.choose({ name: 'toy.tar', buffer: archive });
  await other.getByRole('button', { name: 'Import' }).click();
  const elsewhere = new AlcovePage(other, site.origin);
  await elsewhere.expectCheckable('Toy to carry');
  await elsewhere.model('Toy to carry').getByRole('button', { name: 'Check files' }).click();
  await expect(other.getByText('All files are intact.')).toBeVisible();
  await context.close();
});

function shared(record: unknown): string {
  return `#add=${Buffer.from(JSON.stringify(record)).toString('base64url')}`;
}

test('a shared link shows its model and hosts before anything is added, and a hostile link is refused', async ({
  app,
  page,
  site,
}) => {
  const record = {
    ...toyRecord(),
    family: 'Gifts',
    name: 'A gift <img src=x onerror=alert(1)>\u202e',
    engine: 'wllama',
    source: {
      kind: 'url',
      revision: '1',
      files: [{ path: 'gift.gguf', url: 'https://gifts.example/gift.gguf', sizeBytes: 1_000 }],
    },
    sizeBytes: 1_000,
  };
  await app.open();
  await page.goto(`${site.origin}/${shared(record)}`);
  await expect(page.getByText(/This description came from a link.*gifts\.example/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'A gift <img src=x onerror=alert(1)>', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Add only' }).click();
  const card = page.locator('alcove-model-list alcove-model-card').filter({ hasText: 'A gift' });
  await expect(card).toBeVisible();
  // The toy of the catalogue, which has the same id, is unchanged.
  await expect(app.model('Toy, to try the app')).toBeVisible();
  await test.step('the model is shared as a link', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const add = new AddModelPage(page);
    await add.openMenu(card);
    await card.getByRole('button', { name: 'Share a link' }).click();
    await expect(page.getByText('The link is in the clipboard.')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/#add=[\w-]+$/);
  });
  for (const hostile of [
    shared({ ...record, licence: { name: 'MIT', url: 'javascript:alert(1)' } }),
    shared({
      ...record,
      source: { kind: 'url', revision: '1', files: [{ path: 'a.gguf', url: 'https://good@evil.example/a' }] },
    }),
    shared({
      ...record,
      source: { kind: 'disk', revision: '1', files: [{ path: 'a', sizeBytes: 1_000, modifiedAt: 1 }] },
    }),
    shared({ ...record, engine: 'scripted' }),
    shared({ ...record, contextWindow: 1e15 }),
    '#add=%00%ff',
    `#add=${'A'.repeat(40_000)}`,
  ]) {
    await page.goto('about:blank');
    await page.goto(`${site.origin}/${hostile}`);
    await expect(page.getByText('This does not describe a model')).toBeVisible();
  }
});
