import { expect, test } from './support/fixtures.ts';

test('a bubble and a panel open and close by the keyboard, and leave the dialog around them open', async ({
  site,
  page,
}) => {
  site.serve(
    '/host',
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title>
    <script type="module" src="/embed/alcove-chat.js"></script>
    <dialog style="inline-size: 600px; block-size: 400px"><alcove-chat layout="bubble" heading="Help" model="toy-f32-GGUF"></alcove-chat></dialog></html>`,
    'text/html',
  );
  await page.goto(`${site.origin}/host`);
  await page.evaluate(() => document.querySelector('dialog')?.showModal());
  const dialog = page.locator('dialog');
  const bubble = page.getByRole('button', { name: 'Open the chat' });
  const chat = page.getByRole('dialog', { name: 'Help' });
  const field = chat.getByRole('textbox', { name: 'Message' });

  await bubble.focus();
  await page.keyboard.press('Enter');
  await expect(field).toBeFocused();
  await page.keyboard.type('half a sent');
  // The first use has loaded the chat, whose offer leaves the text where it is.
  await expect(chat.getByRole('button', { name: /^Download/ })).toBeVisible();
  await expect(field).toHaveValue('half a sent');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat).toBeHidden();
  await expect(dialog).toBeVisible();
  await expect(bubble).toBeFocused();

  // On a phone it is the whole window, with a button that closes it.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.keyboard.press('Enter');
  await expect(field).toBeFocused();
  expect(await chat.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
  await expect(field).toBeInViewport({ ratio: 1 });
  await chat.getByRole('button', { name: 'Close', exact: true }).press('Enter');
  await expect(chat).toBeHidden();
  await expect(bubble).toBeFocused();

  // What was closed stays closed in another layout.
  const panel = page.locator('alcove-chat');
  const open = () => panel.evaluate((element) => (element as unknown as { open(): Promise<void> }).open());
  await panel.evaluate((element) => element.setAttribute('layout', 'panel'));
  await expect(panel).toBeHidden();
  await open();
  await expect(panel.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await panel.getByRole('button', { name: 'Close', exact: true }).press('Enter');
  await expect(panel).toBeHidden();
  await expect(dialog).toBeVisible();
});
