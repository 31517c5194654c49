import { backendsToMeasure } from '../../models/fit/backend-ranking.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { BackendLoader } from './backend-loader.ts';
import type { Ladder } from './backend-selector.ts';

/** Loads a model in every way that is stored, one after another, and takes the speed of each. */
export class BackendMeasurement {
  readonly #ladder: Ladder;
  readonly #loader: BackendLoader;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(ladder: Ladder, loader: BackendLoader) {
    this.#ladder = ladder;
    this.#loader = loader;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves when all is measured, or it was stopped. A way that fails is noted, and the next one taken. */
  async run(model: ModelRecord): Promise<void> {
    await this.stop();
    const abort = new AbortController();
    const done = this.#measureAll(model, abort.signal).finally(() => {
      this.#running = undefined;
      this.#ladder.set({ measuring: undefined });
    });
    this.#running = { abort, done };
    await done;
  }

  /** Resolves when no way is being measured any more. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.done;
  }

  async #measureAll(model: ModelRecord, signal: AbortSignal): Promise<void> {
    await this.#ladder.forgive(model);
    const rungs = backendsToMeasure(this.#ladder.rungs(model));
    for (const [done, rung] of rungs.entries()) {
      this.#ladder.set({ measuring: { modelId: model.id, done, total: rungs.length } });
      try {
        await this.#loader.load(model, { ...rung, outcome: undefined }, signal, () => {});
      } catch (error) {
        if (isAbortError(error)) return;
        await this.#ladder.note(rung, { failure: toAlcoveError(error, 'load-failed').code });
      }
    }
  }
}
