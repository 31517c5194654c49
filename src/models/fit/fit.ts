import type { ErrorCode } from '../../platform/errors.ts';
import type { DeviceReport } from '../device.ts';
import type { LocalProfile } from '../engines/engine-profile.ts';
import { profileOf } from '../engines/engine-profiles.ts';
import { ENGINE_SPEEDS } from '../engines/engine-speeds.ts';
import type { ModelRecord } from '../model-record.ts';
import { chosenContextWindow, memoryWith, usualContextWindow } from './context-window.ts';
import { downloadSize } from './download-size.ts';
import type { FitInputs } from './fit-inputs.ts';
import { type Budget, memoryBudget } from './fit-memory.ts';
import { refusalOf } from './fit-requirements.ts';
import type { Fit, FitEstimate, FitReason } from './fit-result.ts';
import { estimateSpeed } from './fit-speed.ts';
import { memoryNeed } from './memory.ts';
import { READING_TOKENS_PER_SECOND, TOO_SLOW_TOKENS_PER_SECOND } from './run-history.ts';

const LOSSES: ReadonlySet<ErrorCode> = new Set(['out-of-memory', 'device-lost', 'engine-crashed', 'engine-hung']);

/** Whether and how a model runs on a device. A pure function that takes a few microseconds. */
export function fitModel(record: ModelRecord, device: DeviceReport | undefined, facts: FitInputs = {}): Fit {
  const refusal = refusalOf(record, device);
  if (refusal !== undefined) return { status: 'cannot-run', ...refusal };
  const engine = profileOf(record).local;
  const estimateRate = ENGINE_SPEEDS[record.engine];
  if (engine === undefined || estimateRate === undefined) return { status: 'runs-elsewhere' };
  if (device === undefined) return { status: 'unknown' };
  const results = facts.history?.of(record) ?? [];
  const budget = memoryBudget(engine, device);
  const worked = results.some(({ decodeTokensPerSecond }) => decodeTokensPerSecond !== undefined);
  const contextWindow =
    facts.contextWindow === undefined
      ? usualContextWindow(record, engine, device)
      : chosenContextWindow(record, engine, device, facts.contextWindow);
  const estimate: FitEstimate = {
    contextWindow,
    memoryBytes: memoryWith(record, contextWindow),
    budgetBytes: Math.round(budget.sureBytes),
    speed: estimateSpeed(record, estimateRate, device, facts.benchmark, results),
    downloadSeconds: downloadSeconds(record, facts),
  };
  const { memoryBytes } = estimate;
  if (!worked && memoryBytes > budget.hopelessBytes) {
    const data = { neededBytes: memoryBytes, availableBytes: Math.round(budget.possibleBytes) };
    return { status: 'cannot-run', code: 'memory-too-small', data };
  }
  const tokensPerSecond = Math.sqrt(estimate.speed.low * estimate.speed.high);
  if (tokensPerSecond < TOO_SLOW_TOKENS_PER_SECOND) return { status: 'too-slow', reason: { kind: 'speed' }, estimate };
  const doubt = worked ? undefined : doubtOf(record, engine, device, budget, facts, estimate);
  if (doubt !== undefined) return { status: 'may-not-fit', reason: doubt, estimate };
  const isWell = tokensPerSecond >= READING_TOKENS_PER_SECOND;
  return { status: isWell ? 'runs-well' : 'runs-slowly', reason: { kind: 'speed' }, estimate };
}

function downloadSeconds(record: ModelRecord, { downloadBytesPerSecond: rate }: FitInputs): number | undefined {
  const size = downloadSize(record)?.bytes;
  return size === undefined || rate === undefined || rate <= 0 ? undefined : size / rate;
}

function doubtOf(
  record: ModelRecord,
  engine: LocalProfile,
  device: DeviceReport,
  budget: Budget,
  { freeBytes, history }: FitInputs,
  { memoryBytes }: FitEstimate,
): FitReason | undefined {
  const failed = history?.of(record).find(({ failure }) => failure !== undefined && LOSSES.has(failure))?.failure;
  if (failed !== undefined) return { kind: 'failed-before', code: failed };
  if (memoryBytes > budget.sureBytes) return { kind: budget.isPhone ? 'phone' : 'memory' };
  const limit = device.limits.maxStorageBufferBindingSize;
  const { weightsBytes } = memoryNeed(record);
  if (engine.mayExceedBinding(weightsBytes, limit)) return { kind: 'binding', limitBytes: limit };
  const size = downloadSize(record)?.bytes ?? 0;
  if (freeBytes !== undefined && size > freeBytes) return { kind: 'storage', freeBytes };
  return undefined;
}
