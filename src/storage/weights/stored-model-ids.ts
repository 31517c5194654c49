import { localKeyOf, readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';
import { isInMemory, isShared, plainDatabaseName } from '../../platform/storage-access.ts';

/**
 * Which models were complete once, so that the interface can tell "the browser removed it" from "never downloaded". The
 * list is in localStorage because browsers that evict an origin's databases (Chromium, Firefox) leave that alone. Each weight
 * store has a list of its own. Only pages can use it: workers have no localStorage. Losing the list costs no more than that
 * message.
 */
const KEY = 'alcove-stored-models';

/** The store whose list is under KEY itself, which public/before-paint.js reads. */
const DEFAULT_STORE = 'alcove-weights';

export function rememberStored(modelId: string, storeName = DEFAULT_STORE): void {
  if (isInMemory(storeName)) return;
  const key = keyOf(storeName);
  writeLocalSetting(key, [...new Set([...readLocalList(key), modelId])]);
}

export function forgetStored(modelId: string, storeName = DEFAULT_STORE): void {
  const key = keyOf(storeName);
  const known = readLocalList(key);
  if (known.includes(modelId))
    writeLocalSetting(
      key,
      known.filter((id) => id !== modelId),
    );
}

/** The models that were complete once and of which the store, which holds `stored`, has nothing left. */
export function findEvicted(
  stored: readonly { readonly record: { readonly id: string } }[],
  storeName = DEFAULT_STORE,
): string[] {
  const present = new Set(stored.map((model) => model.record.id));
  return readLocalList(keyOf(storeName)).filter((id) => !present.has(id));
}

/** Whether any model was ever complete here. Answers at once, before the store is open. */
export function hasStoredModels(storeName = DEFAULT_STORE): boolean {
  return readLocalList(keyOf(storeName)).length > 0;
}

function keyOf(storeName: string): string {
  const name = isShared(storeName) ? `shared:${plainDatabaseName(storeName)}` : storeName;
  return localKeyOf(KEY, name, DEFAULT_STORE);
}
