import type { ErrorCode } from '../../platform/errors.ts';
import { type Backend, isSameBackend } from '../backend.ts';
import type { DeviceReport } from '../device.ts';
import type { BrowserFeatures } from '../engines/engine-profile.ts';
import { profileOf } from '../engines/engine-profiles.ts';
import type { ModelRecord } from '../model-record.ts';
import { refusalOf } from './fit-requirements.ts';
import { findRunResult, type RunResult } from './run-history.ts';

/** A variant of a model, and whether its files are stored. */
export interface Variant {
  readonly record: ModelRecord;
  readonly isStored: boolean;
}

/** A variant of a model on one backend. */
export interface RankedBackend {
  readonly record: ModelRecord;
  /** Undefined for an engine that has one backend. */
  readonly backend: Backend | undefined;
  /** False if its files must be downloaded first. */
  readonly isStored: boolean;
  /** Why it is not tried by itself; it then comes after those that have not failed. */
  readonly failure: ErrorCode | undefined;
  readonly result: RunResult | undefined;
}

/**
 * How many times as fast as a higher-ranked backend another one must have been measured to come before it. Two
 * measurements of one backend differ by this factor on a loaded machine.
 */
const FASTER_BY = 1.25;

/** More tokens a second than anyone reads. While the best known backend is slower, untried ones are tried, one a load. */
const FAST_ENOUGH_TOKENS_PER_SECOND = 15;

/** The order before anything is measured. */
const KINDS = ['webgpu', 'threads', 'single'] as const;

/**
 * Every way to run a model on a device, the one to try first at the top.
 *
 * Before anything is measured WebGPU comes first, then several threads, then one; of one kind the selected variant comes
 * first. Backends whose speed is known change places among themselves. A backend that has failed comes after all that
 * have not.
 * @param variants of the same model, the selected one among them
 */
export function rankBackends(
  selected: ModelRecord,
  variants: readonly Variant[],
  device: DeviceReport,
  results: readonly RunResult[],
  browser: BrowserFeatures,
): readonly RankedBackend[] {
  const ordered = [...variants]
    .filter(({ record }) => refusalOf(record, device) === undefined)
    .sort((a, b) => order(a, selected) - order(b, selected));
  const all = KINDS.flatMap((kind) =>
    ordered.flatMap(({ record, isStored }) =>
      profileOf(record)
        .backends(device, browser)
        .filter((offer) => offer.kind === kind)
        .map(({ backend }): RankedBackend => {
          const result = findRunResult(results, record, backend);
          return { record, backend, isStored, failure: result?.failure, result };
        }),
    ),
  );
  return [
    ...byMeasuredSpeed(all.filter(({ failure }) => failure === undefined)),
    ...all.filter(({ failure }) => failure !== undefined),
  ];
}

/**
 * The backend to load: the first that is stored, or while the best known one is slow, one that was never tried.
 * @returns undefined if nothing of the model is stored, or nothing of it runs here
 */
export function backendToTry(ranking: readonly RankedBackend[]): RankedBackend | undefined {
  const stored = ranking.filter(({ isStored }) => isStored);
  const [first] = stored;
  const rate = first?.result?.decodeTokensPerSecond;
  if (first === undefined || rate === undefined || rate >= FAST_ENOUGH_TOKENS_PER_SECOND) return first;
  const isMeasured = ({ result }: RankedBackend): boolean => result?.decodeTokensPerSecond !== undefined;
  // One thread is never faster than several.
  const isHopeless = ({ backend }: RankedBackend): boolean =>
    backend?.kind === 'single' && stored.some((other) => other.backend?.kind === 'threads');
  return stored.find((one) => one.failure === undefined && !isMeasured(one) && !isHopeless(one)) ?? first;
}

/** The backends whose speed is worth measuring: those that are stored and have not failed. */
export function backendsToMeasure(ranking: readonly RankedBackend[]): readonly RankedBackend[] {
  return ranking.filter(({ isStored, failure }) => isStored && failure === undefined);
}

type RecordOnBackend = Pick<RankedBackend, 'backend'> & { readonly record: Pick<ModelRecord, 'id'> };

export function isSameRankedBackend(a: RecordOnBackend, b: RecordOnBackend): boolean {
  return a.record.id === b.record.id && isSameBackend(a.backend, b.backend);
}

/** The selected variant, then the stored ones. */
function order({ record, isStored }: Variant, selected: ModelRecord): number {
  if (record.id === selected.id) return 0;
  return isStored ? 1 : 2;
}

/** Leaves unmeasured backends in their places, and puts the others by speed into the places that are left. */
function byMeasuredSpeed(ranking: readonly RankedBackend[]): readonly RankedBackend[] {
  const measured: RankedBackend[] = [];
  for (const one of ranking) {
    const rate = one.result?.decodeTokensPerSecond;
    if (rate === undefined) continue;
    const at = measured.findIndex((other) => rate > FASTER_BY * (other.result?.decodeTokensPerSecond ?? 0));
    measured.splice(at === -1 ? measured.length : at, 0, one);
  }
  return ranking.map((one) => (one.result?.decodeTokensPerSecond === undefined ? one : (measured.shift() ?? one)));
}
