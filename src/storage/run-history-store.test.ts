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

test('an outcome is found again on the same device, one of another version is dropped', async () => {
  const name = `outcomes-${crypto.randomUUID()}`;
  await open(name).write('this', OUTCOME);
  await open(name).write('this', { ...OUTCOME, way: { rung: 'single' }, decodeTokensPerSecond: 5 });
  expect(await open(name).read('this')).toHaveLength(2);
  expect(await open(name).read('other')).toEqual([]);
  expect(await open(name).read('this')).toEqual([]);
});

test('what is found later about the same way takes the place of what was known', async () => {
  const store = open();
  await store.write('this', OUTCOME);
  await store.write('this', { ...OUTCOME, failure: 'device-lost' });
  expect(await store.read('this')).toEqual([{ ...OUTCOME, failure: 'device-lost' }]);
});

test('a mark is there from its setting to its removal', async () => {
  const store = open();
  const mark = { id: 'a', modelId: 'toy', recordId: 'toy', startedAt: 1 };
  await store.setMark(mark);
  expect(await store.marks()).toEqual([mark]);
  await store.removeMark('a');
  expect(await store.marks()).toEqual([]);
});
