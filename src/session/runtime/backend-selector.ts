import { ENGINE_VERSIONS } from '../../engine/engine-versions.ts';
import { probeDevice } from '../../engine/probe-device.ts';
import { backendToTry, isSameRankedBackend, type RankedBackend } from '../../models/fit/backend-ranking.ts';
import { type DeviceRunHistory, deviceKey, isOf, type RunResult } from '../../models/fit/run-history.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, type ErrorCode } from '../../platform/errors.ts';
import type { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { BackendName, BackendState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { rankedBackendsOf } from './rungs-of.ts';

/**
 * What the ladder can do something about, and how many times within the period a way may fail so before another is taken.
 * A lost device comes back by itself, after a sleep for instance: its way is taken once more. All else would happen again.
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
};
const STRIKE_PERIOD_MS = 10 * 60_000;

/** Where no other way is left, these are worth one more try of the same; the others fail again at once. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['device-lost', 'engine-crashed', 'engine-hung']);

const LOSSES: ReadonlySet<ErrorCode> = new Set([...PASSING, 'out-of-memory']);

interface Strike {
  readonly rung: RankedBackend;
  readonly at: number;
}

/** `again`: the same way; `down`: the next one. Undefined: nothing that another way would change. */
export type Step = 'again' | 'down' | undefined;

/** Decides how a model is run: keeps what became of each way on this device, and which one is next. */
export class Ladder implements DeviceRunHistory {
  readonly #state: StateStore<SessionState>;
  readonly #store: RunHistoryStore;
  readonly #strikes: Strike[] = [];
  #device: Promise<string> | undefined;

  constructor(state: StateStore<SessionState>, store: RunHistoryStore) {
    this.#state = state;
    this.#store = store;
  }

  of(record: ModelRecord): readonly RunResult[] {
    return this.#state.state.ladder.outcomes.filter((outcome) => isOf(outcome, record));
  }

  /** Reads what is known, also what other tabs have found since. Without a store only this visit is known. */
  async read(): Promise<void> {
    const outcomes = await this.#store.read(await this.#deviceKey()).catch(() => undefined);
    if (outcomes !== undefined) this.set({ outcomes });
  }

  /** All ways to run the model here, the first to take at the top. */
  rungs(model: ModelRecord): readonly RankedBackend[] {
    return rankedBackendsOf(this.#state.state, model);
  }

  /** @throws AlcoveError `tab-killed` where the reader has to be asked first */
  async choose(model: ModelRecord): Promise<RankedBackend> {
    await this.read();
    const { question } = this.#state.state.ladder;
    const rungs = this.rungs(model);
    if (rungs.some(({ record }) => record.id === question?.recordId)) {
      throw new AlcoveError('tab-killed', `${model.id} may end the page again`);
    }
    const rung = backendToTry(rungs);
    // Where nothing runs, the engine knows best why.
    return rung ?? { record: model, way: undefined, isStored: true, failure: undefined, outcome: undefined };
  }

  /** A way has failed: notes it, and says what to do. */
  async strike(model: ModelRecord, rung: RankedBackend, error: AlcoveError): Promise<Step> {
    // The tab that ran the engine for all was closed: the way itself is good.
    if (error.data['tab'] === 'gone') return 'again';
    const allowed = STRIKES[error.code];
    if (allowed === undefined) return undefined;
    const now = Date.now();
    const before = this.#strikes.filter(
      ({ rung: struck, at }) => isSameRankedBackend(struck, rung) && now - at < STRIKE_PERIOD_MS,
    );
    this.#strikes.push({ rung, at: now });
    if (before.length + 1 < allowed) return 'again';
    const next = this.rungs(model).find(
      (other) => other.isStored && other.failure === undefined && !isSameRankedBackend(other, rung),
    );
    if (next === undefined && PASSING.has(error.code) && before.length === 0) return 'again';
    await this.note(rung, { failure: error.code, ...(error.code === 'self-test-failed' && { selfTest: 'failed' }) });
    this.#tell(model, rung, next, error);
    return next === undefined ? undefined : 'down';
  }

  /** Whether the model is out of memory after it. */
  isLoss(error: AlcoveError): boolean {
    return LOSSES.has(error.code);
  }

  /** Adds to what is known of a way. */
  async note(rung: RankedBackend, change: Partial<RunResult>): Promise<void> {
    const { record, way } = rung;
    const known = this.of(record).find(({ way: other }) => isSameRankedBackend({ ...rung, way: other }, rung));
    const outcome: RunResult = {
      ...known,
      recordId: record.id,
      revision: record.source.revision,
      ...(way !== undefined && { way }),
      ...change,
      at: Date.now(),
    };
    const others = this.#state.state.ladder.outcomes.filter((other) => other !== known);
    this.set({ outcomes: [...others, outcome] });
    await this.#store.write(await this.#deviceKey(), outcome).catch(() => {});
  }

  /** Gives every way of a model that has failed another chance. */
  async forgive(model: ModelRecord): Promise<void> {
    this.#strikes.length = 0;
    for (const rung of this.rungs(model)) {
      if (rung.failure === undefined || rung.outcome === undefined) continue;
      const { failure: _, selfTest, ...good } = rung.outcome;
      const others = this.#state.state.ladder.outcomes.filter((other) => other !== rung.outcome);
      const outcome: RunResult = { ...good, ...(selfTest === 'passed' && { selfTest }) };
      this.set({ outcomes: [...others, outcome] });
      await this.#store.write(await this.#deviceKey(), outcome).catch(() => {});
    }
    this.set({ change: undefined });
  }

  set(change: Partial<BackendState>): void {
    this.#state.set({ ladder: { ...this.#state.state.ladder, ...change } });
  }

  /** What the reader is told: what has changed, why, and where nothing is left, what would run. */
  #tell(model: ModelRecord, from: RankedBackend, next: RankedBackend | undefined, error: AlcoveError): void {
    const missing = this.rungs(model).find(({ isStored, failure }) => !isStored && failure === undefined);
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

export function nameOf({ record, way }: RankedBackend): BackendName {
  return { engine: record.engine, way };
}
