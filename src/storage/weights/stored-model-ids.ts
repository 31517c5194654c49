import { readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';

/**
 * Which models were complete once, so that the interface can tell "the browser removed it" from "never downloaded". The
 * list is in localStorage because browsers that evict an origin's databases (Chromium, Firefox) leave that alone. Only
 * pages can use it: workers have no localStorage. Losing the list costs no more than that message.
 */
const KEY = 'alcove-stored-models';

export function rememberStored(modelId: string): void {
  writeLocalSetting(KEY, [...new Set([...readLocalList(KEY), modelId])]);
}

export function forgetStored(modelId: string): void {
  const known = readLocalList(KEY);
  if (known.includes(modelId))
    writeLocalSetting(
      KEY,
      known.filter((id) => id !== modelId),
    );
}

/** The models that were complete once and of which the store, which holds `stored`, has nothing left. */
export function findEvicted(stored: readonly { readonly record: { readonly id: string } }[]): string[] {
  const present = new Set(stored.map((model) => model.record.id));
  return readLocalList(KEY).filter((id) => !present.has(id));
}

/** Whether any model was ever complete here. Answers at once, before the store is open. */
export function hasStoredModels(): boolean {
  return readLocalList(KEY).length > 0;
}
