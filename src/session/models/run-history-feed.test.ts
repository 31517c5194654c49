import { expect, test } from 'vitest';
import { completeDevice } from '../../models/device.ts';
import { ENGINE_VERSIONS } from '../../models/engines/engine-profiles.ts';
import { type DeviceRunHistory, deviceKey, type RunResult } from '../../models/fit/run-history.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { RunHistoryFeed } from './run-history-feed.ts';

const DEVICE = completeDevice({ cores: 4 });
const OUTCOME: RunResult = { recordId: 'm', revision: '1', at: 1, decodeTokensPerSecond: 12 };
const RECORD = { id: 'm', source: { kind: 'files', revision: '1', files: [] } } as unknown as ModelRecord;

test('the feed reports the results of earlier visits, and then new ones', async () => {
  const name = `outcomes-${crypto.randomUUID()}`;
  const store = new RunHistoryStore(name);
  await store.write(deviceKey(DEVICE, navigator.userAgent, ENGINE_VERSIONS), OUTCOME);
  store.close();
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const told: DeviceRunHistory[] = [];
  const facts = new RunHistoryFeed(state, name, (results) => told.push(results));
  await facts.recall(DEVICE);
  expect(told.at(-1)?.of(RECORD)).toEqual([OUTCOME]);
  expect(told.at(-1)?.of({ ...RECORD, id: 'other' })).toEqual([]);

  const faster = { ...OUTCOME, decodeTokensPerSecond: 40 };
  state.set({ runtime: { ...state.state.runtime, history: [faster] } });
  expect(told.at(-1)?.of(RECORD)).toEqual([faster]);
  // Other changes of the state tell nothing new.
  const count = told.length;
  state.set({ selectedModelId: 'm' });
  expect(told).toHaveLength(count);
  facts.dispose();
  state.set({ runtime: { ...state.state.runtime, history: [] } });
  expect(told).toHaveLength(count);
});

test('the feed reports nothing for an unknown device', async () => {
  const told: DeviceRunHistory[] = [];
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const facts = new RunHistoryFeed(state, `outcomes-${crypto.randomUUID()}`, (results) => told.push(results));
  await facts.recall(DEVICE);
  expect(told).toEqual([]);
  facts.dispose();
});
