import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, wrap } from 'idb';
import { AlcoveError, toAlcoveError } from '../platform/errors.ts';
import { isInMemory, plainDatabaseName, sharedStorageOf } from '../platform/storage-access.ts';
import { openDatabase } from './open-database.ts';

/** How long an older tab may block an upgrade before the call fails. */
const BLOCKED_TIMEOUT_MS = 2_000;

/**
 * An IndexedDB database that opens when it is first used, closes for a newer version in another tab, and opens again after
 * the browser has closed it (site data cleared, storage process restarted).
 */
export class Database<Schema extends DBSchema> {
  readonly name: string;
  readonly #version: number;
  readonly #upgrade: NonNullable<OpenDBCallbacks<Schema>['upgrade']>;
  #connection: Promise<IDBPDatabase<Schema>> | undefined;
  #isClosed = false;
  /** An opening that an older tab blocks. The next call waits for it: a second one would wait behind it, unnoticed. */
  #blocked: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name: string, version: number, upgrade: NonNullable<OpenDBCallbacks<Schema>['upgrade']>) {
    this.name = name;
    this.#version = version;
    this.#upgrade = upgrade;
  }

  /**
   * Runs `work` on an open connection, once more on a new one if the connection turns out to be closed, or is closed by
   * the browser in the middle of a transaction, which it aborts.
   * @throws AlcoveError `quota-exceeded`, `storage-unavailable`, `storage-blocked` or `storage-outdated`
   */
  async run<Result>(work: (database: IDBPDatabase<Schema>) => Promise<Result>): Promise<Result> {
    try {
      return await this.#try(work);
    } finally {
      // What was still on its way when its session ended must not leave a connection open.
      if (this.#isClosed) this.#disconnect();
    }
  }

  async #try<Result>(work: (database: IDBPDatabase<Schema>) => Promise<Result>): Promise<Result> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!isNamed(error, 'InvalidStateError') && !isNamed(error, 'AbortError')) throw storageError(error);
      this.#disconnect();
    }
    try {
      return await work(await this.#open());
    } catch (error) {
      throw storageError(error);
    }
  }

  /** Keeps no connection from now on: later work opens one for itself. */
  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  #disconnect(): void {
    // A connection that never opened has nothing to close.
    for (const opened of [this.#connection, this.#blocked])
      opened?.then((database) => database.close()).catch(() => {});
    this.#connection = undefined;
    this.#blocked = undefined;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    if (this.#connection !== undefined) return this.#connection;
    const connection = this.#connect();
    this.#connection = connection;
    connection.catch(() => this.#forget(connection));
    return connection;
  }

  #forget(connection: Promise<IDBPDatabase<Schema>>): void {
    if (this.#connection === connection) this.#connection = undefined;
  }

  async #connect(): Promise<IDBPDatabase<Schema>> {
    if (isInMemory(this.name)) throw new AlcoveError('storage-unavailable', `${this.name} is not stored`);
    const factory: IDBFactory | undefined = sharedStorageOf(this.name)?.indexedDB ?? globalThis.indexedDB;
    if (factory === undefined) throw new AlcoveError('storage-unavailable', 'there is no IndexedDB');
    let blockedTimer: ReturnType<typeof setTimeout> | undefined;
    const late = Promise.withResolvers<never>();
    const error = new AlcoveError('storage-blocked', `another tab holds an older version of ${this.name} open`);
    const startTimer = (): void => {
      blockedTimer = setTimeout(() => late.reject(error), BLOCKED_TIMEOUT_MS);
    };
    if (this.#blocked !== undefined) startTimer();
    const opening = this.#blocked ?? this.#request(factory, startTimer);
    try {
      const database = await Promise.race([opening, late.promise]);
      this.#blocked = undefined;
      // A read waits for its requests and not for its transaction, whose promise is rejected too when it is aborted.
      const quiet = ({ target }: Event): void => {
        const transaction = target instanceof IDBRequest ? target.transaction : target;
        if (transaction instanceof IDBTransaction) wrap(transaction).done.catch(() => {});
      };
      database.addEventListener('error', quiet);
      database.addEventListener('abort', quiet);
      return database;
    } catch (cause) {
      this.#blocked = cause === error ? opening : undefined;
      throw cause;
    } finally {
      clearTimeout(blockedTimer);
    }
  }

  #request(factory: IDBFactory, onBlocked: () => void): Promise<IDBPDatabase<Schema>> {
    return openDatabase<Schema>(factory, plainDatabaseName(this.name), this.#version, {
      upgrade: this.#upgrade,
      blocked: onBlocked,
      // Another tab has a newer version. The next call opens again, and fails if this tab's version is too old.
      blocking: () => this.#disconnect(),
      terminated: () => {
        this.#connection = undefined;
      },
    });
  }
}

/** Browsers give quota failures several names: https://developer.mozilla.org/docs/Web/API/QuotaExceededError */
export function isQuotaError(error: unknown): boolean {
  return isNamed(error, 'QuotaExceededError') || isNamed(error, 'NS_ERROR_DOM_QUOTA_REACHED');
}

/** Gives what IndexedDB throws the code that the interface knows. */
export function storageError(error: unknown): AlcoveError {
  if (isQuotaError(error)) return new AlcoveError('quota-exceeded', 'the browser has no room left', { cause: error });
  if (isNamed(error, 'VersionError')) {
    return new AlcoveError('storage-outdated', 'a newer version of the page has the database', { cause: error });
  }
  return toAlcoveError(error, 'storage-unavailable');
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
