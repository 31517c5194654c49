import { afterEach, expect, test } from 'vitest';
import type { DeviceBenchmark } from '../../models/device.ts';
import { MADE_UP_DEVICE } from '../../models/testing/made-up.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { DeviceBenchmarkRunner } from './device-benchmark.ts';

afterEach(() => localStorage.removeItem('alcove-benchmark'));

const READY: SessionState = { ...INITIAL_STATE, start: 'ready', device: MADE_UP_DEVICE };
const WRITING = { status: 'streaming', chatId: 'c', messageId: 'm' } as const;

function figures(operationsPerSecond: number, stolenFraction: number): DeviceBenchmark {
  const cpu = { operationsPerSecond, bytesPerSecond: 1e9, secondsPerMessage: 1e-5, threads: undefined };
  return { gpu: undefined, cpu: { ...cpu, stolenFraction } };
}

/** @param results of one run after the other */
function open(results: DeviceBenchmark[], initial = READY) {
  const state = new StateStore<SessionState>(initial);
  const learned: number[] = [];
  const disposed = new AbortController();
  const run = async (): Promise<DeviceBenchmark> => results.shift() ?? Promise.reject(new Error('one run too many'));
  const learn = ({ cpu }: DeviceBenchmark): void => void learned.push(cpu.operationsPerSecond);
  const runner = new DeviceBenchmarkRunner({ state, learn, disposed: disposed.signal, run });
  return { runner, state, learned, dispose: () => disposed.abort() };
}

test('a measurement on an idle device is kept, shows its figures, and is repeated only when asked', async () => {
  const { runner, state, learned } = open([figures(1e9, 0), figures(2e9, 0)]);
  await runner.measure();
  expect(state.state).toMatchObject({ deviceCheck: 'measured', benchmark: { cpu: { operationsPerSecond: 1e9 } } });
  await runner.measure();
  expect(learned).toEqual([1e9, 2e9]);
});

test('a measurement while other programs are busy is taken again', async () => {
  const { runner, learned } = open([figures(1e9, 0.5), figures(3e9, 0.02)]);
  await runner.measure();
  await expect.poll(() => learned).toEqual([1e9, 3e9]);
});

test('a measurement during an answer is taken again once the answer has ended', async () => {
  const { runner, state, learned } = open([figures(1e9, 0), figures(3e9, 0)], { ...READY, generation: WRITING });
  await runner.measure();
  state.set({ generation: { ...WRITING, status: 'stopping' } });
  expect(learned).toEqual([1e9]);
  state.set({ generation: { status: 'idle' } });
  await expect.poll(() => learned).toEqual([1e9, 3e9]);
});

test('what was measured on an idle device is not replaced by less', async () => {
  const { runner, learned } = open([figures(3e9, 0), figures(1e9, 0.5)]);
  await runner.measure();
  await runner.measure();
  expect(learned).toEqual([3e9, 3e9]);
});

test('a measurement under load of an earlier visit is taken again when this one is idle', async () => {
  const first = open([figures(1e9, 0.5)], { ...READY, generation: WRITING });
  await first.runner.measure();
  first.dispose();
  const next = open([figures(3e9, 0)]);
  next.runner.recall(MADE_UP_DEVICE);
  expect(next.learned).toEqual([1e9]);
  await expect.poll(() => next.learned).toEqual([1e9, 3e9]);
});
