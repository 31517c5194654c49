import type { ErrorCode } from '../../platform/errors.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import { downloadSize } from './download-size.ts';
import type { FitInputs } from './fit-inputs.ts';
import { type Budget, memoryBudget } from './fit-memory.ts';
import { refusalOf } from './fit-requirements.ts';
import { estimateSpeed } from './fit-speed.ts';
import type { Fit, FitEstimate, FitReason } from './fit-verdict.ts';
import { memoryNeed } from './memory.ts';
import { type RunResult, SLOW_TOKENS_PER_SECOND } from './run-history.ts';

/** Fewer tokens are no conversation. */
const LEAST_CONTEXT_WINDOW = 1_024;
/** Where memory is short a smaller context window is taken, down to half of what was configured, or to this. */
const ENOUGH_CONTEXT_WINDOW = 4_096;

/** A binding of WebGPU's default size, https://www.w3.org/TR/webgpu/#limits, and the weights that are known to keep to it. */
const DEFAULT_BINDING_BYTES = 128 * 1024 * 1024;
const SMALL_WEIGHTS_BYTES = 800_000_000;

const LOSSES: ReadonlySet<ErrorCode> = new Set(['out-of-memory', 'device-lost', 'engine-crashed', 'engine-hung']);

/** A pure function: the same answer for the same report. A few microseconds. */
export function fitModel(record: ModelRecord, device: DeviceReport | undefined, facts: FitInputs = {}): Fit {
  const refusal = refusalOf(record, device);
  if (refusal !== undefined) return { verdict: 'cannot-run', ...refusal };
  if (record.source.kind === 'own-server') return { verdict: 'runs-elsewhere' };
  if (device === undefined) return { verdict: 'unknown' };
  const outcomes = facts.outcomes?.of(record) ?? [];
  const budget = memoryBudget(record, device);
  const worked = outcomes.some(({ decodeTokensPerSecond }) => decodeTokensPerSecond !== undefined);
  // What was loaded as it is needs no smaller context window.
  const room = worked ? { ...budget, sureBytes: Number.POSITIVE_INFINITY } : budget;
  const estimate = { ...estimateFit(record, device, room, facts, outcomes), budgetBytes: Math.round(budget.sureBytes) };
  const { memoryBytes } = estimate;
  if (!worked && memoryBytes > budget.hopelessBytes) {
    const data = { neededBytes: memoryBytes, availableBytes: Math.round(budget.possibleBytes) };
    return { verdict: 'cannot-run', code: 'memory-too-small', data };
  }
  const doubt = worked ? undefined : doubtOf(record, device, budget, facts, outcomes, estimate);
  if (doubt !== undefined) return { verdict: 'may-not-fit', reason: doubt, estimate };
  const isWell = estimate.speed.low * estimate.speed.high >= SLOW_TOKENS_PER_SECOND ** 2;
  return { verdict: isWell ? 'runs-well' : 'runs-slowly', reason: { kind: 'speed' }, estimate };
}

function estimateFit(
  record: ModelRecord,
  device: DeviceReport,
  budget: Budget,
  facts: FitInputs,
  outcomes: readonly RunResult[],
): FitEstimate {
  const { weightsBytes, kvBytesPerToken, restBytes } = memoryNeed(record);
  const room = budget.sureBytes - weightsBytes - restBytes;
  const fitting = kvBytesPerToken === undefined ? record.contextWindow : Math.floor(room / kvBytesPerToken / 512) * 512;
  const least = Math.max(LEAST_CONTEXT_WINDOW, Math.min(record.contextWindow / 2, ENOUGH_CONTEXT_WINDOW));
  const contextWindow = fitting < least ? record.contextWindow : Math.min(record.contextWindow, fitting);
  const size = downloadSize(record)?.bytes;
  const rate = facts.downloadBytesPerSecond;
  return {
    speed: estimateSpeed(record, device, facts.benchmark, outcomes),
    memoryBytes: Math.round(weightsBytes + (kvBytesPerToken ?? 0) * contextWindow + restBytes),
    budgetBytes: Math.round(budget.sureBytes),
    contextWindow,
    downloadSeconds: size === undefined || rate === undefined || rate <= 0 ? undefined : size / rate,
  };
}

function doubtOf(
  record: ModelRecord,
  device: DeviceReport,
  budget: Budget,
  { freeBytes }: FitInputs,
  outcomes: readonly RunResult[],
  { memoryBytes }: FitEstimate,
): FitReason | undefined {
  const failed = outcomes.find(({ failure }) => failure !== undefined && LOSSES.has(failure))?.failure;
  if (failed !== undefined) return { kind: 'failed-before', code: failed };
  if (memoryBytes > budget.sureBytes) return { kind: budget.isPhone ? 'phone' : 'memory' };
  const limit = device.limits.maxStorageBufferBindingSize;
  const { weightsBytes } = memoryNeed(record);
  if (record.engine === 'webllm' && limit <= DEFAULT_BINDING_BYTES && weightsBytes > SMALL_WEIGHTS_BYTES) {
    return { kind: 'binding', limitBytes: limit };
  }
  const size = downloadSize(record)?.bytes ?? 0;
  if (freeBytes !== undefined && size > freeBytes) return { kind: 'storage', freeBytes };
  return undefined;
}
