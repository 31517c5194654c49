import { openDB } from 'idb';
import { createStore, delMany, get, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import { AlcoveError } from '../platform/errors.ts';
import { isInMemory } from '../platform/storage-access.ts';
import { storageError } from './database.ts';

export type RecordEntry = readonly [key: string, value: unknown];

/** Where an older build kept some of the records. */
export interface OldDatabase {
  readonly name: string;
  /** The records of each of its object stores, under the keys that they have now. */
  toEntries(stores: ReadonlyMap<string, readonly RecordEntry[]>): readonly RecordEntry[];
}

/**
 * Small records that need no index and no schema, in one IndexedDB database for each project name: settings, personas,
 * servers. A key's prefix says what the record is, as in `persona:ID`.
 *
 * Every method may throw AlcoveError `quota-exceeded` or `storage-unavailable`.
 */
export class RecordStore {
  readonly #name: string;
  readonly #store: UseStore;
  readonly #old: OldDatabase;
  #moved: Promise<void> | undefined;
  #isClosed = false;

  /** @param name of all databases of a session, such as `alcove` */
  constructor(name: string, old: OldDatabase) {
    this.#name = name;
    this.#store = createStore(`${name}-records`, 'records');
    this.#old = old;
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    return this.#run(() => get<Value>(key, this.#store));
  }

  /** All records whose key starts with the prefix, in the order of their keys. */
  async list<Value>(prefix: string): Promise<Value[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uFFFF`);
    return this.#run(() => this.#store('readonly', (store) => promisifyRequest<Value[]>(store.getAll(range))));
  }

  /** All of them or none. */
  async put(entries: readonly RecordEntry[]): Promise<void> {
    await this.#run(() => setMany(toPairs(entries), this.#store));
  }

  /** All of them or none. */
  async delete(keys: readonly string[]): Promise<void> {
    await this.#run(() => delMany([...keys], this.#store));
  }

  /** Closes the connection when the calls under way have ended. Later calls reject. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // idb-keyval closes no connection, so each store has one of its own. One that was never asked for is not opened to be closed.
    this.#moved?.then(() => this.#store('readonly', ({ transaction }) => transaction.db.close())).catch(() => {});
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new AlcoveError('storage-unavailable', `${this.#name} is closed`);
    if (isInMemory(this.#name)) throw new AlcoveError('storage-unavailable', `${this.#name} is not stored`);
    try {
      this.#moved ??= this.#moveOld();
      await this.#moved;
      return await work();
    } catch (error) {
      // The next call tries to move the old records again.
      this.#moved = undefined;
      throw storageError(error);
    }
  }

  /**
   * Moves what an older build stored. The mark is written in the transaction that writes the records, so that of several
   * tabs one moves them and none writes old records over newer ones.
   */
  async #moveOld(): Promise<void> {
    const mark = `moved:${this.#old.name}`;
    if ((await get<true>(mark, this.#store)) !== undefined) return;
    const entries = await readOld(this.#old);
    await this.#store('readwrite', (store) => {
      const known = store.get(mark);
      known.onsuccess = () => {
        if (known.result !== undefined) return;
        for (const [key, value] of [...entries, [mark, true] as const]) store.put(value, key);
      };
      return promisifyRequest(store.transaction);
    });
    // Not awaited: a deletion waits for every tab that has the database open.
    indexedDB.deleteDatabase(this.#old.name);
  }
}

async function readOld(old: OldDatabase): Promise<readonly RecordEntry[]> {
  const stores = new Map<string, readonly RecordEntry[]>();
  // Where there is none, this makes an empty one, which is deleted again.
  const database = await openDB(old.name);
  for (const name of database.objectStoreNames) {
    const [keys, values] = await Promise.all([database.getAllKeys(name), database.getAll(name)]);
    stores.set(
      name,
      values.map((value: unknown, index): RecordEntry => [String(keys[index]), value]),
    );
  }
  database.close();
  return old.toEntries(stores);
}

function toPairs(entries: readonly RecordEntry[]): [string, unknown][] {
  return entries.map(([key, value]) => [key, value]);
}
