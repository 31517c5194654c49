import { huggingFaceRecord, serveCatalogue } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { UNLISTED_HOST } from './support/hugging-face-host.ts';
import { MIB } from './support/model-host.ts';
import { readStored } from './support/stored.ts';

/** Eight shards, as the fault table has it. */
const EIGHT = Array.from({ length: 8 }, () => MIB);
/** Six chunks of 4 MiB in one file. */
const LONG = [24 * MIB];
/** In the third of them. */
const HELD = { fault: `hold@${9 * MIB}` } as const;

test('row 1: a connection reset in shard 3 is retried, and shards 1 and 2 are not downloaded again', async ({
  app,
  offer,
}) => {
  const host = await offer(EIGHT);
  await host.serve('params_shard_2.bin', { fault: 'reset@500000', times: 1 });
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  expect(await host.requests('params_shard_2.bin')).toHaveLength(2);
  for (const path of ['params_shard_0.bin', 'params_shard_1.bin']) expect(await host.requests(path)).toHaveLength(1);
});

test('row 2: a request to a server that stalls forever is repeated, and the card shows what it waits for', async ({
  app,
  offer,
}) => {
  const host = await offer([MIB]);
  await host.serve('params_shard_0.bin', { fault: 'stall@300000' });
  await app.open();
  await app.download(host.record.name);
  await expect.poll(() => host.sentBytes('params_shard_0.bin')).toBe(300_000);
  // What is asked after the stalled connection was given up.
  await host.serve('params_shard_0.bin', { fault: '503' });
  await expect(app.model(host.record.name).getByText(/waiting for the connection/i)).toBeVisible({ timeout: 60_000 });
  await host.serve('params_shard_0.bin', {});
  await app.expectStored(host.record.name);
});

test('row 5: a 200 response to a Range request restarts the file, and nothing is appended', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  await app.open();
  await app.download(host.record.name);
  await expect.poll(async () => (await readStored(page)).chunkBytes).toBeGreaterThanOrEqual(8 * MIB);
  await app.pause(host.record.name);
  await host.serveAll({ fault: '200onRange' });
  await app.resume(host.record.name);
  await app.expectStored(host.record.name);
  const last = (await host.requests('params_shard_0.bin')).at(-1);
  expect(last).toMatchObject({ range: expect.stringMatching(/^bytes=\d+-$/), status: 200, sentBytes: 24 * MIB });
  // Each byte once, and the hash was right, or it would not be stored.
  expect((await readStored(page)).chunkBytes).toBe(host.totalBytes);
});

test('row 6: a file that changed under its pinned revision is refused', async ({ app, page, offer }) => {
  const host = await offer(LONG);
  await host.serve('params_shard_0.bin', HELD);
  await app.open();
  await app.download(host.record.name);
  await expect.poll(async () => (await readStored(page)).chunkBytes).toBeGreaterThanOrEqual(8 * MIB);
  await app.pause(host.record.name);
  await host.serve('params_shard_0.bin', { seed: 77 });
  await app.resume(host.record.name);
  const card = app.model(host.record.name);
  await expect(card.getByText('The model changed on the server')).toBeVisible();
  await expect(card.getByText(/params_shard_0\.bin differs/)).toBeVisible();
  expect((await readStored(page)).verifiedPaths).not.toContain('params_shard_0.bin');
});

test('row 6: a stored model stays usable when its files change on the server', async ({ app, page, offer }) => {
  const host = await offer(EIGHT);
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  await host.serve('params_shard_0.bin', { seed: 77 });
  await page.reload();
  await app.expectStored(host.record.name);
  expect(await host.requests('params_shard_0.bin')).toHaveLength(1);
});

test('row 7: one flipped bit is detected, and the shard is downloaded again', async ({ app, offer }) => {
  const host = await offer(EIGHT);
  await host.serve('params_shard_4.bin', { fault: 'flip@123456', times: 1 });
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  expect(await host.requests('params_shard_4.bin')).toHaveLength(2);
});

test('row 7: a bit that flips each time ends the download with the name of the file and its host', async ({
  app,
  page,
  site,
  offer,
}) => {
  const host = await offer(EIGHT);
  await host.serve('params_shard_4.bin', { fault: 'flip@123456' });
  await app.open();
  await app.download(host.record.name);
  const card = app.model(host.record.name);
  await expect(card.getByText('A file failed verification')).toBeVisible();
  await expect(card.getByText(`params_shard_4.bin from ${new URL(site.origin).host}`)).toBeVisible();
  expect(await host.requests('params_shard_4.bin')).toHaveLength(2);
  // The engine was never started, and what was right is kept.
  const { held = [] } = await page.evaluate(() => navigator.locks.query());
  expect(held.map(({ name }) => name)).not.toContain(`alcove-model:${host.record.id}`);
  await host.serve('params_shard_4.bin', {});
  await card.getByRole('button', { name: 'Download it again' }).click();
  await app.expectStored(host.record.name);
  expect(await host.requests('params_shard_0.bin')).toHaveLength(1);
});

test('row 9: a file that ends too early is requested again', async ({ app, offer }) => {
  const host = await offer(EIGHT);
  await host.serve('params_shard_1.bin', { fault: 'short', times: 1 });
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  expect(await host.requests('params_shard_1.bin')).toHaveLength(2);
});

test('row 10: a sign-in page instead of weights is recognised, and the download continues after the sign-in', async ({
  app,
  page,
  offer,
}) => {
  const host = await offer(EIGHT);
  await host.serveAll({ fault: 'html200' });
  await app.open();
  await app.download(host.record.name);
  const card = app.model(host.record.name);
  await expect(card.getByText('The server sent a web page instead of the model')).toBeVisible();
  await expect(card.getByText(/Networks with a login page/)).toBeVisible();
  expect((await readStored(page)).chunkBytes).toBe(0);
  await host.serveAll({});
  await card.getByRole('button', { name: 'Try again' }).click();
  await app.expectStored(host.record.name);
});

for (const [status, words] of [
  ['404', 'The file was not found'],
  ['403', 'The server refused access to this model'],
] as const) {
  test(`row 11: ${status} is reported immediately and not retried`, async ({ app, offer }) => {
    const host = await offer([MIB]);
    await host.serve('params_shard_0.bin', { fault: status });
    await app.open();
    await app.download(host.record.name);
    await expect(app.model(host.record.name).getByText(words)).toBeVisible();
    expect(await host.requests('params_shard_0.bin')).toHaveLength(1);
  });
}

test('row 11: a request with a 429 response is repeated after the time that the server names', async ({
  app,
  offer,
}) => {
  const host = await offer([MIB]);
  await host.serve('params_shard_0.bin', { fault: '429@3', times: 1 });
  await app.open();
  await app.download(host.record.name);
  await app.expectStored(host.record.name);
  const requests = await host.requests('params_shard_0.bin');
  expect(requests).toHaveLength(2);
  const [first = 0, second = 0] = requests.map(({ atMs }) => atMs);
  // A timer may end a millisecond early.
  expect(second - first).toBeGreaterThan(2_990);
});

test('row 12: a redirect to a forbidden host is reported, and one to an allowed host is followed', async ({
  app,
  site,
  network,
  huggingFace,
}) => {
  const repo = 'test/weights-MLC';
  serveCatalogue(site, [huggingFaceRecord(repo)]);
  await huggingFace.define('row12', repo, {
    commit: 'c0ffee',
    files: [
      { path: 'mlc-chat-config.json', seed: 1, size: 900, lfs: false },
      { path: 'tensor-cache.json', seed: 2, size: 900, lfs: false },
      { path: 'params_shard_0.bin', seed: 3, size: MIB, lfs: true },
    ],
  });
  network.allow('https://huggingface.co', 'https://raw.githubusercontent.com', 'https://us.cdn.hf.co');
  network.allow(`https://${UNLISTED_HOST}`);
  huggingFace.cdnHost = UNLISTED_HOST;
  await app.open();
  await app.download('Weights');
  const card = app.model('Weights');
  await expect(card.getByText('This page may not connect to that host')).toBeVisible();
  await expect(card.getByText(/does not allow (huggingface\.co|weights\.unlisted\.example)/)).toBeVisible();
  huggingFace.cdnHost = 'us.cdn.hf.co';
  await card.getByRole('button', { name: 'Cancel' }).click();
  await app.download('Weights');
  await app.expectStored('Weights');
});
