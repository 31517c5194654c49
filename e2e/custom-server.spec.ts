import { startChatFaults } from './support/chat-faults.ts';
import { expect, test } from './support/fixtures.ts';
import { type LlamaServer, startLlamaServer } from './support/llama-server.ts';

const KEY = 'open sesame';

let server: LlamaServer;

test.beforeAll(async () => {
  server = await startLlamaServer({ model: 'public/models/toy/toy-f32.gguf', contextWindow: 2048, key: KEY });
});
test.afterAll(() => server.close());

test('a chat on a custom server works, and every view marks it as leaving the device', async ({
  app,
  page,
  network,
}) => {
  network.allow(server.url);
  const { host } = new URL(server.url);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(server.url)) asked.push(request.url());
  });
  await app.open();

  // Off until the user adds an address; the browser then lets the page ask it from its next load on.
  await app.openPage('Settings');
  await page.getByRole('textbox', { name: 'Address of the server' }).fill(server.url);
  await page.getByLabel('API key, if the server needs one').fill(KEY);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Reload the page so that the browser lets it connect.')).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Reload' }).first().click();
  await expect(page.getByText('1 model', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the chat' }).click();

  await app.openModels();
  await expect(page.getByRole('heading', { name: /on this computer/, level: 2 })).toBeVisible();
  await expect(page.getByText(/is sent to/)).toBeHidden();
  // There is no other that could be chosen.
  await expect(app.model('toy-f32').getByText('Selected')).toBeVisible();
  await app.closeModels();
  await expect(page.getByTitle('Requests from this page')).toContainText(`On this computer: ${host}`);
  await expect(page.getByText(/Leaves this device/)).toBeHidden();

  await app.ask('My name is Amir.', 'Nice to meet you, Amir.');
  await app.ask('What is my name?', 'Your name is Amir.');
  await expect(app.answers.last().getByText(`On this computer: ${host}`)).toBeVisible();
  await app.ask('Tell me a long story.', 'On day one');

  await page.getByTitle('Requests from this page').click();
  const row = page.locator('summary').filter({ hasText: host });
  await expect(row).toContainText('your server: what you write is sent there');
  await expect(page.getByText('is sent there, and nowhere else', { exact: false })).toBeVisible();

  // The key is in the place for keys, and in no other store, address or word on the page.
  const kept = await page.evaluate(async () =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
  );
  expect(kept).not.toContain(KEY);
  expect(asked.join()).not.toContain(encodeURIComponent(KEY));
  expect(await page.content()).not.toContain(KEY);

  // The chat is there after a new start, with its marks, and continues.
  await page.reload();
  await app.openChat('My name is Amir.');
  await expect(page.getByTitle('Requests from this page')).toContainText(`On this computer: ${host}`);
  await expect(app.answers.first().getByText(`On this computer: ${host}`)).toBeVisible();

  // Forgotten, it is asked no more, and the chat stays readable.
  await app.openPage('Settings');
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove' }).last().click();
  await expect(page.getByText('1 model', { exact: true })).toBeHidden();
  expect(await page.evaluate(() => localStorage.getItem('alcove-hosts') ?? '')).not.toContain(host);
});

test('a lost connection is reported and keeps the text, and an answer that stalls can be stopped', async ({
  app,
  page,
  network,
}) => {
  const faults = await startChatFaults();
  network.allow(faults.origin);
  await app.allowHost(faults.origin);
  await app.open();
  await app.openPage('Settings');
  for (const fault of ['cut', 'no-cors']) {
    await page.getByRole('textbox', { name: 'Address of the server' }).fill(`${faults.origin}/${fault}`);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  }
  await expect(page.getByText('Your server does not answer')).toBeVisible();
  await expect(page.getByText('OLLAMA_ORIGINS', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the chat' }).click();
  await app.openModels();
  await expect(app.model('m').getByText('Selected')).toBeVisible();
  await app.closeModels();
  await app.send('Count.');
  await expect(app.answers.last()).toContainText('One two three');
  await fetch(`${faults.origin}/_cut`, { method: 'POST' });
  await expect(app.answers.last()).toContainText('The connection to your server was lost');

  // The one that breaks goes, and one that stalls comes in its place.
  await app.openPage('Settings');
  const broken = page.locator('.server').filter({ hasText: '1 model' });
  await broken.getByRole('button', { name: 'Remove' }).click();
  await broken.getByRole('button', { name: 'Remove' }).click();
  await expect(broken).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to the chat' }).click();
  await app.addServer(`${faults.origin}/stalls`);
  await app.send('Count.');
  await app.expectAnswer('One two three');
  await app.stop();
  await faults.close();
});
