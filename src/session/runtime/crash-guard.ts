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
    const unlock = await holdLock(lockName(mark.id));
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
    const left = new Set(readLeft());
    const loose = marks.filter(({ id }) => !held.has(lockName(id)));
    await this.forget(loose.filter(({ id }) => left.has(id)));
    writeLeft([]);
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
    writeLeft([...readLeft(), ...this.#open.keys()]);
    for (const id of this.#open.keys()) void this.#remove(id);
  };

  async #remove(id: string): Promise<void> {
    const unlock = this.#open.get(id);
    this.#open.delete(id);
    await this.#store.removeMark(id).catch(() => {});
    unlock?.();
  }
}

/** Marks whose page was left by its reader. */
const LEFT_KEY = 'alcove-left-loads';

function readLeft(): readonly string[] {
  try {
    const left: unknown = JSON.parse(localStorage.getItem(LEFT_KEY) ?? '[]');
    return Array.isArray(left) ? left.filter((id) => typeof id === 'string') : [];
  } catch {
    // Forbidden, or edited by hand.
    return [];
  }
}

function writeLeft(ids: readonly string[]): void {
  try {
    if (ids.length === 0) localStorage.removeItem(LEFT_KEY);
    else localStorage.setItem(LEFT_KEY, JSON.stringify(ids));
  } catch {
    // Forbidden or full: then the reader is asked once too often.
  }
}

function lockName(id: string): string {
  return `alcove-load:${id}`;
}

/** @returns what lets go of the lock */
async function holdLock(name: string): Promise<() => void> {
  const locks: LockManager | undefined = navigator.locks;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: granted, resolve: onGranted } = Promise.withResolvers<void>();
  locks
    ?.request(name, () => {
      onGranted();
      return held;
    })
    .catch(onGranted);
  if (locks === undefined) onGranted();
  await granted;
  return release;
}
