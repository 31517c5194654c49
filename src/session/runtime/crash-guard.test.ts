import { expect, test } from 'vitest';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import { CrashGuard } from './crash-guard.ts';

function open() {
  const store = new RunHistoryStore(`outcomes-${crypto.randomUUID()}`);
  return { store, marks: new CrashGuard(store) };
}

const LOAD = { modelId: 'toy', recordId: 'toy' };

test('a load that goes on is not left over, and one that ended leaves nothing', async () => {
  const { marks, store } = open();
  const remove = await marks.set(LOAD);
  expect(await store.marks()).toHaveLength(1);
  expect(await marks.leftOver()).toEqual([]);
  await remove();
  expect(await store.marks()).toEqual([]);
});

test('a mark whose tab is gone is left over until it is forgotten', async () => {
  const { marks, store } = open();
  const mark = { ...LOAD, id: 'of a tab that is gone', startedAt: 1 };
  await store.setMark(mark);
  expect(await marks.leftOver()).toEqual([mark]);
  await marks.forget([mark]);
  expect(await marks.leftOver()).toEqual([]);
});

test('a person who leaves during a load has not been thrown out', async () => {
  const { marks, store } = open();
  await marks.set(LOAD);
  dispatchEvent(new PageTransitionEvent('pagehide'));
  await expect.poll(() => store.marks()).toEqual([]);
});
