import { AlcovePage } from './support/alcove-page.ts';
import { crash } from './support/crash.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';

test('after a load has killed a tab, the next tab asks before it loads the model again', async ({
  app,
  context,
  page,
  site,
}) => {
  await app.open();
  await app.tryBothToys();
  const load = await HeldEngine.at(page, 'loading');
  await app.send('What is two plus two?');
  await load.reached();
  await app.expectLoading();
  await crash(page);
  const next = new AlcovePage(await context.newPage(), site.origin);
  await next.open();
  await expect(next.loadQuestion).toContainText('The page crashed while Toy, to try the app was loading');
  // Nothing is loaded before it is said.
  await next.send('What colour is the sky?');
  await expect(next.page.getByText('The page crashed while this model was loading', { exact: true })).toBeVisible();
  await next.loadQuestion.getByRole('button', { name: /^Load it on the processor/ }).click();
  await expect(next.loadQuestion).toBeHidden();
  await next.newChat();
  await next.ask('What is two plus two?', 'Two plus two is four.');
});

test('after a load has killed the browser, the next start asks, and a load that the user allows succeeds', async ({
  durable,
  site,
}) => {
  const before = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await before.open();
  await before.tryToy();
  const load = await HeldEngine.at(before.page, 'loading');
  await before.send('What is two plus two?');
  await load.reached();
  await before.expectLoading();
  await durable.kill();
  const after = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await after.open();
  await expect(after.loadQuestion).toBeVisible();
  await after.loadQuestion.getByRole('button', { name: 'Load again' }).click();
  await after.ask('What is two plus two?', 'Two plus two is four.');
  // It went well: nothing is asked any more.
  await after.page.reload();
  await after.expectOpen();
  await after.ask('What colour is the sky?', 'The sky is blue.');
  await expect(after.loadQuestion).toBeHidden();
});

test('leaving the page during a load causes no question', async ({ app, page }) => {
  await app.open();
  await app.tryToy();
  const load = await HeldEngine.at(page, 'loading');
  await app.send('What is two plus two?');
  await load.reached();
  await app.expectLoading();
  await page.reload();
  await app.expectOpen();
  await app.newChat();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await expect(app.loadQuestion).toBeHidden();
});
