import { flipSigns, wrongActivation } from '../src/engine/webllm/testing/damage.ts';
import type { AlcovePage } from './support/alcove-page.ts';
import { serveCatalogue } from './support/catalogues.ts';
import { damagedToy, toyFor } from './support/damaged-toys.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';

// With and without threads: two backends of the same engine.
test.use({ threads: true });

const WRONG = 'It answered a test question wrongly.';

/** Opens the list of the backends that the model can run on here. */
async function openBackends(app: AlcovePage) {
  await app.page.getByTitle('Requests from this page').click();
  const backends = app.page.locator('alcove-backend-panel');
  await expect(backends).toBeVisible();
  return backends;
}

test('a model with damaged weights is found out after its first answer, the reason is shown, and the question stays', async ({
  app,
  page,
  site,
}) => {
  // On a slow device the test of a model is cut short, and this machine may be one.
  await page.addInitScript(() => {
    const { timeout } = AbortSignal;
    AbortSignal.timeout = (ms) => timeout.call(AbortSignal, 20 * ms);
  });
  const { selfTest: _, ...damaged } = damagedToy(site, 'wllama', { 'toy-f32.gguf': flipSigns });
  serveCatalogue(site, [damaged]);
  await app.open();
  await app.tryLlamaToy();
  await app.send('What colour is the sky?');
  await app.expectBackendNotice('The model cannot run here at the moment');
  await app.expectBackendNotice(WRONG);
  await app.expectIdle();
  await expect(app.questions.last()).toContainText('What colour is the sky?');
  const backends = await openBackends(app);
  // Every backend was tried: the fault is in the file.
  await expect(backends.getByText(WRONG)).toHaveCount(await backends.getByRole('listitem').count());
  await page.reload();
  await app.expectOpen();
  await app.openChat('What colour is the sky?');
  await expect(app.questions.last()).toContainText('What colour is the sky?');
});

test('a measurement detects a model whose shaders calculate wrongly, and the next backend answers', async ({
  app,
  page,
  site,
}) => {
  serveCatalogue(site, [damagedToy(site, 'webllm', { 'library.wasm': wrongActivation }), toyFor('wllama')]);
  await app.open();
  await app.tryBothToys();
  // Not by an answer: whether a test follows one depends on how fast this machine is.
  const backends = await openBackends(app);
  await backends.getByRole('button', { name: 'Measure again' }).click();
  await expect(backends.getByText(WRONG)).toBeVisible({ timeout: 60_000 });
  await expect(backends.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('dialog', { name: 'On this device' }).getByRole('button', { name: 'Close' }).click();
  await app.ask('What colour is the sky?', 'The sky is blue.');
});

test('all backends are measured again on request, and the model answers afterwards', async ({ app, page }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const backends = await openBackends(app);
  const stored = backends.getByRole('listitem').filter({ hasNotText: 'not downloaded' });
  const count = await stored.count();
  expect(count).toBeGreaterThan(1);
  const load = await HeldEngine.at(page, 'loading');
  await backends.getByRole('button', { name: 'Measure again' }).click();
  await load.reached();
  await expect(backends.getByRole('status')).toHaveText(/Measuring backend \d of \d/);
  await load.release();
  await expect(backends.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 60_000 });
  await expect(stored.filter({ hasText: 'tokens/s' })).toHaveCount(count);
  await expect(stored.filter({ hasText: 'Passed the self-test.' })).toHaveCount(count);
  await page.getByRole('dialog', { name: 'On this device' }).getByRole('button', { name: 'Close' }).click();
  await app.ask('What colour is the sky?', 'The sky is blue.');
});
