import type { IDBPDatabase } from 'idb';
import type { WeightSchema } from './weight-store-schema.ts';

type StoreName = keyof WeightSchema & ('models' | 'files' | 'chunks');

interface Entry {
  readonly key: IDBValidKey;
  readonly value: unknown;
}

/** The key of a value, where the store takes it from the value. */
const KEY_OF: Readonly<Partial<Record<StoreName, (value: never) => IDBValidKey>>> = {
  models: ({ id }: WeightSchema['models']['value']) => id,
  files: ({ modelId, path }: WeightSchema['files']['value']) => [modelId, path],
};

/**
 * In place of the weight store's IndexedDB on a page that may store nothing: what the store asks of a database, in memory.
 * Transactions run one after another, and an aborted one is undone.
 */
export class MemoryDatabase {
  readonly name: string;
  readonly #stores: Readonly<Record<StoreName, MemoryStore>> = {
    models: new MemoryStore(KEY_OF.models),
    files: new MemoryStore(KEY_OF.files),
    chunks: new MemoryStore(undefined),
  };
  #queue: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.name = name;
  }

  run<Result>(work: (database: IDBPDatabase<WeightSchema>) => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(() => work(this.#database));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** The data last as long as the page. */
  close(): void {}

  /** Only the members that the weight store uses, so the type says more than there is. */
  get #database(): IDBPDatabase<WeightSchema> {
    const stores = this.#stores;
    const database: unknown = {
      get: (name: StoreName, key: IDBValidKey) => stores[name].get(key),
      transaction: (names: readonly StoreName[]) => {
        const before = names.map((name) => [name, stores[name].entries] as const);
        return {
          objectStore: (name: StoreName) => stores[name],
          done: Promise.resolve(),
          error: null,
          abort: () => {
            for (const [name, entries] of before) stores[name].entries = entries;
          },
        };
      },
    };
    return database as IDBPDatabase<WeightSchema>;
  }
}

class MemoryStore {
  /** By the key as JSON, in the order of their first writing: that of the index for the chunks of a file. Never changed in place. */
  entries: ReadonlyMap<string, Entry> = new Map();
  readonly #keyOf: ((value: never) => IDBValidKey) | undefined;

  constructor(keyOf: ((value: never) => IDBValidKey) | undefined) {
    this.#keyOf = keyOf;
  }

  async get(key: IDBValidKey): Promise<unknown> {
    return this.entries.get(JSON.stringify(key))?.value;
  }

  async getAll(range?: IDBKeyRange): Promise<unknown[]> {
    const found = [...this.entries.values()].filter(({ key }) => range === undefined || range.includes(key));
    return found.map(({ value }) => value);
  }

  async put(value: unknown, key?: IDBValidKey): Promise<void> {
    const its = key ?? this.#keyOf?.(value as never);
    if (its !== undefined) this.entries = new Map(this.entries).set(JSON.stringify(its), { key: its, value });
  }

  async delete(keys: IDBValidKey | IDBKeyRange): Promise<void> {
    const isDeleted = ({ key }: Entry): boolean =>
      keys instanceof IDBKeyRange ? keys.includes(key) : JSON.stringify(keys) === JSON.stringify(key);
    this.entries = new Map([...this.entries].filter(([, entry]) => !isDeleted(entry)));
  }
}
