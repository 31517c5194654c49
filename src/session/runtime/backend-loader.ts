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

/** Time for a test after an answer, and, if the user has asked for a measurement, for the test that measures. */
const TEST_LIMIT_MS = 5_000;
const MEASURE_LIMIT_MS = 60_000;

/** Tokens of the test's prompt with a chat template around it, and the longest that they may take. */
const TEST_PROMPT_TOKENS = 40;
const LONGEST_PREFILL_MS = TEST_LIMIT_MS / 2;

/** Loads a model on one backend, tests it after its first answer, and measures it. */
export class BackendLoader {
  readonly #selector: BackendSelector;
  readonly #guard: CrashGuard;
  readonly #engines: EngineSource;
  #skip: AbortController | undefined;
  #measuring: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(selector: BackendSelector, guard: CrashGuard, engines: EngineSource) {
    this.#selector = selector;
    this.#guard = guard;
    this.#engines = engines;
  }

  /**
   * Loads a model.
   * @param model what was asked for; the record may be another variant of it
   * @throws what the engine's load throws
   */
  async load(
    model: ModelRecord,
    selected: SelectedBackend,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<void> {
    const { record, backend } = selected;
    const engine = await this.#engines.engine(record.engine);
    await this.#engines.unloadAllBut(record.engine);
    const isGuarded = hasWeights(selected);
    const release = isGuarded ? await this.#guard.watch(model, selected) : async () => {};
    const startedAt = performance.now();
    let isJoined = true;
    try {
      for await (const progress of engine.load({ model: record, backend }, signal)) {
        // The model is loaded already, for another tab, if nothing comes before "ready".
        isJoined &&= progress.phase === 'ready';
        onProgress(progress);
      }
      if (!isJoined && isGuarded) await this.#selector.note(selected, { loadMs: performance.now() - startedAt });
    } finally {
      await release();
    }
  }

  /** Whether a backend has weights that were never tested with these versions. */
  isUntested(selected: SelectedBackend): boolean {
    return hasWeights(selected) && this.#resultOf(selected)?.selfTest === undefined;
  }

  /** Watches the first prefill, in which most memory is taken. @returns its end; does nothing on a tested backend */
  async watchFirst(model: ModelRecord, selected: SelectedBackend): Promise<() => Promise<void>> {
    return this.isUntested(selected) ? this.#guard.watch(model, selected) : async () => {};
  }

  /**
   * Tests a backend once, after the first answer on it: the user's message goes first, and its figures tell whether the
   * test is quick here. A cancel, like `skipTest`, ends the test and is noted, so that it does not come again.
   * @param usage of that answer; without it the test runs
   * @throws AlcoveError `self-test-failed`
   */
  async testOnce(selected: SelectedBackend, usage: Usage | undefined, signal: AbortSignal): Promise<void> {
    if (
      !this.isUntested(selected) ||
      signal.aborted ||
      (usage !== undefined && prefillMsOf(usage) > LONGEST_PREFILL_MS)
    )
      return;
    const skip = new AbortController();
    this.#skip = skip;
    try {
      await this.#test(selected, AbortSignal.any([signal, skip.signal]), TEST_LIMIT_MS);
    } catch (error) {
      if (!isAbortError(error)) throw error;
      await this.#selector.note(selected, { selfTest: 'skipped' });
    } finally {
      this.#skip = undefined;
    }
  }

  skipTest(): void {
    this.#skip?.abort();
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
    if (!hasWeights(selected) || completionTokens < LEAST_TOKENS) return;
    const isLongPrompt = promptTokens - reusedTokens >= LEAST_TOKENS;
    await this.#selector.note(selected, {
      ...(decodeTokensPerSecond !== undefined && { decodeTokensPerSecond }),
      ...(isLongPrompt && prefillTokensPerSecond !== undefined && { prefillTokensPerSecond }),
    });
  }

  #resultOf({ record, backend }: SelectedBackend): RunResult | undefined {
    return findRunResult(this.#selector.of(record), record, backend);
  }

  /** Asks the model the known prompt, and notes the result. @throws AlcoveError `self-test-failed` */
  async #test(selected: SelectedBackend, signal: AbortSignal, limitMs: number): Promise<void> {
    const { record, backend } = selected;
    this.#selector.set({ isTesting: true });
    try {
      const engine = await this.#engines.engine(record.engine);
      const result = await selfTest(engine, { model: record, backend }, signal, AbortSignal.timeout(limitMs));
      const { status, reason, text, prefillTokensPerSecond, decodeTokensPerSecond } = result;
      if (status === 'failed') {
        throw new AlcoveError('self-test-failed', `${record.id} wrote ${JSON.stringify(text)}`, { data: { reason } });
      }
      await this.#selector.note(selected, {
        selfTest: status,
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
        await this.load(model, selected, signal, () => {});
        if (hasWeights(selected)) await this.#test(selected, signal, MEASURE_LIMIT_MS);
      } catch (error) {
        if (isAbortError(error)) return;
        await this.#selector.note(selected, { failure: toAlcoveError(error, 'load-failed').code });
      }
    }
  }
}

function hasWeights({ record }: SelectedBackend): boolean {
  return profileOf(record).weights !== undefined;
}

/** Time in which the backend reads the test's prompt, by the figures of an answer. */
function prefillMsOf({ prefillTokensPerSecond, timeToFirstTokenMs }: Usage): number {
  return prefillTokensPerSecond === undefined
    ? timeToFirstTokenMs
    : (1000 * TEST_PROMPT_TOKENS) / prefillTokensPerSecond;
}
