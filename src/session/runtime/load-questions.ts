import { isSameRankedBackend, type RankedBackend } from '../../models/fit/backend-ranking.ts';
import type { UnfinishedLoad } from '../../storage/run-history-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { type Ladder, nameOf } from './backend-selector.ts';
import type { CrashGuard } from './crash-guard.ts';

/** Asks about a load that ended the page before it is tried again. */
export class CrashQuestions {
  readonly #state: StateStore<SessionState>;
  readonly #ladder: Ladder;
  readonly #marks: CrashGuard;
  #leftOver: readonly UnfinishedLoad[] = [];

  constructor(state: StateStore<SessionState>, ladder: Ladder, marks: CrashGuard) {
    this.#state = state;
    this.#ladder = ladder;
    this.#marks = marks;
  }

  async recoverCrashes(): Promise<void> {
    this.#leftOver = await this.#marks.leftOver();
    const [mark] = this.#leftOver;
    const rung = mark && this.#rankedBackendOf(mark);
    // Of a model that is not here any more there is nothing to ask.
    if (mark === undefined || rung === undefined) {
      await this.#marks.forget(this.#leftOver);
      return;
    }
    const { modelId, recordId, startedAt } = mark;
    const other = this.#otherWay(mark, rung);
    this.#ladder.set({
      question: { modelId, recordId, startedAt, ...nameOf(rung), otherWay: other && nameOf(other) },
    });
  }

  /** @returns the model that was asked about */
  async answer(choice: 'load' | 'other-way'): Promise<string | undefined> {
    const [mark] = this.#leftOver;
    if (mark === undefined) return undefined;
    const rung = this.#rankedBackendOf(mark);
    if (choice === 'other-way' && rung !== undefined) await this.#ladder.note(rung, { failure: 'tab-killed' });
    await this.#marks.forget(this.#leftOver);
    this.#leftOver = [];
    this.#ladder.set({ question: undefined });
    return mark.modelId;
  }

  #rankedBackendOf(mark: UnfinishedLoad): RankedBackend | undefined {
    return this.#rungs(mark).find(
      ({ record, way }) =>
        record.id === mark.recordId && way?.rung === mark.way?.rung && way?.threadCount === mark.way?.threadCount,
    );
  }

  #otherWay(mark: UnfinishedLoad, rung: RankedBackend): RankedBackend | undefined {
    return this.#rungs(mark).find(
      (other) => !isSameRankedBackend(other, rung) && other.isStored && other.failure === undefined,
    );
  }

  #rungs({ modelId }: UnfinishedLoad): readonly RankedBackend[] {
    const model = this.#state.state.models.find(({ record }) => record.id === modelId)?.record;
    return model === undefined ? [] : this.#ladder.rungs(model);
  }
}
