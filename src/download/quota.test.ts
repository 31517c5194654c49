import { expect, test } from 'vitest';
import { FaultHost, recordOf } from './testing/fault-host.ts';
import { TestTab } from './testing/test-tab.ts';

// A disk that fills in the middle of a download (row 14) is an end-to-end test: Chromium remembers for 30 s what it
// last knew to be free, for all tests of this origin. Row 15 is in storage/weight-store.test.ts.

test('row 13: a model that cannot fit is refused before its first byte, with what it needs and what is free', async () => {
  const host = new FaultHost();
  const sizeBytes = 2 ** 50;
  const file = { path: 'huge.bin', url: host.url({ path: 'huge.bin', size: 10 }), sizeBytes, sha256: '0' };
  const record = recordOf(crypto.randomUUID(), { kind: 'files', revision: '1', files: [file] });
  const tab = new TestTab();
  tab.downloader.start(record);
  const status = await tab.rest(record.id);
  expect(status).toMatchObject({
    status: 'failed',
    error: { code: 'quota-exceeded', data: { neededBytes: sizeBytes } },
  });
  expect(await host.requests()).toEqual([]);
});
