/**
 * Records what this version stores: a user of the built site leaves something in each of its stores, and all that lies
 * in the origin then is written to a file beside this one. Later versions open that file in e2e/earlier-profile.spec.ts.
 * Run once a release, by record.config.ts; a recording is never changed afterwards.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { AddModelPage } from '../support/add-model-page.ts';
import { AlcovePage, TOY_NAME } from '../support/alcove-page.ts';
import { toyRecord } from '../support/catalogues.ts';
import { crash } from '../support/crash.ts';
import { toyFor } from '../support/damaged-toys.ts';
import { MIRROR_HOST, UNLISTED_HOST } from '../support/hugging-face-host.ts';
import { ModelsPage } from '../support/models-page.ts';
import type { SiteServer } from '../support/site-server.ts';
import { ChatServer } from './chat-server.ts';
import { expect, test } from './fixtures.ts';
import { dumpStorage, mapStrings, type StorageDump } from './storage-dump.ts';
import type { RestoredFile, StorageContents } from './storage-in-page.ts';
import { withVoice } from './voice.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));
const TOY_GGUF = readFileSync(`${PUBLIC}models/toy/toy-f32.gguf`);
/** Bytes of a chunk in the store of weights. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const SUM = 'What is two plus two?';
const SKY = 'What colour is the sky?';
const WEEK = 'How many days are in a week?';
const WATER = 'What is water made of?';
const STORY = 'Tell me a long story.';

test('a user leaves something in each store of this version', async ({
  app,
  chatServer,
  context,
  huggingFace,
  network,
  page,
  site,
}) => {
  network.allow('https://huggingface.co', 'https://us.cdn.hf.co', ChatServer.origin);
  site.serve('/blank.html', '<!doctype html><title>Blank</title>', 'text/html');
  await withPicker(page);
  await withVoice(page);

  await test.step('a chat of long ago, whose deleted branch has lost its words', async () => {
    const past = new AlcovePage(await context.newPage(), site.origin);
    await past.page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - 40 * 24 * 60 * 60 * 1000;
    });
    await past.open();
    await past.tryLlamaToy();
    await past.ask(SUM, 'Two plus two is four.');
    await past.ask(SKY, 'The sky is blue.');
    await past.editQuestion(past.questions.nth(1), WATER);
    await past.expectAnswer('Water is made of hydrogen and oxygen.');
    await past.expectIdle();
    await past.deleteFrom(past.questions.nth(1));
    await past.renameChat(SUM, 'Long ago');
    await past.page.close();
    await app.open();
    await app.openChat('Long ago');
    await expect(app.answers).toHaveCount(2);
  });

  await test.step('branches by an edit and by another answer, one brought back, one deleted', async () => {
    const edited = app.questions.nth(1);
    await app.newChat();
    await app.ask(SUM, 'Two plus two is four.');
    await app.ask(SKY, 'The sky is blue.');
    await app.editQuestion(edited, WEEK);
    await app.expectAnswer('There are seven days in a week.');
    await app.expectIdle();
    await app.regenerate();
    await app.expectBranch(app.answers.last(), '2/2');
    await app.expectAnswer('There are seven days in a week.');
    await app.expectIdle();
    await app.deleteFrom(edited);
    await app.undo();
    await app.expectBranch(edited, '2/2');
    await app.editQuestion(edited, WATER);
    await app.expectAnswer('Water is made of hydrogen and oxygen.');
    await app.expectIdle();
    await app.deleteFrom(edited);
  });

  await test.step('a chat that began in the one before; tags on it, a name and a pin on the other', async () => {
    await app.fork(app.answers.first());
    await app.ask(WATER, 'Water is made of hydrogen and oxygen.');
    await app.renameChat(SUM, 'Fork');
    await app.tagChat('Fork', 'nature, school');
    await app.renameChat(SUM, 'Branches');
    await app.pinChat('Branches');
  });

  await test.step('a persona, settings of the chat, an answer that was cut off, and a draft', async () => {
    await app.newChat();
    const panel = await app.openChatPanel();
    await panel.getByRole('button', { name: /^Otto, a pirate/ }).click();
    await app.closeChatPanel();
    await app.ask('Who are you?', 'Arr! I am Otto the pirate.');
    await app.openChatPanel();
    await panel.getByRole('spinbutton', { name: /^Maximum answer length/ }).fill('3');
    await panel.getByRole('spinbutton', { name: /^Temperature/ }).fill('0.3');
    await panel.getByRole('spinbutton', { name: /^Temperature/ }).blur();
    await panel
      .getByRole('combobox', { name: /^When the context window is full/ })
      .selectOption('Summarise the oldest part');
    await app.closeChatPanel();
    await app.ask(STORY, '');
    await expect(app.answers.last()).toContainText('Cut off');
    await app.renameChat('Who are you?', 'Pirate');
    await app.composer.fill('Where is the treasure?');
  });

  await test.step('a stopped answer, in the archive; one that was continued', async () => {
    await app.newChat();
    await app.send(STORY);
    await app.expectAnswer('On day one');
    await app.stop();
    await app.renameChat(STORY, 'Stopped story');
    await app.archiveChat('Stopped story');
    await app.newChat();
    await app.send(STORY);
    await app.expectAnswer('On day one');
    await app.stop();
    await page.getByRole('button', { name: 'Continue the answer' }).click();
    await app.expectAnswer('The end.');
    await app.expectIdle();
    await app.renameChat(STORY, 'Continued story');
  });

  await test.step('a chat that is deleted', async () => {
    await app.newChat();
    await app.ask(SKY, 'The sky is blue.');
    await app.deleteChat(SKY);
  });

  await test.step('how fast each backend runs the model', async () => {
    await app.openChat('Fork nature · school');
    await page.getByTitle('Requests from this page').click();
    const backends = page.locator('alcove-backend-panel');
    await backends.getByRole('button', { name: 'Measure again' }).click();
    await expect(backends.getByRole('status')).toHaveText(/Measuring backend \d of \d/);
    await expect(backends.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 60_000 });
    await page.getByRole('dialog', { name: 'On this device' }).getByRole('button', { name: 'Close' }).click();
  });

  await test.step('models of a repository, of the disk, of an address', async () => {
    const add = new AddModelPage(page);
    const file = { path: 'Toy-F32.gguf', lfs: true, base64: TOY_GGUF.toString('base64') };
    await huggingFace.define('profile', 'maker/Toy-GGUF', {
      commit: 'c0ffee',
      card: { license: 'mit' },
      files: [file],
    });
    await add.open();
    await add.look('maker/Toy-GGUF');
    await page.getByRole('button', { name: 'Look at F32' }).click();
    await add.name.fill('Toy from afar');
    await add.addAndDownload();
    await app.expectCheckable('Toy from afar');
    await putOnDisk(page);
    await add.open();
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await add.name.fill('Toy on disk');
    await add.addAndUse();
    await app.newChat();
    await app.ask(WATER, 'Water is made of hydrogen and oxygen.');
    await app.renameChat(WATER, 'From the disk');
    const record = {
      ...toyRecord(),
      modelKey: undefined,
      family: 'Gifts',
      engine: 'wllama',
      source: {
        kind: 'url',
        revision: '1',
        files: [{ path: 'gift.gguf', url: 'https://gifts.example/gift.gguf', sizeBytes: 1_000 }],
      },
      sizeBytes: 1_000,
    };
    await page.goto(`${app.address}#add=${Buffer.from(JSON.stringify(record)).toString('base64url')}`);
    await add.addOnly('Toy as a gift');
    await expect(app.model('Toy as a gift')).toBeVisible();
  });

  await test.step('another catalogue, and a download that was paused', async () => {
    const { source, ...toy } = toyFor('webllm');
    if (source.kind !== 'files') throw new Error('The toy lists its files.');
    const files = source.files.map((file) =>
      file.path === 'params_shard_4.bin' ? { ...file, url: 'held/params_shard_4.bin' } : file,
    );
    // Answers never.
    site.route('/held/params_shard_4.bin', () => {});
    const half = { ...toy, id: 'half-toy', name: 'Half a toy', source: { ...source, files } };
    site.serve('/other.json', JSON.stringify({ version: 1, models: [half] }), 'application/json');
    await page.goto(`${app.address}?catalogue=other.json`);
    await page.getByRole('button', { name: 'Use the other catalogue' }).click();
    await app.download('Half a toy');
    await expect(app.model('Half a toy').getByText(/6\.\d MB of 7 MB/)).toBeVisible();
    await app.pause('Half a toy');
    await app.closeModels();
    await page.goto(app.address);
    await app.expectOpen();
  });

  await test.step('appearance, language, voice, settings for all chats', async () => {
    await app.openSettings();
    for (const choice of ['English', 'Dark', 'High', 'Larger']) {
      await page.getByText(choice, { exact: true }).click();
    }
    await page.getByRole('checkbox', { name: 'Show a button that reads answers aloud' }).check();
    await page.getByRole('checkbox', { name: 'Show a button to dictate messages' }).check();
    await page.getByRole('textbox', { name: 'System prompt' }).fill('You are a helpful assistant.');
    await page.getByRole('textbox', { name: 'System prompt' }).blur();
    await page.getByRole('spinbutton', { name: /^Temperature/ }).fill('0.2');
    await page.getByText('More about sampling').click();
    await page.getByRole('spinbutton', { name: /^Top-k/ }).fill('40');
    await page.getByRole('spinbutton', { name: /^Top-k/ }).blur();
    await page.getByRole('textbox', { name: /^Stop strings/ }).fill('THE END');
    await page.getByRole('textbox', { name: /^Stop strings/ }).blur();
    await page.getByRole('button', { name: 'Back to the chat' }).click();
    await page.getByRole('button', { name: 'New chat', exact: true }).focus();
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: /^Single-key shortcuts/ }).uncheck();
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('button', { name: 'Close' }).click();
  });

  await test.step('hosts, a mirror, and a server with its key', async () => {
    await app.openSettings();
    await page.getByRole('textbox', { name: 'Host to allow' }).fill(UNLISTED_HOST);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByRole('textbox', { name: 'Address of Hugging Face or a mirror' }).fill(`https://${MIRROR_HOST}`);
    await page.locator('alcove-host-settings').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('textbox', { name: 'Address of the server' }).fill(ChatServer.origin);
    await page.getByLabel('API key, if the server needs one').fill(ChatServer.key);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Reload' }).first().click();
    await expect(page.getByText('1 model', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Back to the chat' }).click();
  });

  await test.step('chats with the server: thinking, a persona, a failure, a summary', async () => {
    await app.newChat();
    await app.openModels();
    await app.model(ChatServer.model).getByRole('button', { name: 'Start chatting' }).click();
    await app.closeModels();
    await app.ask('Hello, server.', 'This is the answer.');
    await app.renameChat('Hello, server.', 'On the server');
    const panel = await app.openChatPanel();
    await panel.getByRole('textbox', { name: 'System prompt' }).fill('You are Zoe, a gardener.');
    await panel.getByRole('textbox', { name: 'System prompt' }).blur();
    await panel.getByRole('button', { name: 'Keep these settings as a persona' }).click();
    await panel.getByRole('textbox', { name: 'Name', exact: true }).fill('Gardener');
    await panel.getByRole('textbox', { name: 'Description' }).fill('Plants');
    await panel.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(panel.getByText('“Gardener” is kept.')).toBeVisible();
    await app.closeChatPanel();
    await app.newChat();
    await app.send('Break off, please.');
    await expect(app.answers.last()).toContainText('The connection to your server was lost');
    await app.renameChat('Break off, please.', 'Broken off');
    await app.newChat();
    await app.ask(`Remember this.\n${'The box is red. '.repeat(75)}`, 'This is the answer.');
    await app.send(`And remember that.\n${'The door is blue. '.repeat(100)}`);
    await page
      .getByRole('alertdialog', { name: 'The context window is full' })
      .getByRole('button', { name: 'Summarise the oldest part' })
      .click();
    await expect(page.getByText('Summary: for the model, it replaces the messages above')).toBeVisible();
    await expect(app.answers).not.toHaveCount(1);
    await app.expectIdle();
    await app.renameChat('Remember this.', 'Summarised');
  });

  await test.step('what the device is capable of', async () => {
    const models = new ModelsPage(app);
    await models.open();
    await page.getByRole('button', { name: 'Measure this device (2 s)' }).click();
    await expect(page.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Back to the chat' }).click();
  });

  await test.step('a page that is left in a load, who names chats, and a draft of no chat', async () => {
    await downloadWithRate(app, site);
    await app.model(TOY_NAME).getByRole('button', { name: 'Start chatting' }).click();
    await app.closeModels();
    await app.newChat();
    await app.send(SUM);
    await app.expectLoading();
    await app.renameChat(SUM, 'Left in a load');
    await page.reload();
    await app.openSettings();
    await page.getByRole('combobox', { name: 'Titles of chats' }).selectOption('model');
    await page.getByRole('button', { name: 'Back to the chat' }).click();
    await app.newChat();
    await app.composer.fill('What shall I plant?');
    await expect.poll(() => countRecords(page, 'alcove-chats', 'drafts')).toBe(2);
  });

  await test.step('a tab that crashes in a load, and one in an answer', async () => {
    const other = new AlcovePage(await context.newPage(), site.origin);
    await other.open();
    await other.openChat('On the server');
    await page.bringToFront();
    await app.openChat('Left in a load');
    await app.send(SKY);
    await app.expectLoading();
    await crash(page);
    await other.page.bringToFront();
    await other.send('Please count the days.');
    await other.expectAnswer('Day 3.');
    await expect.poll(() => countRecords(other.page, 'alcove-chats', 'unsaved')).toBeGreaterThan(0);
    await crash(other.page);
  });

  expect(chatServer.asked.length).toBeGreaterThan(4);
  const dump = await readStorage(context, site);
  for (const { name, stores } of dump.databases) {
    for (const store of stores) expect(store.records, `${name}, ${store.name}`).not.toEqual([]);
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const commit = execFileSync('git', ['log', '-1', '--format=%h', '--', ':/src', ':/public'], {
    encoding: 'utf8',
  }).trim();
  const recordedAt = new Date().toISOString();
  const about =
    'What this build of Alcove has stored in its origin, recorded by e2e/profiles/record-profile.ts and opened by ' +
    'e2e/earlier-profile.spec.ts. Not a browser profile: it depends on no browser, port or machine, and holds no ' +
    'weights. e2e/profiles/storage-dump.ts describes it. Never to be changed.';
  const recorded: StorageDump = { about, build: `${version} (${commit})`, recordedAt, ...dump };
  const path = fileURLToPath(new URL(`${version}-${recordedAt.slice(0, 10)}.json`, import.meta.url));
  writeFileSync(path, `${JSON.stringify(recorded, undefined, 1)}\n`);
});

/** Holds the last part back until the app tells how fast the download is. */
async function downloadWithRate(app: AlcovePage, site: SiteServer): Promise<void> {
  const path = 'models/toy/params_shard_4.bin';
  const bytes = readFileSync(`${PUBLIC}${path}`);
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  site.route(`/${path}`, async (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2));
    await released;
    response.end(bytes.subarray(bytes.length / 2));
  });
  await app.download(TOY_NAME);
  await expect(app.model(TOY_NAME).getByText(/B\/s/)).toBeVisible();
  release();
  await app.expectStored(TOY_NAME);
}

/** From a page that runs nothing of the app. */
async function readStorage(context: BrowserContext, site: SiteServer): Promise<StorageContents> {
  const page = await context.newPage();
  await page.goto(`${site.origin}/blank.html`);
  const files: Record<string, RestoredFile> = {};
  for (const name of readdirSync(`${PUBLIC}models/toy`)) {
    const bytes = readFileSync(`${PUBLIC}models/toy/${name}`);
    for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
      const sha256 = createHash('sha256')
        .update(bytes.subarray(offset, offset + CHUNK_BYTES))
        .digest('hex');
      files[sha256] = { path: `models/toy/${name}`, offset };
    }
  }
  return mapStrings(await dumpStorage(page, files), withoutDevice);
}

/** What the app knows a device by, in a string of JSON or in one that lies within another. */
const DEVICE_KEY =
  /(\\*")Chrome\/\d+\1,\1(\w+)\1,\1[^"\\]*\1,\1[^"\\]*\1,(?:true|false),(?:true|false),\d+,(true|false),(\{[^}]*\})/g;

/** Puts the names of storage-dump.ts in place of what tells this device, this browser and these engines from others. */
function withoutDevice(text: string): string {
  return text.replace(DEVICE_KEY, (_, quote: string, webgpu: string, sharedMemory: string, engines: string) => {
    const texts = ['{browser}', webgpu, '{vendor}', '{architecture}'].map((part) => `${quote}${part}${quote}`);
    const versions = engines.replace(/(\w+)(\\*":\\*")[^"\\]+/g, '$1$2{$1}');
    return [...texts, '{isFallback}', '{shaderF16}', '{cores}', sharedMemory, versions].join(',');
  });
}

function countRecords(page: Page, database: string, store: string): Promise<number> {
  return page.evaluate(
    async ([databaseName, storeName]) => {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(databaseName);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const count = await new Promise<number>((resolve) => {
        const request = opened.transaction(storeName).objectStore(storeName).count();
        request.onsuccess = () => resolve(request.result);
      });
      opened.close();
      return count;
    },
    [database, store] as const,
  );
}

/** The browser's file picker returns a file of the origin's private file system, whose handles are like the disk's. */
async function withPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const pick = async (): Promise<FileSystemFileHandle[]> => {
      const root = await navigator.storage.getDirectory();
      return [await root.getFileHandle('disk toy.gguf')];
    };
    Object.defineProperty(globalThis, 'showOpenFilePicker', { value: pick });
  });
}

async function putOnDisk(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const bytes = await (await fetch('models/toy/toy-f32.gguf')).arrayBuffer();
    const root = await navigator.storage.getDirectory();
    const writable = await (await root.getFileHandle('disk toy.gguf', { create: true })).createWritable();
    await writable.write(bytes);
    await writable.close();
  });
}
