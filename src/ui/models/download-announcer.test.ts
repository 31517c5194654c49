import { expect, test } from 'vitest';
import type { ModelEntry, SessionState, WeightsState } from '../../session/state/session-state.ts';
import { STATES } from '../testing/states.ts';
import { DownloadAnnouncer } from './download-announcer.ts';

const [ENTRY] = (STATES['first-run'] as SessionState).models;

function loaded(fraction: number): WeightsState {
  return {
    status: 'downloading',
    download: {
      status: 'downloading',
      loadedBytes: fraction * 1_000,
      totalBytes: 1_000,
      bytesPerSecond: undefined,
      secondsLeft: undefined,
      waitingForNetwork: false,
    },
  };
}

/** What is said of a model whose weights go through these states. */
function hear(...states: readonly WeightsState[]): string[] {
  if (ENTRY === undefined) throw new Error('no model');
  const model: ModelEntry = ENTRY;
  const region = document.createElement('div');
  const announcer = new DownloadAnnouncer();
  const said = states.map((weights) => {
    announcer.update(region, [{ ...model, record: { ...model.record, name: 'Moon 2B' }, weights }]);
    return region.textContent ?? '';
  });
  return said.filter((words, at) => words !== '' && words !== said[at - 1]);
}

test('a download is announced by quarters, and so is its end', () => {
  const percents = Array.from({ length: 100 }, (_, percent) => loaded(percent / 100));
  const planning: WeightsState = { status: 'downloading', download: { status: 'planning' } };
  const stored: WeightsState = { status: 'stored', sizeBytes: 1_000, lastUsedAt: undefined };
  expect(hear(planning, ...percents, stored)).toEqual([
    'The download of Moon 2B starts.',
    '25% of Moon 2B are downloaded.',
    '50% of Moon 2B are downloaded.',
    '75% of Moon 2B are downloaded.',
    'Moon 2B is on this device now.',
  ]);
});

test('a pause and an error are announced, and nothing about a model that was stored before', () => {
  const { download } = loaded(0.3) as Extract<WeightsState, { status: 'downloading' }>;
  if (download.status !== 'downloading') throw new Error('no figures');
  const paused: WeightsState = { status: 'paused', download: { ...download, status: 'paused' } };
  const offline = { name: 'AlcoveError', code: 'offline', message: '', data: {} } as const;
  const stopped: WeightsState = { status: 'paused', download: { ...download, status: 'paused', error: offline } };
  expect(hear(loaded(0.3), paused, stopped)).toEqual([
    '25% of Moon 2B are downloaded.',
    'The download of Moon 2B is paused.',
    'The download of Moon 2B stopped: No connection.',
  ]);
  expect(hear({ status: 'stored', sizeBytes: 1, lastUsedAt: undefined })).toEqual([]);
});
