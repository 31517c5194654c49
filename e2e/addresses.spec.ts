import type { Page } from '@playwright/test';
import { type AlcovePage, LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';
import { storeChat } from './support/store-chat.ts';

const LONG_ANSWERS = Array.from({ length: 30 }, (_, n) => `Answer ${n}. ${'It is a long one. '.repeat(60)}`);

/** Two chats, `#/chat/short` and `#/chat/long`, and no model. */
async function openWithChats(app: AlcovePage): Promise<void> {
  await app.open();
  await storeChat(app.page, 'Short', ['Yes.'], 'short');
  await storeChat(app.page, 'Long', LONG_ANSWERS, 'long');
  await app.page.reload();
  await app.expectOpen();
}

const hash = (page: Page): Promise<string> => page.evaluate(() => location.hash);

test('chats, pages and panels have addresses, which Back and a reload go to', async ({ app, page }) => {
  await openWithChats(app);
  const panel = page.getByRole('dialog', { name: 'This chat' });

  await app.openChat('Short');
  await expect.poll(() => hash(page)).toBe('#/chat/short');
  await app.openChat('Long');
  await expect.poll(() => hash(page)).toBe('#/chat/long');

  await test.step('Back closes a panel first, and then goes to the chat before', async () => {
    await page.getByRole('button', { name: 'This chat' }).click();
    await expect(panel).toBeVisible();
    await expect.poll(() => hash(page)).toBe('#/chat/long/settings');
    await page.goBack();
    await expect(panel).toBeHidden();
    await expect(app.answers.last()).toContainText('Answer 29');
    await page.goBack();
    await expect(app.answers.last()).toContainText('Yes.');
    await page.goForward();
    await expect(app.answers.last()).toContainText('Answer 29');
  });

  await test.step('closing a panel by hand leaves no entry behind', async () => {
    await app.openChatPanel();
    await app.closeChatPanel();
    await expect.poll(() => hash(page)).toBe('#/chat/long');
    await page.goBack();
    await expect(app.answers.last()).toContainText('Yes.');
  });

  await test.step('a panel is open after a reload, Escape closes it from anywhere, and so does another chat', async () => {
    await app.openChatPanel();
    await page.reload();
    await expect(panel).toBeVisible();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(app.answers.last()).toContainText('Yes.');
    await app.openChatPanel();
    await app.openChat('Long');
    await expect(panel).toBeHidden();
    await app.openChatPanel();
    await app.newChat();
    await expect(panel).toBeHidden();
    await expect.poll(() => hash(page)).toBe('');
    await page.goBack();
    await expect(app.answers.last()).toContainText('Answer 29');
  });

  await test.step('a chat comes back at the place where the user was reading', async () => {
    await app.openChat('Long');
    await expect(app.answers.last()).toContainText('Answer 29');
    const place = page.getByText('Answer 20.');
    await place.scrollIntoViewIfNeeded();
    await expect(page.getByRole('button', { name: 'Scroll to the latest' })).toBeVisible();
    const before = await place.boundingBox();
    await page.reload();
    await expect(place).toBeInViewport();
    await expect.poll(async () => Math.abs(((await place.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(4);
    await app.openPage('Settings');
    await page.goBack();
    await expect(place).toBeInViewport();
  });

  await test.step('a page has its own, and a chat that is not here says so', async () => {
    await app.openPage('Storage');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Storage', level: 1 })).toBeVisible();
    await page.goto(`${app.address}#/chat/gone`);
    await expect(page.getByText('This chat is not on this device.')).toBeVisible();
    await expect.poll(() => hash(page)).toBe('');
  });
});

test('a project and a new chat in it have addresses, which Back and a reload go to', async ({ app, page }) => {
  await openWithChats(app);
  const heading = page.getByRole('heading', { name: 'Boats', level: 1 });
  const chip = page.getByRole('button', { name: 'Project: Boats' });
  await page.getByRole('button', { name: 'New project' }).click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused();
  await page.keyboard.type('Boats');
  await page.keyboard.press('Enter');
  await expect(heading).toBeVisible();
  await page.getByRole('textbox', { name: /^Instructions/ }).fill('You know boats.');
  await app.moveChat('Short', 'Boats');
  const chats = page.locator('alcove-project-page').getByRole('list', { name: 'Chats' });
  await expect(chats.getByRole('button', { name: 'Short' })).toBeVisible();
  const address = await hash(page);
  expect(address).toMatch(/^#\/project\/[\w-]+$/);
  await page.reload();
  await expect(heading).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Instructions/ })).toHaveValue('You know boats.');
  await expect(chats.getByRole('button', { name: 'Short' })).toBeVisible();

  await page.getByRole('button', { name: 'New chat in this project' }).click();
  await expect(chip).toBeVisible();
  expect(await hash(page)).toBe(`${address}/new`);
  await page.reload();
  await expect(chip).toBeVisible();
  await page.goBack();
  await expect(heading).toBeVisible();
  await chats.getByRole('button', { name: 'Short' }).click();
  await expect(app.answers.last()).toContainText('Yes.');
  await expect(chip).toBeVisible();
  await page.goBack();
  await expect(heading).toBeVisible();
});

test('the page for models, each model, a comparison and adding one have addresses, which Back and a reload go to', async ({
  app,
  page,
}) => {
  await app.open();
  const list = page.getByRole('list', { name: 'Models' });
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const views = [
    ['#/models', () => list],
    ['#/models/Llama-3.2-1B-Instruct-q4f16_1-MLC', () => heading('Llama 3.2 1B Instruct')],
    [
      '#/models/compare?id=Llama-3.2-1B-Instruct-q4f16_1-MLC&id=gemma-3-1b-it-q4f16_1-MLC',
      () => page.getByRole('columnheader', { name: 'Llama 3.2 1B Instruct' }),
    ],
    ['#/models/add', () => heading('Add a model')],
  ] as const;
  for (const [address, shown] of views) {
    await page.goto(app.address + address);
    await expect(shown()).toBeVisible();
    await page.reload();
    await expect(shown()).toBeVisible();
    expect(await hash(page)).toBe(address);
  }
  for (const [address, shown] of views.toReversed().slice(1)) {
    await page.goBack();
    await expect(shown()).toBeVisible();
    expect(await hash(page)).toBe(address);
  }

  await test.step('a click goes to a model, and Escape back to its row', async () => {
    await list.getByRole('button', { name: 'Gemma 3 1B', exact: true }).click();
    await expect(heading('Gemma 3 1B')).toBeVisible();
    await expect(page).toHaveTitle('Gemma 3 1B – Alcove');
    await expect(list).toBeHidden();
    const entries = await page.evaluate(() => history.length);
    await page.keyboard.press('Escape');
    await expect(list.getByRole('button', { name: 'Gemma 3 1B', exact: true })).toBeFocused();
    await expect(page).toHaveTitle('Models – Alcove');
    // Escape has gone back rather than on.
    await page.goForward();
    await expect(heading('Gemma 3 1B')).toBeVisible();
    expect(await page.evaluate(() => history.length)).toBe(entries);
  });

  await test.step('from a link to a model, Escape shows the list in its place', async () => {
    await page.goto(`${app.address}#/chat`);
    await page.goto(app.address + views[1][0]);
    await expect(heading('Llama 3.2 1B Instruct')).toBeVisible();
    await page.locator('alcove-model-list').getByRole('button', { name: 'All models' }).focus();
    const entries = await page.evaluate(() => history.length);
    await page.keyboard.press('Escape');
    await expect(list).toBeVisible();
    expect(await page.evaluate(() => history.length)).toBe(entries);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('Back closes the list of chats, and a chat that is chosen in it takes its place', async ({ app, page }) => {
    await openWithChats(app);
    const list = page.getByRole('navigation', { name: 'Chats' });
    await page.getByRole('button', { name: 'Chats' }).click();
    await expect(list).toBeVisible();
    await page.goBack();
    await expect(list).toBeHidden();
    await page.getByRole('button', { name: 'Chats' }).click();
    await list.getByRole('button', { name: 'Short', exact: true }).click();
    await expect(list).toBeHidden();
    await expect(app.answers.last()).toContainText('Yes.');
    await page.getByRole('button', { name: 'Chats' }).click();
    await list.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    await page.goBack();
    await expect(app.answers.last()).toContainText('Yes.');
    await expect(list).toBeHidden();
  });
});

test('a link fills the message field and chooses a model and a persona once, and sends nothing', async ({
  app,
  page,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.composer.fill('Typed before.');
  await page.goto(`${app.address}?q=From%20a%20link&model=${encodeURIComponent(LLAMA_TOY_NAME)}&persona=editor`);
  await expect(app.composer).toHaveValue('Typed before.\n\nFrom a link');
  expect(new URL(page.url()).search).toBe('');
  await expect(app.answers).toHaveCount(0);
  const panel = await app.openChatPanel();
  await expect(panel.getByRole('textbox', { name: 'System prompt' })).toHaveValue(/^You are an editor\./);
  await page.goto(`${app.address}?model=nobody-knows-it`);
  await expect(
    page.getByText('The link asks for the model “nobody-knows-it”, which is not on this device.'),
  ).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();
});

test('a temporary chat is kept nowhere', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: /^Find a command/ }).fill('Temporary');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Temporary chats: they are kept nowhere')).toBeVisible();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await expect(app.chats).toHaveCount(1);
  await page.getByRole('link', { name: 'Back to your chats' }).click();
  await expect(page.getByText('Your chats will be listed here.')).toBeVisible();
  await expect(app.chats).toHaveCount(0);
});
