import { probeDevice } from '../../engine/probe-device.ts';
import type { Backend } from '../../models/backend.ts';
import { ENGINE_VERSIONS } from '../../models/engines/engine-profiles.ts';
import {
  backendToTry,
  isSameRankedBackend,
  type RankedBackend,
  rankBackends,
} from '../../models/fit/backend-ranking.ts';
import { fittedRecord } from '../../models/fit/fit-result.ts';
import { type DeviceRunHistory, deviceKey, findRunResult, isOf, type RunResult } from '../../models/fit/run-history.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, type ErrorCode } from '../../platform/errors.ts';
import { hasJspi, llamaBuild } from '../../platform/wasm-build.ts';
import type { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { BackendName, RuntimeState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { variantsOf } from '../state/variants-of.ts';

/** A variant of a model, and the backend that runs it. */
export interface SelectedBackend {
  readonly record: ModelRecord;
  readonly backend: Backend | undefined;
}

/**
 * The errors that another backend may avoid, and how many of them within the period make the selector leave a backend.
 * A lost device comes back by itself, after the computer's sleep for instance, so its backend is tried once more. The
 * other errors would occur again.
 */
const STRIKES: Partial<Readonly<Record<ErrorCode, number>>> = {
  'webgpu-missing': 1,
  'gpu-adapter-missing': 1,
  'gpu-feature-missing': 1,
  'gpu-limit-too-low': 1,
  'device-lost': 2,
  'out-of-memory': 1,
  'library-mismatch': 1,
  'load-failed': 1,
  'self-test-failed': 1,
  'engine-crashed': 1,
  'engine-hung': 1,
  'worker-failed': 1,
};
const STRIKE_PERIOD_MS = 10 * 60_000;

/** If no other backend is left, these errors are worth one more try of the same; the others would occur again at once. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['device-lost', 'engine-crashed', 'engine-hung']);

const LOSSES: ReadonlySet<ErrorCode> = new Set([...PASSING, 'out-of-memory']);

interface Strike {
  readonly selected: SelectedBackend;
  readonly at: number;
}

/** What to do after a failure: try the same backend again, or the next one. Undefined if no backend would help. */
export type NextTry = 'same' | 'next' | undefined;

/** Selects the backend of a model, and keeps the run history of this device, from which it selects. */
export class BackendSelector implements DeviceRunHistory {
  readonly #state: StateStore<SessionState>;
  readonly #store: RunHistoryStore;
  readonly #strikes: Strike[] = [];
  /** The backend to try once more, after an error that passes. */
  #retry: { readonly modelId: string; readonly selected: SelectedBackend } | undefined;
  #device: Promise<string> | undefined;

  constructor(state: StateStore<SessionState>, store: RunHistoryStore) {
    this.#state = state;
    this.#store = store;
  }

  of(record: ModelRecord): readonly RunResult[] {
    return this.#state.state.runtime.history.filter((result) => isOf(result, record));
  }

  /** Reads the run history, with what other tabs have added. If the store cannot be read, only this visit is known. */
  async read(): Promise<void> {
    const history = await this.#store.read(await this.#deviceKey()).catch(() => undefined);
    if (history !== undefined) this.set({ history });
  }

  rank(model: ModelRecord): readonly RankedBackend[] {
    return rankedBackendsOf(this.#state.state, model);
  }

  /** @throws AlcoveError `tab-killed` if the user must be asked first */
  async select(model: ModelRecord): Promise<SelectedBackend> {
    const retry = this.#retry;
    this.#retry = undefined;
    if (retry?.modelId === model.id) return retry.selected;
    await this.read();
    const { question } = this.#state.state.runtime;
    const ranking = this.rank(model);
    if (ranking.some(({ record }) => record.id === question?.recordId)) {
      throw new AlcoveError('tab-killed', `${model.id} may end the page again`);
    }
    // If nothing runs here, the engine's own error says best why.
    return backendToTry(ranking) ?? { record: model, backend: undefined };
  }

  /** Notes that a backend has failed. @returns what to do about it */
  async strike(model: ModelRecord, selected: SelectedBackend, error: AlcoveError): Promise<NextTry> {
    const next = await this.#judge(model, selected, error);
    if (next === 'same') this.#retry = { modelId: model.id, selected };
    return next;
  }

  async #judge(model: ModelRecord, selected: SelectedBackend, error: AlcoveError): Promise<NextTry> {
    // The tab that ran the engine for all was closed: the backend itself works.
    if (error.data['tab'] === 'gone') return 'same';
    const allowed = STRIKES[error.code];
    if (allowed === undefined) return undefined;
    const now = performance.now();
    const before = this.#strikes.filter(
      (strike) => isSameRankedBackend(strike.selected, selected) && now - strike.at < STRIKE_PERIOD_MS,
    );
    this.#strikes.push({ selected, at: now });
    if (before.length + 1 < allowed) return 'same';
    const next = this.rank(model).find(
      (other) => other.isStored && other.failure === undefined && !isSameRankedBackend(other, selected),
    );
    if (next === undefined && PASSING.has(error.code) && before.length === 0) return 'same';
    await this.note(selected, {
      failure: error.code,
      ...(error.code === 'self-test-failed' && { selfTest: 'failed' }),
    });
    this.#showChange(model, selected, next, error);
    return next === undefined ? undefined : 'next';
  }

  isLoss(error: AlcoveError): boolean {
    return LOSSES.has(error.code);
  }

  async note({ record, backend }: SelectedBackend, change: Partial<RunResult>): Promise<void> {
    const known = findRunResult(this.#state.state.runtime.history, record, backend);
    await this.#write(known, {
      ...known,
      recordId: record.id,
      revision: record.source.revision,
      ...(backend !== undefined && { backend }),
      ...change,
      at: Date.now(),
    });
  }

  /** Gives every backend of a model that has failed another chance. */
  async forgive(model: ModelRecord): Promise<void> {
    this.#strikes.length = 0;
    for (const { failure, result } of this.rank(model)) {
      if (failure === undefined || result === undefined) continue;
      const { failure: _, selfTest, ...good } = result;
      await this.#write(result, { ...good, ...(selfTest === 'passed' && { selfTest }) });
    }
    this.set({ change: undefined });
  }

  set(change: Partial<RuntimeState>): void {
    this.#state.set({ runtime: { ...this.#state.state.runtime, ...change } });
  }

  async #write(replaced: RunResult | undefined, result: RunResult): Promise<void> {
    const others = this.#state.state.runtime.history.filter((other) => other !== replaced);
    this.set({ history: [...others, result] });
    await this.#store.write(await this.#deviceKey(), result).catch(() => {});
  }

  /** Shows the user what has changed, why, and if nothing is left, which download would help. */
  #showChange(model: ModelRecord, from: SelectedBackend, next: RankedBackend | undefined, error: AlcoveError): void {
    const missing = this.rank(model).find(({ isStored, failure }) => !isStored && failure === undefined);
    const isOffered = next === undefined && missing !== undefined;
    this.set({
      change: {
        modelId: model.id,
        from: nameOf(from),
        to: next && nameOf(next),
        error,
        offer: isOffered ? { modelId: missing.record.id, engine: missing.record.engine } : undefined,
      },
    });
  }

  #deviceKey(): Promise<string> {
    this.#device ??= this.#readDevice();
    return this.#device;
  }

  async #readDevice(): Promise<string> {
    const device = this.#state.state.device ?? (await probeDevice());
    if (this.#state.state.device === undefined) this.#state.set({ device });
    return deviceKey(device, navigator.userAgent, ENGINE_VERSIONS);
  }
}

/** Every way to run a model here, the one to try first at the top; none before the device is known. */
export function rankedBackendsOf(state: SessionState, model: ModelRecord): readonly RankedBackend[] {
  const { device, runtime } = state;
  if (device === undefined) return [];
  const variants = variantsOf(state, model).map(({ record, fit, weights }) => ({
    record: fittedRecord(record, fit),
    isStored: weights.status === 'stored',
  }));
  return rankBackends(model, variants, device, runtime.history, {
    hasGpuLlama: llamaBuild() === 'compat' || hasJspi(),
  });
}

export function nameOf({ record, backend }: SelectedBackend): BackendName {
  return { engine: record.engine, backend };
}
