import type { Engine, LoadProgress, Usage } from '../../engine/engine.ts';
import { selfTest } from '../../engine/self-test.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { backendsToMeasure } from '../../models/fit/backend-ranking.ts';
import { findRunResult, type RunResult } from '../../models/fit/run-history.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { BackendSelector, SelectedBackend } from './backend-selector.ts';
import type { CrashGuard } from './crash-guard.ts';

export interface EngineSource {
  engine(id: EngineId): Promise<Engine>;
  unloadAllBut(kept: EngineId | undefined): Promise<void>;
}

/** A shorter answer says little about speed. */
const LEAST_TOKENS = 16;

/** Loads a model on one backend, tests what was loaded, and measures it. */
export class BackendLoader {
  readonly #selector: BackendSelector;
  readonly #guard: CrashGuard;
  readonly #engines: EngineSource;
  #measuring: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(selector: BackendSelector, guard: CrashGuard, engines: EngineSource) {
    this.#selector = selector;
    this.#guard = guard;
    this.#engines = engines;
  }

  /**
   * Loads a model. The first load on a backend, of these files with these versions, ends with a self-test that also
   * measures the speed; a backend that has passed is not tested again, so that no later answer waits for a test.
   * @param model what was asked for; the record may be another variant of it
   * @throws AlcoveError `self-test-failed`, or what the engine's load throws
   */
  async load(
    model: ModelRecord,
    selected: SelectedBackend,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
    isTested = this.#hasPassed(selected),
  ): Promise<void> {
    const { record, backend } = selected;
    const engine = await this.#engines.engine(record.engine);
    await this.#engines.unloadAllBut(record.engine);
    const isGuarded = profileOf(record).weights !== undefined;
    const release = isGuarded ? await this.#guard.watch(model, selected) : async () => {};
    const startedAt = performance.now();
    let isJoined = true;
    try {
      for await (const progress of engine.load({ model: record, backend }, signal)) {
        // The model is loaded already, for another tab, if nothing comes before "ready".
        isJoined &&= progress.phase === 'ready';
        onProgress(progress);
      }
      if (isJoined || !isGuarded) return;
      const loadMs = performance.now() - startedAt;
      if (isTested) await this.#selector.note(selected, { loadMs });
      else await this.#test(selected, signal, { loadMs });
    } finally {
      await release();
    }
  }

  get isMeasuring(): boolean {
    return this.#measuring !== undefined;
  }

  /**
   * Loads a model on every backend that is stored, one after another, and measures each. Notes a backend that fails and
   * continues with the next. Resolves when all are measured, or when it was stopped.
   */
  async measureAll(model: ModelRecord): Promise<void> {
    await this.stopMeasuring();
    const abort = new AbortController();
    const done = this.#measureAll(model, abort.signal).finally(() => {
      this.#measuring = undefined;
      this.#selector.set({ measuring: undefined });
    });
    this.#measuring = { abort, done };
    await done;
  }

  async stopMeasuring(): Promise<void> {
    this.#measuring?.abort.abort();
    await this.#measuring?.done;
  }

  /** Every answer is a measurement; a longer one says more than a self-test. */
  async noteSpeed(selected: SelectedBackend, usage: Usage): Promise<void> {
    const { completionTokens, promptTokens, reusedTokens = 0 } = usage;
    const { prefillTokensPerSecond, decodeTokensPerSecond } = usage;
    if (profileOf(selected.record).weights === undefined || completionTokens < LEAST_TOKENS) return;
    const isLongPrompt = promptTokens - reusedTokens >= LEAST_TOKENS;
    await this.#selector.note(selected, {
      ...(decodeTokensPerSecond !== undefined && { decodeTokensPerSecond }),
      ...(isLongPrompt && prefillTokensPerSecond !== undefined && { prefillTokensPerSecond }),
    });
  }

  #hasPassed({ record, backend }: SelectedBackend): boolean {
    return findRunResult(this.#selector.of(record), record, backend)?.selfTest === 'passed';
  }

  /** Asks the model the known prompt, and notes the result. @throws AlcoveError `self-test-failed` */
  async #test(selected: SelectedBackend, signal: AbortSignal, note: Partial<RunResult>): Promise<void> {
    const { record, backend } = selected;
    this.#selector.set({ isTesting: true });
    try {
      const result = await selfTest(await this.#engines.engine(record.engine), { model: record, backend }, signal);
      const { status, reason, text, prefillTokensPerSecond, decodeTokensPerSecond } = result;
      if (status === 'failed') {
        throw new AlcoveError('self-test-failed', `${record.id} wrote ${JSON.stringify(text)}`, { data: { reason } });
      }
      await this.#selector.note(selected, {
        ...note,
        ...(status === 'passed' && { selfTest: 'passed' }),
        ...(prefillTokensPerSecond !== undefined && { prefillTokensPerSecond }),
        ...(decodeTokensPerSecond !== undefined && { decodeTokensPerSecond }),
      });
    } finally {
      this.#selector.set({ isTesting: false });
    }
  }

  async #measureAll(model: ModelRecord, signal: AbortSignal): Promise<void> {
    await this.#selector.forgive(model);
    const backends = backendsToMeasure(this.#selector.rank(model));
    for (const [done, selected] of backends.entries()) {
      this.#selector.set({ measuring: { modelId: model.id, done, total: backends.length } });
      try {
        await this.load(model, selected, signal, () => {}, false);
      } catch (error) {
        if (isAbortError(error)) return;
        await this.#selector.note(selected, { failure: toAlcoveError(error, 'load-failed').code });
      }
    }
  }
}
