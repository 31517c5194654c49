import { AlcovePage } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';
import { readStored } from './support/stored.ts';

test.use({ serviceWorkers: 'allow' });

test('the second visit opens the page, loads the model and answers without a network connection', async ({
  durable,
  site,
}) => {
  const first = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await first.open();
  await first.tryToy();
  await first.ask('My name is Ada.', 'Nice to meet you, Ada.');
  await first.expectOfflineReady();
  await durable.kill();
  await site.stop();
  const context = await durable.launch();
  await context.setOffline(true);
  const second = new AlcovePage(await context.newPage(), site.origin);
  await second.open();
  await second.openChat('My name is Ada.');
  await second.ask('What is my name?', 'Your name is Ada.');
});

test('an answer after "ready" causes no request, and only the weight store holds the weights', async ({
  app,
  page,
  site,
}) => {
  await app.open();
  await app.tryToy();
  await app.expectOfflineReady();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const mark = site.requests.length;
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  // In a chat of its own: a third turn is beyond what the toy has learnt, and its answer depends on the processor.
  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  await app.ask('Show me markdown.', 'the page');
  // What draws formulas and colours code comes from the browser's store.
  expect(site.requests.slice(mark)).toEqual([]);
  const { cachedUrls, databaseNames } = await readStored(page);
  expect(cachedUrls.filter((url) => url.includes('/models/') || url.startsWith('webllm'))).toEqual([]);
  expect(databaseNames.filter((name) => !name.startsWith('alcove-'))).toEqual([]);
});

test('a new version is offered to an open page, and not forced', async ({ app, page, site }) => {
  await app.open();
  await app.expectOfflineReady();
  await page.reload();
  const worker = await (await fetch(`${site.origin}/service-worker.js`)).text();
  site.serve('/service-worker.js', `${worker}\n// a newer version\n`, 'text/javascript');
  const loads = site.requests.filter((path) => path === '/').length;
  await app.composer.fill('typed before the new version came');
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const offer = page.getByRole('button', { name: /new version|update|load it|reload/i });
  await expect(offer).toBeVisible();
  await expect(app.composer).toHaveValue('typed before the new version came');
  expect(site.requests.filter((path) => path === '/').length).toBe(loads);
  const navigated = page.waitForEvent('load');
  await offer.click();
  await navigated;
  await app.expectOpen();
  await expect(offer).toBeHidden();
});
