/**
 * Small JSON values in localStorage: what must be read before the first paint or before the session starts, what must be
 * written while the page is being closed, and what must outlive an eviction of the databases. All else is in IndexedDB.
 */

/** The parsed value; undefined where there is none, where storage is forbidden, and for what is no JSON. */
export function readLocalSetting(key: string): unknown {
  try {
    return JSON.parse(localStorageOfPage()?.getItem(key) ?? 'null') ?? undefined;
  } catch {
    // Forbidden, or edited by hand.
    return undefined;
  }
}

/** The strings of a stored list. */
export function readLocalList(key: string): readonly string[] {
  const list = readLocalSetting(key);
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

/** Whether anything is stored, whatever it is. */
export function hasLocalSetting(key: string): boolean {
  try {
    return (localStorageOfPage()?.getItem(key) ?? null) !== null;
  } catch {
    return false;
  }
}

/** @param value undefined removes the setting @returns false where storage is forbidden or full */
export function writeLocalSetting(key: string, value: unknown): boolean {
  try {
    const storage = localStorageOfPage();
    if (value === undefined) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
    return storage !== undefined;
  } catch {
    return false;
  }
}

/** The key of a setting that belongs to a database; that of the default database has no name in it. */
export function localKeyOf(key: string, databaseName: string, defaultName: string): string {
  return databaseName === defaultName ? key : `${key}:${databaseName}`;
}

/** Typed by hand, because modules that use this one are compiled for workers, which have no localStorage. */
interface LocalStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function localStorageOfPage(): LocalStorage | undefined {
  return (globalThis as { readonly localStorage?: LocalStorage }).localStorage;
}
