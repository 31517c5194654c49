import type { Route } from '@playwright/test';
import { serveCatalogue, toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { ModelsPage } from './support/models-page.ts';

test('the first page recommends a model for this device, says its speed in words and shows figures on a click', async ({
  app,
}) => {
  await app.open();
  const first = app.page.getByRole('article').filter({ hasText: 'Recommended for this device' });
  const pace = first.getByText(/Runs (well|slowly) here · (faster than|about as fast as|slower than) you read/);
  const figures = first.getByText(/[\d,.]+(–[\d,.]+)? tokens\/s · [\d.,]+ [MG]B of memory/);
  await expect(figures).toBeHidden();
  await pace.click();
  await expect(figures).toBeVisible();
  await expect(first.getByRole('link', { name: /licence, opens in a new tab/ })).toBeVisible();
});

test('all models are listed without a request to another host, found, and compared side by side', async ({
  app,
  page,
  site,
}) => {
  const models = new ModelsPage(app);
  await models.open();
  await expect(models.rows).not.toHaveCount(0);
  for (const name of ['Qwen3.5 2B', 'Llama 3.2 1B Instruct', 'Llama 3.1 8B Instruct', 'Ministral 3 3B Instruct']) {
    await expect(models.row(name)).toBeVisible();
  }
  for (const name of ['Llama 4 Scout', 'Mistral Large 3', 'DeepSeek V3']) {
    await expect(models.row(name)).toContainText('Too large for a browser');
    await expect(models.row(name)).toContainText('It runs on a custom server.');
  }
  expect(site.requests.filter((path) => path.includes('catalogue-pins'))).toEqual([]);
  await test.step('a search, a filter and an order show the matching models', async () => {
    await models.search('deepseek qwen');
    await expect(models.rows).toHaveCount(2);
    await models.search('no such model');
    await expect(models.rows).toHaveCount(0);
    await expect(app.page.getByText('No matching models.')).toBeVisible();
    await app.page.getByRole('button', { name: 'Show all' }).click();
    await app.page.getByLabel('Family', { exact: true }).selectOption('SmolLM2');
    await app.page.getByLabel('Sort by').selectOption('Smallest first');
    await expect(models.rows).toHaveCount(3);
    await expect(models.rows.first()).toContainText('SmolLM2 135M Instruct');
    await page.getByLabel('Family', { exact: true }).selectOption('');
  });
  await test.step('up to three models are compared side by side', async () => {
    for (const name of ['Qwen3.5 2B', 'Llama 3.2 1B Instruct', 'Gemma 3 1B']) {
      await app.page.getByLabel(`Compare ${name}`, { exact: true }).check();
    }
    await app.page.getByRole('button', { name: 'Compare 3' }).click();
    const table = app.page.getByRole('table', { name: 'Compare models' });
    await expect(table.getByRole('columnheader')).toHaveText(['Qwen3.5 2B', 'Llama 3.2 1B Instruct', 'Gemma 3 1B']);
    await expect(table.getByRole('row', { name: /^Licence/ })).toContainText('Llama 3.2 Community License');
  });
});

test('the reason why a model cannot run appears also if the messages load after the list', async ({ app, page }) => {
  const held: Route[] = [];
  await page.route('**/assets/error-messages-*.js', (route) => void held.push(route));
  const models = new ModelsPage(app);
  await models.open();
  await expect(models.row('DeepSeek V3')).toContainText('Cannot run here');
  for (const route of held) await route.continue();
  await expect(models.row('DeepSeek V3')).toContainText('Too large for a browser');
});

test('the keyboard alone finds a model, opens its page and returns to the same place', async ({ app }) => {
  const models = new ModelsPage(app);
  await models.open();
  await models.search('llama 3.2');
  await models.searchBox.press('ArrowDown');
  await app.page.keyboard.press('ArrowDown');
  const name = await app.page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.textContent?.trim() ?? '';
  });
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('heading', { name, exact: true })).toBeVisible();
  await expect(app.page.getByText('Not allowed:').first()).toBeVisible();
  await expect(app.page.locator('alcove-model-page').getByText('Variants')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(models.row(name).getByRole('button', { name, exact: true })).toBeFocused();
});

test('on a scrolled phone the title and the back button stay in view, and the menu covers nothing', async ({
  app,
  page,
}) => {
  const models = new ModelsPage(app);
  await models.open();
  await page.setViewportSize({ width: 360, height: 740 });
  await models.rows.last().scrollIntoViewIfNeeded();
  await expect(models.rows.first()).not.toBeInViewport();
  await expect(page.getByRole('heading', { name: 'Models', exact: true })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Back to the chat' })).toBeInViewport({ ratio: 1 });
  const menu = await page.getByRole('button', { name: 'Chats', exact: true }).boundingBox();
  const header = await page.locator('header', { has: page.getByRole('heading', { level: 1 }) }).boundingBox();
  if (menu === null || header === null) throw new Error('the menu or the header is not drawn');
  expect(menu.y + menu.height).toBeLessThanOrEqual(header.y + header.height);
});

test('the device is measured on a click, and the result is kept', async ({ app }) => {
  const models = new ModelsPage(app);
  await models.open();
  await app.page.getByRole('button', { name: 'Measure this device (2 s)' }).click();
  await expect(app.page.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 30_000 });
  await app.page.reload();
  await expect(app.page.getByRole('button', { name: /^(Measure again|Measuring…)$/ })).toBeVisible();
});

test.describe('a link to another catalogue', () => {
  const other = { ...toyRecord(), id: 'other', name: 'Model of another catalogue' };

  test('asks first and names the site, and a refusal keeps this site’s models', async ({ app, site }) => {
    site.serve('/other/catalogue.json', JSON.stringify({ version: 1, models: [other] }), 'application/json');
    await app.page.goto(`${site.origin}/?catalogue=${encodeURIComponent(`${site.origin}/other/catalogue.json`)}`);
    const question = app.page.getByRole('dialog', { name: 'Use models from another site?' });
    await expect(question).toContainText(site.origin);
    expect(site.requests.filter((path) => path.startsWith('/other'))).toEqual([]);
    await question.getByRole('button', { name: 'Keep this site’s models' }).click();
    await app.expectOpen();
    expect(app.page.url()).not.toContain('catalogue=');
    expect(site.requests.filter((path) => path.startsWith('/other'))).toEqual([]);
  });

  test('offers its models once it is accepted, and does not ask again', async ({ app, site }) => {
    site.serve('/other/catalogue.json', JSON.stringify({ version: 1, models: [other] }), 'application/json');
    const address = `${site.origin}/?catalogue=other/catalogue.json`;
    await app.page.goto(address);
    await app.page.getByRole('button', { name: 'Use the other catalogue' }).click();
    await app.openModels();
    await expect(app.model('Model of another catalogue')).toBeVisible();
    await app.page.goto(address);
    await app.openModels();
    await expect(app.model('Model of another catalogue')).toBeVisible();
  });

  test('is not followed if it is no web URL', async ({ app, site }) => {
    await app.page.goto(`${site.origin}/?catalogue=javascript:alert(1)`);
    await app.expectOpen();
    await expect(app.page.getByRole('dialog')).toHaveCount(0);
  });
});

test('a site can name another catalogue in its page', async ({ app, site }) => {
  const page = await (await fetch(`${site.origin}/`)).text();
  const named = '<meta name="alcove-catalogue" content="models/ours.json" /></head>';
  site.serve('/', page.replace('</head>', named), 'text/html');
  const ours = { ...toyRecord(), id: 'ours', name: 'Model of this site' };
  site.serve('/models/ours.json', JSON.stringify({ version: 1, models: [ours] }), 'application/json');
  await app.open();
  await app.openModels();
  await expect(app.model('Model of this site')).toBeVisible();
  await expect(app.page.getByText('Qwen3.5 2B')).toHaveCount(0);
});

test('a catalogue of 50 MB is refused with a plain message', async ({ app, site }) => {
  const models = Array.from({ length: 1_000 }, (_, index) => ({
    ...toyRecord(),
    id: `m${index}`,
    note: 'x'.repeat(50_000),
  }));
  serveCatalogue(site, models);
  await app.open();
  await expect(app.page.getByText('The list of models cannot be read')).toBeVisible();
});
