import { readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';
import { holdLock } from '../../platform/web-locks.ts';
import type { RunHistoryStore, UnfinishedLoad } from '../../storage/run-history-store.ts';

/**
 * Notes on the disk that a load is under way, from before it to its end, so that a load which takes the tab or the
 * browser with it is known afterwards: nothing catches a killed tab itself. A mark whose load goes on in another tab has
 * a Web Lock; one without is left over.
 */
export class CrashGuard {
  readonly #store: RunHistoryStore;
  readonly #open = new Map<string, () => void>();

  constructor(store: RunHistoryStore) {
    this.#store = store;
    // A person who leaves in the middle of a load has not been thrown out.
    addEventListener('pagehide', this.#onPageHide);
  }

  /** Resolves when the mark is on the disk, with what takes it away again. A store that is not to be had marks nothing. */
  async set(load: Omit<UnfinishedLoad, 'id' | 'startedAt'>): Promise<() => Promise<void>> {
    const mark: UnfinishedLoad = { ...load, id: crypto.randomUUID(), startedAt: Date.now() };
    const unlock = await holdLock(lockName(mark.id)).catch(() => () => {});
    this.#open.set(mark.id, unlock);
    try {
      await this.#store.setMark(mark);
    } catch {
      // A full disk, a private window: then there is nothing to find later.
    }
    return () => this.#remove(mark.id);
  }

  /** Loads that ended their tab, the newest first. */
  async leftOver(): Promise<readonly UnfinishedLoad[]> {
    const marks = await this.#store.marks().catch(() => []);
    if (marks.length === 0) return [];
    // Absent in an insecure context, whatever the type says.
    const locks: LockManager | undefined = navigator.locks;
    const held = new Set((await locks?.query())?.held?.map(({ name }) => name));
    const left = new Set(readLocalList(LEFT_KEY));
    const loose = marks.filter(({ id }) => !held.has(lockName(id)));
    await this.forget(loose.filter(({ id }) => left.has(id)));
    writeLocalSetting(LEFT_KEY, undefined);
    return loose.filter(({ id }) => !left.has(id)).sort((a, b) => b.startedAt - a.startedAt);
  }

  async forget(marks: readonly UnfinishedLoad[]): Promise<void> {
    await Promise.allSettled(marks.map(({ id }) => this.#store.removeMark(id)));
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

  async #remove(id: string): Promise<void> {
    const unlock = this.#open.get(id);
    this.#open.delete(id);
    await this.#store.removeMark(id).catch(() => {});
    unlock?.();
  }
}

/** Loads whose page the user left. In localStorage: a page that is being closed has no time for a database. */
const LEFT_KEY = 'alcove-left-loads';

function lockName(id: string): string {
  return `alcove-load:${id}`;
}
