import type { Engine, LoadProgress, Usage } from '../../engine/engine.ts';
import { selfTest } from '../../engine/self-test.ts';
import type { RankedBackend } from '../../models/fit/backend-ranking.ts';
import type { RunResult } from '../../models/fit/run-history.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import type { Ladder } from './backend-selector.ts';
import type { CrashGuard } from './crash-guard.ts';

export interface BackendLoaderOptions {
  readonly ladder: Ladder;
  readonly marks: CrashGuard;
  readonly engine: (id: EngineId) => Promise<Engine>;
  readonly made: ReadonlyMap<EngineId, Promise<Engine>>;
}

/** An answer shorter than this says little about speed. */
const LEAST_TOKENS = 16;

/** Loads a model in one way, marks the load on the disk, and tests what was loaded. */
export class BackendLoader {
  readonly #options: BackendLoaderOptions;

  constructor(options: BackendLoaderOptions) {
    this.#options = options;
  }

  engine({ record }: RankedBackend): Promise<Engine> {
    return this.#options.engine(record.engine);
  }

  /**
   * Loads the model. The first load in a way, of these files with these versions, ends with a test and takes its speed;
   * what has passed is taken at its word from then on, so that the test costs no later answer its time.
   * @param model what was asked for, of which the rung may run another variant
   * @throws AlcoveError `self-test-failed`, or what the engine's load throws
   */
  async load(
    model: ModelRecord,
    rung: RankedBackend,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<void> {
    const { record, way } = rung;
    const engine = await this.engine(rung);
    await this.#unloadOthers(record.engine);
    const removeMark = await this.#mark(model, rung);
    const startedAt = performance.now();
    let isJoined = true;
    try {
      for await (const progress of engine.load(record, signal, way)) {
        // Another tab has it loaded where nothing comes before "ready".
        isJoined &&= progress.phase === 'ready';
        onProgress(progress);
      }
      if (isJoined || record.engine === 'scripted' || record.engine === 'server') return;
      const loadMs = performance.now() - startedAt;
      if (rung.outcome?.selfTest === 'passed') await this.#options.ladder.note(rung, { loadMs });
      else await this.test(rung, signal, { loadMs });
    } finally {
      await removeMark();
    }
  }

  /** Asks the loaded model the known prompt, and notes what came of it. @throws AlcoveError `self-test-failed` */
  async test(rung: RankedBackend, signal: AbortSignal, note: Partial<RunResult> = {}): Promise<void> {
    const { ladder } = this.#options;
    ladder.set({ isTesting: true });
    try {
      const result = await selfTest(await this.engine(rung), rung.record, signal);
      const { verdict, reason, text, prefillTokensPerSecond, decodeTokensPerSecond } = result;
      if (verdict === 'failed') {
        throw new AlcoveError('self-test-failed', `${rung.record.id} wrote ${JSON.stringify(text)}`, {
          data: { reason },
        });
      }
      await ladder.note(rung, {
        ...note,
        ...(verdict === 'passed' && { selfTest: 'passed' }),
        ...(prefillTokensPerSecond !== undefined && { prefillTokensPerSecond }),
        ...(decodeTokensPerSecond !== undefined && { decodeTokensPerSecond }),
      });
    } finally {
      ladder.set({ isTesting: false });
    }
  }

  /** Every answer is a measurement; a longer one says more than a test. */
  async noteSpeed(rung: RankedBackend, usage: Usage): Promise<void> {
    const { completionTokens, promptTokens, reusedTokens = 0 } = usage;
    const { prefillTokensPerSecond, decodeTokensPerSecond } = usage;
    if (rung.record.engine === 'scripted' || rung.record.engine === 'server' || completionTokens < LEAST_TOKENS) return;
    const isLongPrompt = promptTokens - reusedTokens >= LEAST_TOKENS;
    await this.#options.ladder.note(rung, {
      ...(decodeTokensPerSecond !== undefined && { decodeTokensPerSecond }),
      ...(isLongPrompt && prefillTokensPerSecond !== undefined && { prefillTokensPerSecond }),
    });
  }

  async unloadAll(): Promise<void> {
    await this.#unloadOthers(undefined);
  }

  async #unloadOthers(id: EngineId | undefined): Promise<void> {
    for (const [other, engine] of this.#options.made) if (other !== id) await (await engine).unload();
  }

  async #mark(model: ModelRecord, { record, way }: RankedBackend): Promise<() => Promise<void>> {
    if (record.engine === 'scripted' || record.engine === 'server') return async () => {};
    return this.#options.marks.set({ modelId: model.id, recordId: record.id, ...(way !== undefined && { way }) });
  }
}
