import { expect, test, vi } from 'vitest';
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
