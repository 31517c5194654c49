import { expect, test } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import type { ModelEntry, StorageState, WeightsState } from '../../session/state/session-state.ts';
import { QWEN, SMOL, TOY } from '../testing/fixture-models.ts';
import { deletionCandidates, deletionQuestion, evictionRisk, neededSpace, storedBytes } from './storage-facts.ts';

const GB = 1_000_000_000;

function storage(changes: Partial<StorageState>): StorageState {
  const none = {
    chats: 'stored',
    persisted: false,
    usageBytes: 2 * GB,
    quotaBytes: 60 * GB,
    saveError: undefined,
  } as const;
  return { ...none, ...changes };
}

function entry(record: ModelEntry['record'], weights: WeightsState): ModelEntry {
  return { record, fit: { status: 'unknown' }, weights };
}

const stored = (sizeBytes: number, lastUsedAt: number | undefined): WeightsState => ({
  status: 'stored',
  sizeBytes,
  lastUsedAt,
});

test('a browser that is short of space may evict what is stored, unless storage is persistent', () => {
  expect(evictionRisk(storage({}))).toBeUndefined();
  expect(evictionRisk(storage({ quotaBytes: 2.4 * GB }))).toEqual({ freeBytes: 0.4 * GB });
  expect(evictionRisk(storage({ usageBytes: 55 * GB }))).toEqual({ freeBytes: 5 * GB });
  expect(evictionRisk(storage({ quotaBytes: 2.4 * GB, persisted: true }))).toBeUndefined();
  // Nothing is stored, so nothing can go.
  expect(evictionRisk(storage({ quotaBytes: 0.1 * GB, usageBytes: 0 }))).toBeUndefined();
  expect(evictionRisk(storage({ quotaBytes: undefined }))).toBeUndefined();
});

test('the needed space is reported for a download that stopped because the disk is full', () => {
  const error = { name: 'AlcoveError', code: 'quota-exceeded', message: '', data: {} } as const;
  const figures = { loadedBytes: 0.4 * GB, totalBytes: GB, bytesPerSecond: undefined, secondsLeft: undefined };
  const download = { status: 'paused', ...figures, waitingForNetwork: false, error } as const;
  const waiting = entry(QWEN, { status: 'paused', download });
  expect(neededSpace([entry(TOY, stored(7, 1)), waiting])).toEqual({ entry: waiting, neededBytes: 0.6 * GB });
  const data = { neededBytes: 3 * GB, freeBytes: GB };
  const failed = entry(QWEN, { status: 'failed', error: new AlcoveError('quota-exceeded', 'full', { data }) });
  expect(neededSpace([failed])?.neededBytes).toBe(3 * GB);
  const offline = entry(QWEN, { status: 'failed', error: new AlcoveError('offline', 'no network') });
  expect(neededSpace([offline])).toBeUndefined();
});

test('the least recently used model is suggested first, and never the selected one', () => {
  const models = [entry(QWEN, stored(3 * GB, 300)), entry(TOY, stored(7, undefined)), entry(SMOL, stored(GB, 100))];
  expect(deletionCandidates(models, 'qwen').map(({ record }) => record.id)).toEqual(['toy', 'smol']);
});

test('a model of a file is not said to be downloaded again, and one that stays on the disk is not suggested', () => {
  const ofFile: ModelEntry['record'] = { ...SMOL, id: 'own', source: { kind: 'disk', revision: '1', files: [] } };
  expect(deletionQuestion(ofFile)).toBe('To use it again, open its file again.');
  expect(deletionQuestion(SMOL)).toBe('To use it again, download it again.');
  const opened = { status: 'stored', sizeBytes: GB, lastUsedAt: 1, isOnDisk: true } as const;
  expect(deletionCandidates([entry(ofFile, opened)], undefined)).toEqual([]);
});

test('a file on the user’s disk takes no space in the browser', () => {
  expect(storedBytes({ status: 'stored', sizeBytes: GB, lastUsedAt: undefined, isOnDisk: true })).toBe(0);
  expect(storedBytes(stored(GB, undefined))).toBe(GB);
  expect(storedBytes({ status: 'evicted' })).toBe(0);
});
