/**
 * What a page may store. In a frame that is sandboxed without `allow-same-origin`, and where the user blocks cookies, browsers
 * refuse localStorage, IndexedDB and Web Locks alike.
 */

const MEMORY = 'memory:';

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
