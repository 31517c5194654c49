import type { ErrorCode } from '../../platform/errors.ts';
import type { Backend } from '../backend.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import { refusalOf } from './fit-requirements.ts';
import { findRunResult, type RunResult } from './run-history.ts';

/** A variant of the model, and whether its files are here. */
export interface Variant {
  readonly record: ModelRecord;
  readonly isStored: boolean;
}

/** One way to run a model: a variant of it, and for llama.cpp how. */
export interface RankedBackend {
  readonly record: ModelRecord;
  readonly way: Backend | undefined;
  /** False: its files would have to be downloaded first. */
  readonly isStored: boolean;
  /** Why it is not tried by itself; it comes after those that are good. */
  readonly failure: ErrorCode | undefined;
  readonly outcome: RunResult | undefined;
}

/**
 * How much faster another way must have been measured to come before one that stands higher. Two measurements of the
 * same way differ by this much on a busy machine.
 */
const FASTER_BY = 1.25;

/**
 * A way at least this fast is not doubted: more tokens a second than anyone reads. Below it, ways that were never tried
 * are tried, one a load.
 */
const FAST_ENOUGH_TOKENS_PER_SECOND = 15;

/** Where a way stands before anything is measured. */
const STEPS = ['graphics', 'threads', 'single'] as const;
type Step = (typeof STEPS)[number];

/**
 * All ways to run a model on a device, the one to take first at the top.
 *
 * Unmeasured, the graphics card comes before threads, and threads before one thread; within a step the selected variant
 * comes first. Ways whose speed is known change places among themselves. A way that has failed comes after all that have
 * not.
 * @param variants of the same model, the selected one among them
 * @param hasGpuLlama whether this browser has what llama.cpp needs for the GPU besides the adapter
 */
export function rankBackends(
  selected: ModelRecord,
  variants: readonly Variant[],
  device: DeviceReport,
  outcomes: readonly RunResult[],
  hasGpuLlama: boolean,
): readonly RankedBackend[] {
  const ordered = [...variants].sort((a, b) => rank(a, selected) - rank(b, selected));
  const rungs = STEPS.flatMap((step) =>
    ordered.flatMap(({ record, isStored }) =>
      waysOf(record, device, hasGpuLlama, step).map((way): RankedBackend => {
        const outcome = findRunResult(outcomes, record, way);
        return { record, way, isStored, failure: outcome?.failure, outcome };
      }),
    ),
  );
  return [
    ...byMeasuredSpeed(rungs.filter(({ failure }) => failure === undefined)),
    ...rungs.filter(({ failure }) => failure !== undefined),
  ];
}

/**
 * The rung to load: the first that is stored. While the best that is known is slow, one that nobody has tried yet.
 * @returns undefined when nothing of the model is stored, or nothing of it runs here
 */
export function backendToTry(ladder: readonly RankedBackend[]): RankedBackend | undefined {
  const stored = ladder.filter(({ isStored }) => isStored);
  const [first] = stored;
  const rate = first?.outcome?.decodeTokensPerSecond;
  if (first === undefined || rate === undefined || rate >= FAST_ENOUGH_TOKENS_PER_SECOND) return first;
  const isMeasured = ({ outcome }: RankedBackend): boolean => outcome?.decodeTokensPerSecond !== undefined;
  // One thread is never faster than several.
  const isHopeless = ({ way }: RankedBackend): boolean =>
    way?.rung === 'single' && stored.some((rung) => rung.way?.rung === 'threads');
  return stored.find((rung) => rung.failure === undefined && !isMeasured(rung) && !isHopeless(rung)) ?? first;
}

/** Every way whose speed is worth to be known: those that are stored and good. */
export function backendsToMeasure(ladder: readonly RankedBackend[]): readonly RankedBackend[] {
  return ladder.filter(({ isStored, failure }) => isStored && failure === undefined);
}

export function isSameRankedBackend(a: RankedBackend, b: RankedBackend): boolean {
  return a.record.id === b.record.id && a.way?.rung === b.way?.rung && a.way?.threadCount === b.way?.threadCount;
}

/** The selected variant, then those that are here. */
function rank({ record, isStored }: Variant, selected: ModelRecord): number {
  if (record.id === selected.id) return 0;
  return isStored ? 1 : 2;
}

function waysOf(
  record: ModelRecord,
  device: DeviceReport,
  hasGpuLlama: boolean,
  step: Step,
): readonly (Backend | undefined)[] {
  if (refusalOf(record, device) !== undefined) return [];
  if (record.engine !== 'wllama') return step === 'graphics' ? [undefined] : [];
  switch (step) {
    case 'graphics':
      return hasGpuLlama && runsLlamaOnGpu(device) ? [{ rung: 'webgpu' }] : [];
    case 'threads':
      return threadCounts(device).map((threadCount) => ({ rung: 'threads', threadCount }));
    case 'single':
      return [{ rung: 'single' }];
  }
}

/** llama.cpp's WebGPU shaders need f16; a software adapter is slower than the processor that it runs on. */
function runsLlamaOnGpu({ webgpu, features, isFallbackAdapter }: DeviceReport): boolean {
  return webgpu === 'available' && features.includes('shader-f16') && !isFallbackAdapter;
}

/** All cores, then half: where two logical cores share one that calculates, half may be as fast. */
function threadCounts({ cores, sharedMemory }: DeviceReport): readonly number[] {
  if (!sharedMemory || cores < 2) return [];
  const half = Math.ceil(cores / 2);
  return half < 2 ? [cores] : [...new Set([cores, half])];
}

/** Leaves those without a speed where they are and puts the others, by speed, into the places that are left. */
function byMeasuredSpeed(rungs: readonly RankedBackend[]): readonly RankedBackend[] {
  const measured: RankedBackend[] = [];
  for (const rung of rungs) {
    const rate = rung.outcome?.decodeTokensPerSecond;
    if (rate === undefined) continue;
    const at = measured.findIndex((other) => rate > FASTER_BY * (other.outcome?.decodeTokensPerSecond ?? 0));
    measured.splice(at === -1 ? measured.length : at, 0, rung);
  }
  return rungs.map((rung) => (rung.outcome?.decodeTokensPerSecond === undefined ? rung : (measured.shift() ?? rung)));
}
