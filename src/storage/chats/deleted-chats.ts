/** Notes which chats the user has deleted, so that no tab that still holds one of them stores it again. */
import type { IDBPObjectStore, StoreNames } from 'idb';
import type { ChatSchema } from './chat-schema.ts';

/**
 * The newest deletions that are kept, about 100 bytes each. Other tabs hear of a deletion at once; a note serves one that was
 * frozen meanwhile, and a save that was under way. Neither outlives so many deletions.
 */
export const MOST_DELETED_CHATS = 2_000;

type DeletedChats = IDBPObjectStore<ChatSchema, ArrayLike<StoreNames<ChatSchema>>, 'deletedChats', 'readwrite'>;

/** Notes that these chats are deleted, and forgets the oldest deletions. @param now ms since the epoch */
export async function noteDeleted(
  store: DeletedChats,
  ids: readonly string[],
  isFinal: boolean,
  now: number,
): Promise<void> {
  const newest = await store.index('deletedAt').openKeyCursor(null, 'prev');
  // The clock may have been put back since.
  const deletedAt = Math.max(now, (newest?.key ?? 0) + 1);
  await Promise.all(ids.slice(0, MOST_DELETED_CHATS).map((id) => store.put({ id, deletedAt, isFinal })));
  let surplus = (await store.count()) - MOST_DELETED_CHATS;
  if (surplus <= 0) return;
  let cursor = await store.index('deletedAt').openCursor();
  for (; cursor !== null && surplus > 0; surplus--) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
}
