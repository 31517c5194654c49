import { isSameBackend } from '../../models/backend.ts';
import { isSameRankedBackend, type RankedBackend } from '../../models/fit/backend-ranking.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';
import { holdLock } from '../../platform/web-locks.ts';
import type { RunHistoryStore, UnfinishedLoad } from '../../storage/run-history-store.ts';
import { findModel } from '../state/find-model.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { type BackendSelector, nameOf, type SelectedBackend } from './backend-selector.ts';

/**
 * Notices a load that ended its tab or the browser, and asks the user before it is tried again. Nothing catches a killed
 * tab itself, so each load has a record in IndexedDB from before its begin to its end, and a Web Lock meanwhile: a record
 * without a lock is left over from a tab that is gone.
 */
export class CrashGuard {
  readonly #state: StateStore<SessionState>;
  readonly #store: RunHistoryStore;
  readonly #selector: BackendSelector;
  readonly #open = new Map<string, () => void>();
  #crashedLoads: readonly UnfinishedLoad[] = [];

  constructor(state: StateStore<SessionState>, store: RunHistoryStore, selector: BackendSelector) {
    this.#state = state;
    this.#store = store;
    this.#selector = selector;
    // A page that the user leaves during a load has not been killed.
    addEventListener('pagehide', this.#onPageHide);
  }

  /** Resolves when the load is recorded on the disk, with a function that removes the record. */
  async watch({ id: modelId }: ModelRecord, { record, backend }: SelectedBackend): Promise<() => Promise<void>> {
    const load: UnfinishedLoad = {
      modelId,
      recordId: record.id,
      ...(backend !== undefined && { backend }),
      id: crypto.randomUUID(),
      startedAt: Date.now(),
    };
    const unlock = await holdLock(lockName(load.id)).catch(() => () => {});
    this.#open.set(load.id, unlock);
    try {
      await this.#store.setMark(load);
    } catch {
      // A full disk, a private window: a crash is then not noticed.
    }
    return () => this.#remove(load.id);
  }

  /** Looks for a load that ended its tab, and sets the question about it in the state. */
  async recoverCrashes(): Promise<void> {
    this.#crashedLoads = await this.#readCrashedLoads();
    const [load] = this.#crashedLoads;
    const crashed = load && this.#rank(load).find((ranked) => isOf(load, ranked));
    // The model is not here any more: there is nothing to ask.
    if (load === undefined || crashed === undefined) {
      await this.#forget(this.#crashedLoads);
      return;
    }
    const { modelId, recordId, startedAt } = load;
    const other = this.#rank(load).find(
      (ranked) => !isSameRankedBackend(ranked, crashed) && ranked.isStored && ranked.failure === undefined,
    );
    this.#selector.set({
      question: { modelId, recordId, startedAt, ...nameOf(crashed), otherBackend: other && nameOf(other) },
    });
  }

  /** Takes the user's answer. @returns the model that was asked about */
  async answer(choice: 'load' | 'other-backend'): Promise<string | undefined> {
    const [load] = this.#crashedLoads;
    if (load === undefined) return undefined;
    const crashed = this.#rank(load).find((ranked) => isOf(load, ranked));
    if (choice === 'other-backend' && crashed !== undefined) {
      await this.#selector.note(crashed, { failure: 'tab-killed' });
    }
    await this.#forget(this.#crashedLoads);
    this.#crashedLoads = [];
    this.#selector.set({ question: undefined });
    return load.modelId;
  }

  dispose(): void {
    removeEventListener('pagehide', this.#onPageHide);
    this.#onPageHide();
  }

  /** A page that goes away has no time for a database. */
  readonly #onPageHide = (): void => {
    if (this.#open.size === 0) return;
    writeLocalSetting(LEFT_KEY, [...readLocalList(LEFT_KEY), ...this.#open.keys()]);
    for (const id of this.#open.keys()) void this.#remove(id);
  };

  /** Loads that ended their tab, the newest first. */
  async #readCrashedLoads(): Promise<readonly UnfinishedLoad[]> {
    const loads = await this.#store.marks().catch(() => []);
    if (loads.length === 0) return [];
    // Absent in an insecure context, whatever the type says.
    const locks: LockManager | undefined = navigator.locks;
    const held = new Set((await locks?.query())?.held?.map(({ name }) => name));
    const left = new Set(readLocalList(LEFT_KEY));
    const ended = loads.filter(({ id }) => !held.has(lockName(id)));
    await this.#forget(ended.filter(({ id }) => left.has(id)));
    // Those of other databases stay; of tabs that never came back, the newest are enough.
    const others = [...left].filter((id) => !loads.some((load) => load.id === id)).slice(-50);
    writeLocalSetting(LEFT_KEY, others.length > 0 ? others : undefined);
    return ended.filter(({ id }) => !left.has(id)).sort((a, b) => b.startedAt - a.startedAt);
  }

  async #forget(loads: readonly UnfinishedLoad[]): Promise<void> {
    await Promise.allSettled(loads.map(({ id }) => this.#store.removeMark(id)));
  }

  async #remove(id: string): Promise<void> {
    const unlock = this.#open.get(id);
    this.#open.delete(id);
    await this.#store.removeMark(id).catch(() => {});
    unlock?.();
  }

  #rank({ modelId }: UnfinishedLoad): readonly RankedBackend[] {
    const model = findModel(this.#state.state, modelId)?.record;
    return model === undefined ? [] : this.#selector.rank(model);
  }
}

function isOf(load: UnfinishedLoad, { record, backend }: RankedBackend): boolean {
  return record.id === load.recordId && isSameBackend(backend, load.backend);
}

/** Loads whose page the user left. In localStorage: a page that is being closed has no time for a database. */
const LEFT_KEY = 'alcove-left-loads';

function lockName(id: string): string {
  return `alcove-load:${id}`;
}
