/**
 * Whether the hub's frames on all sites have one store of models. Browsers give a frame a storage for each site around it, and
 * some give it the one of its own origin when the user agrees, by https://privacycg.github.io/saa-non-cookie-storage/
 * (Chromium since 125; not Firefox, nor Safari, at the end of 2026). Chats stay apart in any case.
 */
import {
  isStorageForbidden,
  type SharedStorage,
  sharedDatabaseName,
  shareStorage,
} from '../../platform/storage-access.ts';

/** `alone`: this frame's storage needs no sharing; `offered`: the user can share; `apart`: one store for each site. */
export type Sharing = 'alone' | 'offered' | 'shared' | 'apart';

/** What TypeScript's library lacks. */
interface SharingDocument {
  hasStorageAccess?(): Promise<boolean>;
  requestStorageAccess?(types: Readonly<Record<keyof SharedStorage, true>>): Promise<SharedStorage | undefined>;
}

/** The database of the shared models: that of the hub's own pages. */
export const SHARED_WEIGHTS = sharedDatabaseName('alcove-weights');

/** Shares what the user has agreed to share before. Asks nothing. */
export async function recallSharing(): Promise<Sharing> {
  if (isStorageForbidden()) return 'alone';
  const result = await share();
  if (result !== 'unknown') return result === 'granted' ? 'shared' : 'offered';
  // True in a frame of the page's own site, too.
  const hasAccess = await page()
    .hasStorageAccess?.()
    .catch(() => false);
  return hasAccess === true ? 'alone' : 'apart';
}

/** Has the browser ask the user; only after a click. */
export async function requestSharing(): Promise<Sharing> {
  return (await share()) === 'granted' ? 'shared' : 'apart';
}

/** `unknown`: the browser gives a frame access to cookies only, and does not read for what it is asked. */
async function share(): Promise<'granted' | 'refused' | 'unknown'> {
  let isKnown = false;
  const types = {
    get indexedDB(): true {
      isKnown = true;
      return true;
    },
    locks: true,
    BroadcastChannel: true,
  } as const;
  try {
    const storage = await page().requestStorageAccess?.(types);
    // A browser that blocks cookies of other sites may give a storage that it then refuses to open.
    await storage?.indexedDB.databases();
    if (storage === undefined) return 'unknown';
    shareStorage(storage);
    return 'granted';
  } catch {
    return isKnown ? 'refused' : 'unknown';
  }
}

function page(): SharingDocument {
  return document as unknown as SharingDocument;
}
