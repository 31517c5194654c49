import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { RunResult } from '../models/fit/run-history.ts';
import { RunHistoryStore } from './run-history-store.ts';

const stores: RunHistoryStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

function open(name = `outcomes-${crypto.randomUUID()}`): RunHistoryStore {
  const store = new RunHistoryStore(name);
  stores.push(store);
  return store;
}

const OUTCOME: RunResult = { recordId: 'toy', revision: '1', at: 1, decodeTokensPerSecond: 20 };

test('a run result is found again on the same device, and one of another version is dropped', async () => {
  const name = `outcomes-${crypto.randomUUID()}`;
  await open(name).write('this', OUTCOME);
  await open(name).write('this', { ...OUTCOME, backend: { kind: 'single' }, decodeTokensPerSecond: 5 });
  expect(await open(name).read('this')).toHaveLength(2);
  expect(await open(name).read('other')).toEqual([]);
  expect(await open(name).read('this')).toEqual([]);
});

test('a later result for the same backend replaces the earlier one', async () => {
  const store = open();
  await store.write('this', OUTCOME);
  await store.write('this', { ...OUTCOME, failure: 'device-lost' });
  expect(await store.read('this')).toEqual([{ ...OUTCOME, failure: 'device-lost' }]);
});

test('a backend is stored under the field names of earlier builds, and read as a backend', async () => {
  const name = `outcomes-${crypto.randomUUID()}`;
  const backend = { kind: 'threads', threadCount: 4 } as const;
  await open(name).write('this', { ...OUTCOME, backend });
  await open(name).setMark({ id: 'a', modelId: 'toy', recordId: 'toy', backend, startedAt: 1 });
  const way = { rung: 'threads', threadCount: 4 };
  const database = await openDB(name);
  expect(await database.getAll('outcomes')).toEqual([{ ...OUTCOME, way, device: 'this' }]);
  expect(await database.getAll('marks')).toMatchObject([{ id: 'a', way }]);
  database.close();
  expect(await open(name).read('this')).toEqual([{ ...OUTCOME, backend }]);
  expect(await open(name).marks()).toMatchObject([{ id: 'a', backend }]);
});

test('a mark is stored until it is removed', async () => {
  const store = open();
  const mark = { id: 'a', modelId: 'toy', recordId: 'toy', startedAt: 1 };
  await store.setMark(mark);
  expect(await store.marks()).toEqual([mark]);
  await store.removeMark('a');
  expect(await store.marks()).toEqual([]);
});
