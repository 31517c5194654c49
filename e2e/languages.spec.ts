import { use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

test.use({ locale: 'ar-EG' });

test('the app uses the language of the browser from the first paint, and another one once it is selected', async ({
  app,
  page,
}) => {
  await page.goto(app.address);
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'ar');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('heading', { name: 'نموذج لغوي خاص بك، في علامة التبويب هذه' })).toBeVisible();
  await expect(page.getByText('Your own language model')).toBeHidden();

  await page.goto(`${app.address}#settings`);
  await page.getByRole('combobox', { name: 'اللغة', exact: true }).selectOption('Deutsch');
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(html).toHaveAttribute('dir', 'ltr');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Nachricht', includeHidden: true })).toBeAttached();
});

test('the element uses the language of its page, and loads each language from a separate file', async ({
  site,
  page,
  network,
}) => {
  const host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
  host.serve(
    '/ja.html',
    `<!doctype html><html lang="ja"><title>ja</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script>
    <alcove-chat model="toy-q0f32-MLC"></alcove-chat></html>`,
    'text/html',
  );
  await page.goto(`${host.origin}/ja.html`);
  await use(page.locator('alcove-chat'));
  await expect(page.locator('alcove-chat').getByRole('button', { name: /^ダウンロード/ })).toBeVisible();
  const languages = site.requests.flatMap(
    (path) => /\/assets\/(ar|de|es|fr|ja|pt|zh-Hans)-[^/]+\.js$/.exec(path)?.[1] ?? [],
  );
  expect(languages).toEqual(['ja']);
  await page.evaluate(() => {
    document.documentElement.lang = 'fr-CA';
  });
  await expect(page.locator('alcove-chat').getByRole('button', { name: /^Télécharger/ })).toBeVisible();
  // The page's own direction and language are the page's.
  await expect(page.locator('html')).not.toHaveAttribute('dir');
  await host.stop();
});
