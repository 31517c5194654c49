import { expect, test, vi } from 'vitest';
import { FaultHost } from '../download/testing/fault-host.ts';
import { TestTab } from '../download/testing/test-tab.ts';
import { urlSource } from '../download/url-source.ts';
import { RequestLedger } from './request-ledger.ts';

test('the ledger lists a request of the page with its host and bytes, but no blob', async () => {
  const ledger = new RequestLedger();
  const url = new URL(`/models/toy/mlc-chat-config.json?${crypto.randomUUID()}`, location.href).href;
  await (await fetch(url)).text();
  await (await fetch(URL.createObjectURL(new Blob(['x'])))).text();
  const entry = await vi.waitUntil(() => ledger.entries.find((candidate) => candidate.url === url));
  expect(entry).toMatchObject({ host: location.host, kind: 'fetch' });
  expect(entry.bytes).toBeGreaterThan(1_000);
  expect(ledger.entries.some((candidate) => candidate.url.startsWith('blob:'))).toBe(false);
  ledger.dispose();
});

const MIB = 1024 * 1024;

/** The ledger's entries of the request, once it has `bytes`. */
async function entriesOf(ledger: RequestLedger, url: string, bytes: number): Promise<readonly (number | undefined)[]> {
  const sizes = (): readonly (number | undefined)[] =>
    ledger.entries.filter((entry) => entry.url === url).map((entry) => entry.bytes);
  await expect.poll(sizes).toEqual([expect.any(Number)]);
  await expect.poll(() => sizes()[0]).toBeGreaterThanOrEqual(bytes);
  return sizes();
}

test('a download that is paused is listed once, with the bytes that have arrived', async () => {
  const ledger = new RequestLedger();
  const host = new FaultHost();
  const file = { path: 'params_shard_0.bin', size: 60 * MIB, fault: `hold@${40 * MIB}` };
  const record = await host.record([file]);
  const tab = new TestTab();
  tab.downloader.start(record);
  await tab.until(record.id, (status) => status.status === 'downloading' && status.loadedBytes >= 16 * MIB);
  await tab.downloader.pause(record.id);
  expect(await entriesOf(ledger, host.url(file), 16 * MIB)).toHaveLength(1);
  ledger.dispose();
});

test('a file whose host ignores the range is listed with what was read of it', async () => {
  const ledger = new RequestLedger();
  const url = new FaultHost().url({ path: 'whole.gguf', size: 20 * MIB, fault: '200onRange' });
  await urlSource('whole.gguf', url, { baseUrl: location.href }).read(0, 2 * MIB);
  expect(await entriesOf(ledger, url, 2 * MIB)).toHaveLength(1);
  ledger.dispose();
});
