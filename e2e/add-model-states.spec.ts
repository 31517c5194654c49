import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { AddModelPage } from './support/add-model-page.ts';
import { toyFor } from './support/damaged-toys.ts';
import { expect, test } from './support/fixtures.ts';
import { LIBRARY_HOST, MIRROR_HOST } from './support/hugging-face-host.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';
const TOY_GGUF = readToy('toy-f32.gguf');

function readToy(path: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../public/models/toy/${path}`, import.meta.url)));
}

test('a repository in MLC’s format and its library form a model, which warns of its program and answers', async ({
  app,
  page,
  network,
  huggingFace,
}) => {
  network.allow('https://huggingface.co', 'https://us.cdn.hf.co', `https://${LIBRARY_HOST}`);
  const { source } = toyFor('webllm');
  const paths = source.kind === 'files' ? source.files.map(({ path }) => path) : [];
  huggingFace.library = readToy('library.wasm');
  await huggingFace.define('mlc', 'maker/Toy-q0f32-MLC', {
    commit: 'c0ffee',
    files: paths
      .filter((path) => path !== 'library.wasm')
      .map((path) => ({ path, lfs: path.endsWith('.bin'), base64: readToy(path).toString('base64') })),
  });
  const add = new AddModelPage(page);
  await app.open();
  await add.open();
  await page.getByText('A model in MLC’s format, for web-llm').click();
  const form = page.getByRole('textbox', { name: 'Repository', exact: true });
  await form.fill('maker/Toy-q0f32-MLC');
  await page.getByRole('textbox', { name: 'Address of its compiled library' }).fill(`https://${LIBRARY_HOST}/toy.wasm`);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText(`It includes a program (WebAssembly) from ${LIBRARY_HOST}.`)).toBeVisible();
  await add.name.fill('Toy from MLC');
  await page.getByRole('spinbutton', { name: 'Context window, tokens' }).fill('2048');
  await add.addAndDownload();
  await app.expectCheckable('Toy from MLC');
  await add.toChat();
  await app.ask(QUESTION, ANSWER);
  huggingFace.library = undefined;
});

test('a configured mirror replaces Hugging Face for the listing and for the files', async ({
  app,
  page,
  network,
  huggingFace,
}) => {
  // Not huggingface.co: a request to it fails the test.
  network.allow(`https://${MIRROR_HOST}`, 'https://us.cdn.hf.co');
  await huggingFace.define('mirrored', 'maker/Toy-GGUF', {
    commit: 'c0ffee',
    files: [{ path: 'Toy-F32.gguf', lfs: true, base64: TOY_GGUF.toString('base64') }],
  });
  const add = new AddModelPage(page);
  await app.open();
  await app.openPage('Settings');
  const mirror = page.locator('alcove-host-settings form').first();
  await mirror.getByRole('textbox', { name: 'Address of Hugging Face or a mirror' }).fill(`https://${MIRROR_HOST}`);
  await mirror.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Reload' }).click();
  await add.open();
  await expect(page.getByText(`Connects to ${MIRROR_HOST}.`)).toBeVisible();
  await add.look('maker/Toy-GGUF');
  await page.getByRole('button', { name: 'Review F32' }).click();
  await expect(page.locator('alcove-model-review').getByText(MIRROR_HOST)).toBeVisible();
  await add.name.fill('Toy from a mirror');
  await add.addAndDownload();
  await app.expectCheckable('Toy from a mirror');
  await add.toChat();
  await app.ask(QUESTION, ANSWER);
});

test('a GGUF that is dropped anywhere on the page is inspected, and another file is not taken for a model', async ({
  app,
  page,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle'));
  const add = new AddModelPage(page);
  await app.open();
  await page.waitForFunction(() => customElements.get('alcove-chat-list') !== undefined);
  await add.drop({ name: 'notes.pdf', buffer: Buffer.from('%PDF-1.7') }, page.locator('body'));
  await expect(app.composer).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
  await add.drop({ name: 'my toy.gguf', buffer: TOY_GGUF }, page.locator('body'));
  await expect(page.getByText('869.5 thousand')).toBeVisible();
  await add.addAndUse();
  await app.ask(QUESTION, ANSWER);
});

/**
 * The browser's dialogs for saving give places of the origin's private file system, whose handles are like the disk's. A
 * file takes one piece, or all, when the test says so.
 */
async function withSavePickers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
    let isOpen = false;
    let next = Promise.withResolvers<void>();
    const testPass = (all: boolean): void => {
      isOpen = all;
      next.resolve();
      next = Promise.withResolvers<void>();
    };
    Object.assign(globalThis, { testPass });
    const createWritable = FileSystemFileHandle.prototype.createWritable;
    FileSystemFileHandle.prototype.createWritable = async function (): Promise<FileSystemWritableFileStream> {
      const disk = await createWritable.call(this);
      const slow = new WritableStream({
        write: async (piece) => {
          if (!isOpen) await next.promise;
          await disk.write(piece);
        },
        close: () => disk.close(),
        abort: (reason) => disk.abort(reason),
      });
      return slow as FileSystemWritableFileStream;
    };
    const root = () => navigator.storage.getDirectory();
    Object.defineProperty(globalThis, 'showSaveFilePicker', {
      value: async ({ suggestedName }: { suggestedName: string }) => {
        return (await root()).getFileHandle(suggestedName, { create: true });
      },
    });
    Object.defineProperty(globalThis, 'showDirectoryPicker', { value: root });
  });
}

/** The names of all files, with their folders, and the sizes in bytes; of a folder with nothing in it 0. */
function filesOnDisk(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const sizes: Record<string, number> = {};
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      if (path !== '') sizes[path] = 0;
      for await (const [name, handle] of folder.entries()) {
        delete sizes[path];
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`);
        else if (handle instanceof FileSystemFileHandle) {
          // The browser's own file beside one that is written goes when the writer is closed.
          const file = await handle.getFile().catch(() => undefined);
          if (file !== undefined) sizes[path + name] = file.size;
        }
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    return sizes;
  });
}

test('an export goes to the file or folder that the user chooses, shows its progress, and can be cancelled', async ({
  app,
  page,
}) => {
  await withSavePickers(page);
  const add = new AddModelPage(page);
  await app.open();
  const card = app.model('Toy to carry');
  await add.store({ name: 'my toy.gguf', buffer: TOY_GGUF }, 'Toy to carry', card);
  for (const kind of ['file', 'folder']) {
    await test.step(`a cancelled export to a ${kind} leaves no file`, async () => {
      await card.getByRole('button', { name: `Export as a ${kind}` }).click();
      await expect(card.getByRole('progressbar', { name: 'Saving the model' })).toBeVisible();
      await expect(card.getByText(/ of 3\.5 MB/)).toBeVisible();
      await card.getByRole('button', { name: 'Cancel' }).click();
      // The piece on its way comes to its end first.
      await expect
        .poll(async () => {
          await page.evaluate(() => Reflect.get(globalThis, 'testPass')(false));
          return card.getByRole('progressbar').count();
        })
        .toBe(0);
      expect(await filesOnDisk(page)).toEqual({});
      await add.openMenu(card);
    });
  }
  await page.evaluate(() => Reflect.get(globalThis, 'testPass')(true));
  await card.getByRole('button', { name: 'Export as a file' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const [[name, sizeBytes] = ['', 0]] = Object.entries(await filesOnDisk(page));
  expect(name).toMatch(/^Toy-to-carry-.*\.alcove\.tar$/);
  expect(sizeBytes).toBeGreaterThan(TOY_GGUF.length);
  await add.openMenu(card);
  await card.getByRole('button', { name: 'Export as a folder' }).click();
  await expect.poll(async () => Object.keys(await filesOnDisk(page)).length).toBe(3);
  await expect(card.getByRole('progressbar')).toBeHidden();
  const sizes = await filesOnDisk(page);
  expect(Object.keys(sizes).some((path) => /^Toy-to-carry-[^/]*\/alcove-model\.json$/.test(path))).toBe(true);
  expect(Object.values(sizes)).toContain(TOY_GGUF.length);
});
