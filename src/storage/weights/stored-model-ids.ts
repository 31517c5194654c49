/**
 * Which models were once complete, so that the interface can tell "the browser removed it" from "never downloaded".
 * It is kept in localStorage because browsers that evict an origin's databases (Chromium, Firefox) leave that alone.
 * Pages only: workers have no localStorage. Losing it costs no more than that message.
 */
const KEY = 'alcove-stored-models';

export function rememberStored(modelId: string): void {
  write([...new Set([...readKnown(), modelId])]);
}

export function forgetStored(modelId: string): void {
  const known = readKnown();
  if (known.includes(modelId)) write(known.filter((id) => id !== modelId));
}

/** The models that were complete once and of which the store, which holds `stored`, has nothing left. */
export function findEvicted(stored: readonly { readonly record: { readonly id: string } }[]): string[] {
  const present = new Set(stored.map((model) => model.record.id));
  return readKnown().filter((id) => !present.has(id));
}

/** Whether any model was ever complete here: told at once, before the store is open. */
export function hasStoredModels(): boolean {
  return readKnown().length > 0;
}

function readKnown(): string[] {
  try {
    const known: unknown = JSON.parse(localStorageOrNone()?.getItem(KEY) ?? '[]');
    return Array.isArray(known) ? known.filter((id) => typeof id === 'string') : [];
  } catch {
    // Forbidden, or edited by hand.
    return [];
  }
}

function write(ids: readonly string[]): void {
  try {
    localStorageOrNone()?.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Forbidden or full.
  }
}

/** Typed by hand, because this module is compiled for workers as well. */
interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

function localStorageOrNone(): KeyValues | undefined {
  return (globalThis as { readonly localStorage?: KeyValues }).localStorage;
}
