import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator } from '@playwright/test';
import type { ModelFile } from '../src/models/model-record.ts';
import { TOY_NAME } from './support/alcove-page.ts';
import { breakOldestChat } from './support/break-chat.ts';
import { serveCatalogue, toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { MIB, ModelHost } from './support/model-host.ts';
import type { SiteServer } from './support/site-server.ts';

interface Tensor {
  name: string;
  readonly shape: number[];
}

const TYPED = 'What I have typed is still here.';

test('a catalogue that cannot be read is explained, with the place of the error and a next step', async ({
  app,
  page,
  site,
}) => {
  site.serve('/catalogue.json', '{"version": 1, "models": [', 'application/json');
  await app.open();
  await expect(page.getByText('The list of models cannot be read').first()).toBeVisible();
  serveCatalogue(site, [toyRecord(), { ...toyRecord(), id: 'second', licence: { name: 'MIT', url: 7 } }]);
  await page.getByRole('button', { name: 'Reload this page' }).first().click();
  await expect(page.getByText(/The error is at .*models\[1\]\.licence\.url/).first()).toBeVisible();
  site.route('/catalogue.json', undefined);
  await page.getByRole('button', { name: 'Reload this page' }).first().click();
  await expect(app.downloadButton(TOY_NAME)).toBeVisible();
});

const WEIGHT_FAULTS = [
  { title: 'a web page', fault: 'html200', words: 'The server sent a web page instead of the model' },
  { title: 'a 404', fault: '404', words: 'The file was not found' },
  { title: 'a gated 403', fault: '403', words: 'The server refused access to this model' },
  { title: 'the wrong hash', fault: 'flip@1000', words: 'A file failed verification' },
] as const;

test('weights that are a web page, missing, gated or damaged get a plain message, and the draft stays', async ({
  app,
  faultServer,
  site,
}) => {
  const models = await Promise.all(
    WEIGHT_FAULTS.map(async ({ title, fault, words }) => {
      const made = { id: fault.replace('@', '-'), name: `Weights: ${title}`, shardBytes: [MIB] };
      const host = await ModelHost.create(faultServer, site, made);
      await host.serve('params_shard_0.bin', { fault });
      return { record: host.record, title, words };
    }),
  );
  serveCatalogue(site, [toyRecord(), ...models.map(({ record }) => record)]);
  await app.open();
  await app.composer.fill(TYPED);
  for (const { record, title, words } of models) {
    await test.step(title, async () => {
      await app.download(record.name);
      await expect(app.model(record.name).getByText(words)).toBeVisible();
    });
  }
  await app.closeModels();
  await expect(app.composer).toHaveValue(TYPED);
  await expect(app.downloadButton(TOY_NAME)).toBeEnabled();
});

test('a model that cannot be downloaded does not keep another one from answering', async ({ app, offer }) => {
  const host = await offer([MIB], { withToy: true });
  await host.serveAll({ fault: '404' });
  await app.open();
  await app.tryToy();
  await app.download(host.record.name);
  await expect(app.model(host.record.name).getByText('The file was not found')).toBeVisible();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

test('an invalid library with the right hash gets a plain message, and the draft stays', async ({
  app,
  page,
  site,
}) => {
  serveToyWith(site, 'library.wasm', (bytes) => bytes.subarray(0, bytes.length / 2));
  await app.open();
  await app.tryToy();
  await app.send('What is two plus two?');
  await expect(page.getByText('The model’s files do not match').first()).toBeVisible();
  await expect(page.getByText('What is two plus two?').first()).toBeVisible();
});

for (const { title, words, change } of [
  {
    title: 'weights that lack a tensor that the library takes',
    words: 'The model’s files do not match',
    change: (tensor: Tensor): void => {
      tensor.name = 'another';
    },
  },
  {
    title: 'weights of another shape than the library takes',
    words: /The model’s files do not match|The answer was not finished/,
    change: (tensor: Tensor): void => {
      tensor.shape.reverse();
    },
  },
]) {
  test(`${title} get a plain message, and no garbage is shown`, async ({ app, page, site }) => {
    serveToyWith(site, 'tensor-cache.json', (bytes) => {
      const cache = JSON.parse(bytes.toString()) as { records: { records: Tensor[] }[] };
      for (const tensor of cache.records[0]?.records.slice(0, 1) ?? []) change(tensor);
      return Buffer.from(JSON.stringify(cache));
    });
    await app.open();
    await app.tryToy();
    await app.send('What is two plus two?');
    await expect(page.getByText(words).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('What is two plus two?').first()).toBeVisible();
    await expect(app.answers.getByText('Two plus two')).toBeHidden();
  });
}

test('the page opens without IndexedDB and reports that nothing can be kept', async ({ app, page }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  await app.open();
  await expect(page.getByText(/does not store anything|as long as this tab/i).first()).toBeVisible();
});

test('an empty prompt is not sent, and one longer than the context window gets a plain message and is kept', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  for (const text of ['', '   ', '\n\n']) {
    await app.composer.fill(text);
    await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
    await app.composer.press('Enter');
    await expect(app.answers).toHaveCount(0);
    await expect(page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible();
  }
  const long = 'lemon anchor '.repeat(2_000);
  await app.send(long);
  await expect(page.getByText('This chat is too long for the model').first()).toBeVisible();
  await expect(page.getByText(/lemon anchor lemon anchor/).first()).toBeVisible();
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
});

test('ten million pasted characters stay out of the message, and can be attached as a document', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.composer.fill(TYPED);
  await app.composer.press('End');
  await paste(app.composer, 'lemon anchor '.repeat(800_000));
  const offer = page.getByText('The pasted text of 10,400,000 characters is too long for a message.');
  await expect(offer).toBeVisible();
  await expect(app.composer).toHaveValue(TYPED);
  await page.getByRole('button', { name: 'Attach as a document' }).click();
  await expect(offer).toBeHidden();
  const files = page.getByRole('list', { name: 'Attached files' });
  await expect(files).toContainText('Pasted text');
  await expect(files).toContainText('1,600,000 words');
  await files.getByRole('button').click();
  await expect(files).toBeHidden();
  await test.step('the offer can be dismissed', async () => {
    await paste(app.composer, 'lemon anchor '.repeat(800_000));
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(offer).toBeHidden();
    await expect(app.composer).toHaveValue(TYPED);
  });
  await test.step('a message of the maximum length without a space can be edited and sent', async () => {
    await app.composer.fill('');
    await paste(app.composer, 'x'.repeat(199_999));
    await app.composer.press('y');
    await expect(app.composer).toHaveValue(/^x+y$/);
    await app.composer.press('Enter');
    await expect(page.getByText('This chat is too long for the model').first()).toBeVisible();
    await app.newChat();
    await app.ask('What is two plus two?', 'Two plus two is four.');
  });
});

test('a broken chat record is listed, its raw content can be saved, and the other chats open', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.newChat();
  await app.ask('What colour is the sky?', 'The sky is blue.');
  await page.evaluate(breakOldestChat);
  await page.reload();
  await app.openChat('What is two plus two?');
  await expect(page.getByText('This chat cannot be read')).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the record' }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.json$/);
  await app.openChat('What colour is the sky?');
  await expect(app.answers).toHaveText([/The sky is blue\./]);
});

test('chats of a newer version stay unchanged, which is reported, and a new chat works', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('alcove-chats', 1000);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    database.close();
  });
  await page.reload();
  await expect(page.getByText('A newer version of this page was opened in this browser')).toBeVisible();
  await app.ask('What colour is the sky?', 'The sky is blue.');
  const kept = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('alcove-chats');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const messages = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction('messages').objectStore('messages').getAll();
      request.onsuccess = () => resolve(request.result);
    });
    return { version: database.version, count: messages.length };
  });
  expect(kept).toEqual({ version: 1000, count: 2 });
});

/** As by Ctrl+V, of what another program has put into the clipboard. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.evaluate((element, pasted) => {
    const event = { inputType: 'insertFromPaste', data: pasted, bubbles: true, cancelable: true, composed: true };
    // The browser asks before it inserts.
    if (element.dispatchEvent(new InputEvent('beforeinput', event))) document.execCommand('insertText', false, pasted);
  }, text);
}

/** Serves the toy with one file changed, its size and hash in the catalogue right. */
function serveToyWith(site: SiteServer, path: string, change: (bytes: Buffer) => Buffer): void {
  const toy = toyRecord();
  if (toy.source.kind !== 'files') throw new Error('The toy lists its files.');
  const original = readFileSync(fileURLToPath(new URL(`../public/models/toy/${path}`, import.meta.url)));
  const bytes = change(original);
  if (bytes.equals(original)) throw new Error(`${path} was not changed.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = toy.source.files.map(
    (file): ModelFile =>
      file.path === path ? { path, url: 'weights/changed', sizeBytes: bytes.length, sha256 } : file,
  );
  const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
  site.route('/weights/changed', (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
    response.end(bytes);
  });
  serveCatalogue(site, [{ ...toy, sizeBytes, source: { ...toy.source, files } }]);
}
