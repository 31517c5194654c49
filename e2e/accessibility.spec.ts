import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accessibilityTree } from './support/accessibility-tree.ts';
import { AddModelPage } from './support/add-model-page.ts';
import { LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { expectNoViolations } from './support/axe.ts';
import { breakOldestChat } from './support/break-chat.ts';
import { serveCatalogue, shippedRecords } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';

const TOY_GGUF = readFileSync(fileURLToPath(new URL('../public/models/toy/toy-f32.gguf', import.meta.url)));

test('no page and no dialog has a violation in any theme', async ({ app, page }) => {
  await app.open();
  await expect(app.downloadButton('Toy, to try the app')).toBeVisible();
  await expectNoViolations(page, 'the first page');

  await app.download(LLAMA_TOY_NAME);
  await app.expectStored(LLAMA_TOY_NAME);
  await expectNoViolations(page, 'the models over the chat');
  await app.closeModels();
  await expectNoViolations(page, 'an empty chat');

  await test.step('no state of a chat has a violation', async () => {
    await app.ask('What is two plus two?', 'Two plus two is four.');
    await app.regenerate();
    await app.expectBranch(app.answers.last(), '2/2');
    await app.expectIdle();
    await app.showStatistics();
    await app.beginEdit(app.questions.first(), 'What colour is the sky?');
    await expectNoViolations(page, 'a chat with statistics and an editor');
    await page.keyboard.press('Escape');
  });

  await test.step('no panel over a chat has a violation', async () => {
    await app.openChatPanel();
    await expectNoViolations(page, 'the settings of the chat');
    await app.closeChatPanel();
    const branches = await app.openBranches(app.answers.last());
    await expectNoViolations(page, 'the branches');
    await branches.getByRole('button', { name: 'Close' }).click();
    await page.getByTitle('Requests from this page').click();
    const requests = page.getByRole('dialog', { name: 'On this device' });
    await expect(requests).toBeVisible();
    await expectNoViolations(page, 'the requests');
    await page.keyboard.press('Escape');
    await expect(requests).toBeHidden();
    for (const keys of ['Control+k', 'Control+/']) {
      await page.keyboard.press(keys);
      await expect(page.locator('dialog[open]')).toBeVisible();
      await expectNoViolations(page, `what ${keys} opens`);
      await page.keyboard.press('Escape');
      await expect(page.locator('dialog[open]')).toHaveCount(0);
    }
    await app.tagChat('What is two plus two?', 'numbers');
    await expect(app.tagFilter('numbers')).toBeVisible();
    await app.answers.last().getByRole('button', { name: 'More' }).click();
    await expect(page.getByRole('menuitem').first()).toBeVisible();
    await expectNoViolations(page, 'an open menu, and tags');
    await page.keyboard.press('Escape');
  });

  await test.step('the models have no violation', async () => {
    await app.openPage('Models');
    await page.getByRole('searchbox', { name: 'Search models' }).fill('qwen3.5');
    const compare = page.getByRole('checkbox', { name: /^Compare Qwen3\.5 [24]B/ });
    await compare.nth(0).check();
    await compare.nth(1).check();
    await expectNoViolations(page, 'the list of models');
    await page.getByRole('button', { name: 'Compare 2' }).click();
    const comparison = page.getByRole('table', { name: 'Compare models' });
    await expect(comparison).toBeVisible();
    await expectNoViolations(page, 'a comparison');
    await page.keyboard.press('Escape');
    await expect(comparison).toBeHidden();
    await page.getByRole('button', { name: 'Qwen3.5 2B', exact: true }).click();
    await expect(page.getByRole('button', { name: 'All models' })).toBeVisible();
    await expectNoViolations(page, 'the page of a model');
  });

  await test.step('the storage page with a foreign cache has no violation', async () => {
    await page.evaluate(async () => {
      await (await caches.open('webllm/model')).put('/left', new Response('left'));
    });
    await app.openPage('Storage');
    await expect(page.getByRole('button', { name: 'Remove', exact: true })).toBeVisible();
    await expectNoViolations(page, 'storage');
  });

  await test.step('the settings with the result of an import have no violation', async () => {
    await app.openSettings();
    const chooser = page.waitForEvent('filechooser');
    await page.getByText('Choose files', { exact: true }).click();
    const buffer = Buffer.from('[{"title": "Half", "mapping": {}}, {"title"');
    await (await chooser).setFiles({ name: 'conversations.json', mimeType: 'application/json', buffer });
    await expect(page.getByText(/No new chats|No chats can be read/)).toBeVisible();
    await expectNoViolations(page, 'settings and an import');
  });
});

test('no error message has a violation in any theme', async ({ app, page, site }) => {
  const toy = shippedRecords().find(({ name }) => name === LLAMA_TOY_NAME);
  if (toy === undefined) throw new Error(`The catalogue has no ${LLAMA_TOY_NAME}.`);

  await test.step('a broken catalogue shows no violation', async () => {
    site.serve('/catalogue.json', '{', 'application/json');
    await app.open();
    await expect(page.getByText('The list of models cannot be read').first()).toBeVisible();
    await expectNoViolations(page, 'a list of models that cannot be read');
  });

  await test.step('a failed download shows no violation', async () => {
    const file = { path: 'a.gguf', url: 'weights/a.gguf', sizeBytes: 1_000_000, sha256: '0'.repeat(64) };
    const source = { kind: 'files', revision: '1', files: [file] };
    const broken = { ...toy, id: 'broken', name: 'Broken', sizeBytes: file.sizeBytes, source };
    serveCatalogue(site, [{ ...toy, contextWindow: 300, trainedContextWindow: 300 }, broken]);
    site.serve('/weights/a.gguf', '<!doctype html><title>Sign in</title>', 'text/html');
    await app.open();
    await app.download('Broken');
    await expect(app.model('Broken').getByText('The server sent a web page instead of the model')).toBeVisible();
    await expectNoViolations(page, 'a download that failed');
  });

  await test.step('a full context window shows no violation', async () => {
    await app.download(LLAMA_TOY_NAME);
    await app.expectStored(LLAMA_TOY_NAME);
    const choice = page.getByRole('alertdialog', { name: 'The context window is full' });
    for (let count = 0; count < 20 && !(await choice.isVisible()); count += 1) {
      await app.send('What is two plus two?');
      await expect(choice.or(app.answers.nth(count).getByRole('button', { name: 'Statistics' }))).toBeVisible();
    }
    await expect(choice).toBeVisible();
    await expectNoViolations(page, 'the choice about a full context window');
  });

  await test.step('an unreadable chat shows no violation', async () => {
    await page.evaluate(breakOldestChat);
    await page.reload();
    await app.openChat('What is two plus two?');
    await expect(page.getByText('This chat cannot be read')).toBeVisible();
    await expectNoViolations(page, 'a chat that cannot be read');
  });

  await test.step('the page for adding a model has no violation', async () => {
    const add = new AddModelPage(page);
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'showOpenFilePicker'));
    await add.open();
    await expectNoViolations(page, 'adding a model');
    await add.choose({ name: 'page.gguf', buffer: Buffer.from('<!doctype html><title>Sign in</title>') });
    await expect(page.getByText('This is not a GGUF file')).toBeVisible();
    await expectNoViolations(page, 'a file that is no model');
    await add.choose({ name: 'my toy.gguf', buffer: TOY_GGUF });
    await expect(add.name).toBeVisible();
    await expectNoViolations(page, 'a model that is looked at');
  });
});

test('a screen reader announces a download, an answer by sentences, and its end', async ({ app, page }) => {
  /** What has been said in the live region of this role, outside of what is asleep behind a panel. */
  const said = async (role: string): Promise<string> => {
    const regions = (await accessibilityTree(page)).filter((node) => node.role === role && node.live === 'polite');
    return regions.map(({ text }) => text).join(' ');
  };
  await app.open();
  await app.download(LLAMA_TOY_NAME);
  await app.expectStored(LLAMA_TOY_NAME);
  await expect.poll(() => said('status')).toContain(`${LLAMA_TOY_NAME} is on this device now.`);
  await app.closeModels();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await expect.poll(() => said('log')).toMatch(/Two plus two is four\. .*The answer is complete\.$/);
  const story = await HeldEngine.at(page, /On day one/);
  await app.send('Tell me a long story.');
  await story.reached();
  // A short answer may be whole before its start is announced; this one is held.
  await expect.poll(() => said('log')).toContain('The answer starts.');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => said('log')).toMatch(/Stopped\. The answer so far is kept\.$/);
  await test.step('a screen reader can reach each control by its name', async () => {
    const controls = (await accessibilityTree(page)).filter(({ role }) =>
      ['button', 'link', 'textbox', 'searchbox', 'checkbox', 'radio', 'combobox', 'menuitem'].includes(role),
    );
    expect(controls.length).toBeGreaterThan(10);
    expect(controls.filter(({ name }) => name === '')).toEqual([]);
  });
});
