/**
 * What a page may store. In a frame that is sandboxed without `allow-same-origin`, and where the user blocks cookies, browsers
 * refuse localStorage, IndexedDB and Web Locks alike. In other frames of another site they give each site around the frame a
 * storage of its own, unless the user allows the frame the one that all pages of its origin share.
 */

const MEMORY = 'memory:';
const SHARED = 'shared:';

/** Tells the pages of one origin apart; two copies of the script on a page share nothing. */
const PAGE_ID = Math.random().toString(36).slice(2);

/** Whether the browser forbids this page to store anything. For pages: workers have no localStorage to try. */
export function isStorageForbidden(): boolean {
  try {
    return globalThis.localStorage === null;
  } catch {
    return true;
  }
}

/** The name of a database that is kept in this page's memory, for all sessions of the page. */
export function memoryDatabaseName(name: string): string {
  return `${MEMORY}${PAGE_ID}:${name}`;
}

/** Whether a database is kept in memory. */
export function isInMemory(databaseName: string): boolean {
  return databaseName.startsWith(MEMORY);
}

/**
 * The storage that a frame shares with all pages of its origin: what `document.requestStorageAccess(types)` gives, in pages and
 * not in their workers. https://privacycg.github.io/saa-non-cookie-storage/
 */
export interface SharedStorage {
  readonly indexedDB: IDBFactory;
  readonly locks: LockManager;
  BroadcastChannel(name: string): BroadcastChannel;
}

let shared: SharedStorage | undefined;

/** From now on databases with a `sharedDatabaseName` are in this storage. */
export function shareStorage(storage: SharedStorage): void {
  shared = storage;
}

/** The name of a database that this frame has in the shared storage. Only the page opens it: its workers ask the page. */
export function sharedDatabaseName(name: string): string {
  return `${SHARED}${PAGE_ID}:${name}`;
}

export function isShared(databaseName: string): boolean {
  return databaseName.startsWith(SHARED);
}

/** The name under which all pages of the origin know a shared database; of any other one, its name. */
export function plainDatabaseName(databaseName: string): string {
  return isShared(databaseName) ? databaseName.slice(databaseName.indexOf(':', SHARED.length) + 1) : databaseName;
}

/** Undefined for a database of this page's own storage, and in a worker. */
export function sharedStorageOf(databaseName: string): SharedStorage | undefined {
  return isShared(databaseName) ? shared : undefined;
}
