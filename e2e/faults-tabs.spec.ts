import { AlcovePage, LLAMA_TOY_NAME } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';
import { MIB, type ModelHost } from './support/model-host.ts';
import { stopThread } from './support/stop-thread.ts';
import { readStored } from './support/stored.ts';

const CHUNK_BYTES = 4 * MIB;

const LONG = [24 * MIB];

/** The first request for the file stops in the fourth of six chunks, and stays open. */
const HELD = { fault: `hold@${15 * MIB}`, times: 1 } as const;

async function expectHalfStored(app: AlcovePage): Promise<void> {
  await expect.poll(async () => (await readStored(app.page)).chunkBytes).toBeGreaterThanOrEqual(12 * MIB);
}

async function expectOneChunkAgainAtMost(host: ModelHost): Promise<void> {
  const again = (await host.sentBytes()) - host.totalBytes;
  expect(again).toBeLessThanOrEqual(CHUNK_BYTES);
}

test('row 3: a download continues after its tab is closed halfway, and repeats at most one chunk', async ({
  app,
  context,
  site,
  offer,
}) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  await app.open();
  await app.download(host.record.name);
  await expectHalfStored(app);
  await app.page.close();
  const reopened = new AlcovePage(await context.newPage(), site.origin);
  await reopened.open();
  await reopened.expectStored(host.record.name);
  await expectOneChunkAgainAtMost(host);
});

test('row 4: a download continues after the browser is killed halfway, and repeats at most one chunk', async ({
  durable,
  site,
  offer,
}) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  const before = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await before.open();
  await before.download(host.record.name);
  await expectHalfStored(before);
  await durable.kill();
  const after = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await after.open();
  await after.expectStored(host.record.name);
  await expectOneChunkAgainAtMost(host);
  const stored = await readStored(after.page);
  expect(stored.chunkBytes).toBe(host.totalBytes);
  expect(stored.verifiedPaths).toContain('params_shard_0.bin');
});

test('row 22: one of two tabs downloads and the other follows, and every byte is downloaded once', async ({
  app,
  context,
  site,
  offer,
}) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  const other = new AlcovePage(await context.newPage(), site.origin);
  for (const tab of [app, other]) {
    await tab.page.bringToFront();
    await tab.open();
    await tab.openModels();
  }
  // Both clicks before either tab hears of the other.
  const buttons = await Promise.all([app, other].map((tab) => tab.downloadButton(host.record.name).elementHandle()));
  await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
  for (const tab of [other, app]) {
    await tab.page.bringToFront();
    await tab.expectDownloading(host.record.name);
  }
  await host.serveAll({});
  for (const tab of [app, other]) {
    await tab.page.bringToFront();
    await tab.expectStored(host.record.name);
  }
  expect(await host.sentBytes()).toBe(host.totalBytes);
});

test('row 23: another tab takes over when the downloading tab is closed', async ({ app, context, site, offer }) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  await app.open();
  await app.download(host.record.name);
  const follower = new AlcovePage(await context.newPage(), site.origin);
  await follower.open();
  await follower.expectDownloading(host.record.name);
  await expectHalfStored(follower);
  await app.page.close();
  await follower.expectStored(host.record.name);
  await expectOneChunkAgainAtMost(host);
});

test('row 24: a model that another tab has loaded cannot be deleted', async ({ app, context, site }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const other = new AlcovePage(await context.newPage(), site.origin);
  await other.open();
  await other.openModels();
  await other.deleteModel(LLAMA_TOY_NAME);
  await expect(other.page.getByText('Another tab is using this model')).toBeVisible();
  await app.page.bringToFront();
  await app.ask('What colour is the sky?', 'The sky is blue.');
});

test('a tab whose thread has stopped is reported after 5 s, and another tab takes over the model', async ({
  app,
  context,
  site,
}) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  const other = new AlcovePage(await context.newPage(), site.origin);
  await other.open();
  const stopped = await stopThread(app.page);
  await other.askAndTakeOver('What colour is the sky?', 'The sky is blue.');
  await stopped.resume();
  await app.page.bringToFront();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await other.page.bringToFront();
  await other.ask('What is two plus two?', 'Two plus two is four.');
});
