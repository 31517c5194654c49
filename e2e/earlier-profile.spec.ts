/**
 * What a released build has stored is opened by this one, and nothing of it is lost. The recordings are in e2e/profiles;
 * record-profile.ts there says what their user has done.
 */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { ChatServer } from './profiles/chat-server.ts';
import { expect, test } from './profiles/fixtures.ts';
import { restoreStorage, type StorageDump } from './profiles/storage-dump.ts';
import { withVoice } from './profiles/voice.ts';
import { LLAMA_TOY_NAME, TOY_NAME } from './support/alcove-page.ts';
import { MIRROR_HOST, UNLISTED_HOST } from './support/hugging-face-host.ts';

const PROFILE: StorageDump = readJson('profiles/0.1.0-2026-11-30.json');
const { devDependencies } = readJson<{ devDependencies: Record<string, string> }>('../package.json');

const SUM = 'What is two plus two?';
const SKY = 'What colour is the sky?';
const WEEK = 'How many days are in a week?';
const WATER = 'What is water made of?';

// So that it is the stored language that applies.
test.use({ locale: 'de-DE' });

test.beforeEach(async ({ network, page, site }) => {
  network.allow(ChatServer.origin);
  await withVoice(page);
  // Nothing of the app has run here.
  site.serve('/blank.html', '<!doctype html><title>Blank</title>', 'text/html');
  await page.goto(`${site.origin}/blank.html`);
  await restoreStorage(page, PROFILE, {
    webllm: devDependencies['@mlc-ai/web-llm'] ?? '',
    wllama: devDependencies['@wllama/wllama'] ?? '',
  });
});

// The recorded device has shared memory, and a device without it is another one.
test.use({ threads: true });

test('the chats of an earlier version keep their branches, titles, labels, settings and drafts', async ({
  app,
  page,
}) => {
  await app.open();
  await expect(app.composer).toHaveValue('What shall I plant?');
  await expect(app.pinnedChats).toHaveText([/Branches/]);
  await expect(app.chats).toHaveText([
    /Branches/,
    /On the server/,
    /Left in a load/,
    /Summarised/,
    /Broken off/,
    /From the disk/,
    /Continued story/,
    /Pirate/,
    /Fork\s*nature · school/,
    /Long ago/,
  ]);
  await expect(app.archive).toHaveText('1 archived chat');

  await test.step('the branches are kept, also those that are not shown', async () => {
    const second = app.questions.nth(1);
    await app.openChat('Branches');
    await expect(app.questions).toContainText([SUM, WEEK]);
    await app.expectBranch(second, '2/2');
    await app.expectBranch(app.answers.last(), '2/2');
    await app.toPreviousBranch(second);
    await expect(app.questions).toContainText([SUM, SKY]);
    await expect(app.answers).toContainText(['Two plus two is four.', 'The sky is blue.']);
    await app.openChat('Long ago');
    await expect(app.questions).toContainText([SUM, SKY]);
    await expect(second.getByTitle('All branches')).toHaveCount(0);
  });

  await test.step('the origin of a chat and its tags are kept', async () => {
    await app.openChat('Fork nature · school');
    await expect(page.getByText(/ from “What is two plus two\?/)).toBeVisible();
    await expect(app.answers.nth(1)).toContainText('Water is made of hydrogen and oxygen.');
    await app.tagFilter('school').click();
    await expect(app.chats).toHaveText([/Fork/]);
    await app.tagFilter('school').click();
  });

  await test.step('the draft and the settings of a chat are kept, and why its answer ended', async () => {
    await app.openChat('Pirate');
    await expect(app.composer).toHaveValue('Where is the treasure?');
    await expect(app.answers).toContainText(['Arr! I am Otto the pirate.', 'Cut off']);
    const panel = await app.openChatPanel();
    await expect(panel.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You are Otto, a pirate.');
    await expect(panel.getByRole('button', { name: /^Otto, a pirate/ })).toHaveAttribute('aria-pressed', 'true');
    await expect(panel.getByRole('spinbutton', { name: /^Maximum answer length/ })).toHaveValue('3');
    await expect(panel.getByRole('spinbutton', { name: /^Temperature/ })).toHaveValue('0.3');
    await expect(panel.getByRole('combobox', { name: /^When the context window is full/ })).toHaveValue('summarise');
    await app.closeChatPanel();
    await app.showStatistics();
    await expect(app.answers.last().getByText('3 tokens', { exact: true })).toBeVisible();
  });

  await test.step('reasoning, an answer that a crash cut off, a failure and a summary are kept', async () => {
    await app.openChat('On the server');
    await expect(app.answers.first()).toContainText('This is the answer.');
    await app.answers.first().getByText('Thought').click();
    await expect(app.answers.first().getByText('The user writes, so I answer.')).toBeVisible();
    await expect(app.answers.last()).toContainText('Day 3.');
    await expect(app.answers.last()).toContainText('Stopped. The answer so far is kept.');
    const panel = await app.openChatPanel();
    await expect(panel.getByRole('button', { name: /^Gardener\s*Plants/ })).toHaveAttribute('aria-pressed', 'true');
    await expect(panel.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You are Zoe, a gardener.');
    await app.closeChatPanel();
    await app.openChat('Broken off');
    await expect(app.answers.last()).toContainText('This is the answer.');
    await expect(app.answers.last()).toContainText('The connection to your server was lost');
    await app.openChat('Summarised');
    await expect(page.getByText('Summary: for the model, it replaces the messages above')).toBeVisible();
    await expect(app.questions).toContainText(['Remember this.', 'And remember that.']);
  });

  await test.step('the archived chats are kept', async () => {
    await app.archive.click();
    await app.openChat('Stopped story');
    await expect(app.answers.last()).toContainText('On day one');
    await expect(app.answers.last()).toContainText('Stopped. The answer so far is kept.');
  });

  await test.step('the text of deleted messages leaves the store', async () => {
    const deleted = idsOfDeleted(storedMessages());
    expect(deleted.size).toBeGreaterThan(1);
    await expect.poll(() => idsWithContent(page, [...deleted])).toEqual([]);
  });
});

test('an export of all chats contains each message of an earlier version but those that were deleted', async ({
  app,
  page,
}) => {
  await app.open();
  await app.openSettings();
  const { path } = await app.save(page.getByRole('button', { name: 'Save all chats' }));
  const saved = readFileSync(path, 'utf8');
  const messages = storedMessages();
  expect(messages.length).toBeGreaterThan(30);
  const deleted = idsOfDeleted(messages);
  expect(deleted.size).toBeGreaterThan(1);
  for (const id of deleted) expect(saved).not.toContain(id);
  for (const { id, text, reasoning, settings, statistics } of messages) {
    if (deleted.has(id)) continue;
    for (const part of [id, text, reasoning ?? '']) expect(saved).toContain(inJson(part));
    for (const figures of [settings, statistics]) {
      for (const figure of Object.values(figures ?? {})) {
        if (typeof figure === 'number') expect(saved).toContain(String(figure));
      }
    }
  }
});

test('the appearance, language, personas, hosts and server of an earlier version apply', async ({
  app,
  chatServer,
  page,
}) => {
  await app.open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('body')).toHaveCSS('color-scheme', 'dark');
  // A shortcut of a single key, which is off.
  await page.getByRole('button', { name: 'New chat', exact: true }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await app.openSettings();
  await expect(page.getByRole('combobox', { name: 'Language', exact: true })).toHaveValue('en');
  for (const choice of ['Dark', 'High', 'Larger']) {
    await expect(page.getByRole('radio', { name: choice, exact: true })).toBeChecked();
  }
  await expect(page.getByRole('checkbox', { name: 'Show a button that reads answers aloud' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Show a button to dictate messages' })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'System prompt' })).toHaveValue('You are a helpful assistant.');
  await expect(page.getByRole('spinbutton', { name: /^Temperature/ })).toHaveValue('0.2');
  await expect(page.getByRole('spinbutton', { name: /^Top-k/ })).toHaveValue('40');
  await expect(page.getByRole('textbox', { name: /^Stop strings/ })).toHaveValue('THE END');
  await expect(page.getByRole('combobox', { name: 'Titles of chats' })).toHaveValue('model');
  await expect(page.getByRole('textbox', { name: 'Address of Hugging Face or a mirror' })).toHaveValue(
    `https://${MIRROR_HOST}`,
  );
  await expect(page.getByRole('listitem').filter({ hasText: `https://${UNLISTED_HOST}` })).toBeVisible();
  await expect(page.getByText('1 model', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the chat' }).click();

  await test.step('a request to the server has its key', async () => {
    await app.openChat('On the server');
    await app.ask('Hello again.', 'This is the answer.');
    expect(chatServer.asked.at(-1)).toEqual({ authorization: `Bearer ${ChatServer.key}`, text: 'Hello again.' });
  });

  await test.step('an accepted catalogue is used without a question', async () => {
    await page.goto(`${app.address}?catalogue=other.json`);
    await app.expectOpen();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test('the models of an earlier version answer without a download, and their measurements are kept', async ({
  app,
  page,
  site,
}) => {
  const mark = site.requests.length;
  await app.open();
  await expect(app.loadQuestion).toContainText(`The page crashed while ${TOY_NAME} was loading`);
  await app.openPage('Models');
  await expect(page.getByRole('button', { name: /^(Measure again|Measuring…)$/ })).toBeVisible();
  await app.openPage('Storage');
  await expect(page.getByRole('heading', { name: 'Unfinished downloads' })).toBeVisible();
  await expect(app.model('Half a toy').getByText(/^Paused at 6\.\d MB of 7 MB/)).toBeVisible();
  for (const name of [TOY_NAME, LLAMA_TOY_NAME, 'Toy from afar']) await app.expectCheckable(name);
  await app.model('Toy from afar').getByRole('button', { name: 'Check files' }).click();
  await expect(page.getByText('All files are intact.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the chat' }).click();
  await app.openModels();
  await expect(app.model('Toy as a gift')).toBeVisible();
  await app.closeModels();

  await test.step('the run history and the speeds are kept', async () => {
    await app.openChat('Fork nature · school');
    await page.getByTitle('Requests from this page').click();
    const backends = page.locator('alcove-backend-panel').getByRole('listitem');
    const measured = backends.filter({ hasText: 'tokens/s' }).filter({ hasText: 'Passed the self-test' });
    await expect(measured).not.toHaveCount(0);
    await page.getByRole('dialog', { name: 'On this device' }).getByRole('button', { name: 'Close' }).click();
  });

  await test.step('each model answers', async () => {
    await app.openChat('Left in a load');
    await app.loadQuestion.getByRole('button', { name: 'Load again' }).click();
    await app.ask(WEEK, 'There are seven days in a week.');
    for (const name of ['Toy from afar', 'Toy on disk']) {
      await app.newChat();
      await app.openModels();
      await app.model(name).getByRole('button', { name: 'Start chatting' }).click();
      await app.closeModels();
      await app.ask(WATER, 'Water is made of hydrogen and oxygen.');
    }
  });
  expect(site.requests.slice(mark).filter((path) => path.includes('models/toy'))).toEqual([]);
});

function recordsOf(database: string, store: string): readonly { readonly value: unknown }[] {
  const stores = PROFILE.databases.find(({ name }) => name === database)?.stores ?? [];
  return stores.find(({ name }) => name === store)?.records ?? [];
}

function storedMessages(): readonly Record<string, unknown>[] {
  return recordsOf('alcove-chats', 'messages').map(({ value }) => value as Record<string, unknown>);
}

/** Which of these messages the page's database has with what was written in them. */
function idsWithContent(page: Page, ids: readonly unknown[]): Promise<unknown[]> {
  return page.evaluate(async (wanted) => {
    const database = await promised(indexedDB.open('alcove-chats'));
    const messages = await promised(database.transaction('messages').objectStore('messages').getAll());
    database.close();
    const hasContent = ({ text = '', parts = [] }: { text?: string; parts?: unknown[] }): boolean =>
      text !== '' || parts.length > 0;
    return messages
      .filter(({ id }) => wanted.includes(id))
      .filter(hasContent)
      .map(({ id }) => id);

    function promised<Result>(request: IDBRequest<Result>): Promise<Result> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }
  }, ids);
}

/** Messages that the user has deleted and not restored, with those that followed them. */
function idsOfDeleted(messages: readonly Record<string, unknown>[]): ReadonlySet<unknown> {
  const isDeleted = ({ deletedAt = 0, restoredAt = 0 }: Record<string, unknown>): boolean =>
    Number(deletedAt) > Number(restoredAt);
  const deleted = new Set<unknown>(messages.filter(isDeleted).map(({ id }) => id));
  // A Set also iterates over what is added meanwhile.
  for (const parent of deleted) for (const { id, parentId } of messages) if (parentId === parent) deleted.add(id);
  return deleted;
}

/** A text as it stands in a file of JSON. */
function inJson(text: unknown): string {
  return JSON.stringify(text).slice(1, -1);
}

function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Value;
}
