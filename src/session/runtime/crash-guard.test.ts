import { expect, test } from 'vitest';
import { MADE_UP_DEVICE, scriptedRecord } from '../../models/testing/made-up.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { BackendSelector } from './backend-selector.ts';
import { CrashGuard } from './crash-guard.ts';

const RECORD = scriptedRecord({ id: 'toy' });
const SELECTED = { record: RECORD, backend: undefined };
const LOAD = { modelId: 'toy', recordId: 'toy' };

function open() {
  const store = new RunHistoryStore(`outcomes-${crypto.randomUUID()}`);
  const weights = { status: 'stored', sizeBytes: 0, lastUsedAt: undefined } as const;
  const models = [{ record: RECORD, fit: { status: 'unknown' } as const, weights }];
  const state = new StateStore<SessionState>({ ...INITIAL_STATE, device: MADE_UP_DEVICE, models });
  const guard = new CrashGuard(state, store, new BackendSelector(state, store));
  return { store, state, guard };
}

test('a load in progress counts as no crash, and a finished load leaves no mark', async () => {
  const { guard, store, state } = open();
  const release = await guard.watch(RECORD, SELECTED);
  expect(await store.marks()).toHaveLength(1);
  await guard.recoverCrashes();
  expect(state.state.runtime.question).toBeUndefined();
  expect(await store.marks()).toHaveLength(1);
  await release();
  expect(await store.marks()).toEqual([]);
});

test('the user is asked about a load whose tab is gone, until there is an answer', async () => {
  const { guard, store, state } = open();
  await store.setMark({ ...LOAD, id: 'of a tab that is gone', startedAt: 1 });
  await guard.recoverCrashes();
  expect(state.state.runtime.question).toMatchObject({ ...LOAD, engine: 'scripted', startedAt: 1 });
  expect(await guard.answer('load')).toBe('toy');
  expect(state.state.runtime.question).toBeUndefined();
  expect(await store.marks()).toEqual([]);
  await guard.recoverCrashes();
  expect(state.state.runtime.question).toBeUndefined();
});

test('the user is not asked about a load that ended because the user left the page', async () => {
  const { guard, store } = open();
  await guard.watch(RECORD, SELECTED);
  dispatchEvent(new PageTransitionEvent('pagehide'));
  await expect.poll(() => store.marks()).toEqual([]);
});
