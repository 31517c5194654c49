import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { ConversationSummary, Message } from '../../chat/conversation.ts';
import type { WriteAheadEntry } from './write-ahead-entry.ts';

/**
 * Raised by one for each change of the schema, with a step in `upgradeChats` that brings the version before to it. A
 * database of a later version is left alone: opening it fails with `storage-outdated`.
 *
 * 1: `conversations`, `messages`.
 * 2: conversations have `tags` and an index by their newest message; `drafts`.
 * 3: `unsaved`.
 */
export const CHAT_SCHEMA_VERSION = 3;

export interface ChatSchema extends DBSchema {
  conversations: { key: string; value: ConversationSummary; indexes: { updatedAt: number } };
  /** Apart from the conversation, so that the list reads no messages and a streaming answer rewrites only itself. */
  messages: { key: [conversationId: string, messageId: string]; value: Message };
  /** What is typed and not sent, by the id of its chat; `''` for a chat that has not begun. */
  drafts: { key: string; value: Draft };
  /** What the other stores do not have yet; empty but while something is being written. */
  unsaved: { key: [conversationId: string, writerId: string]; value: WriteAheadEntry };
}

export interface Draft {
  readonly text: string;
  readonly updatedAt: number;
}

type Upgrade = IDBPTransaction<ChatSchema, StoreNames<ChatSchema>[], 'versionchange'>;

/** Runs in the transaction of the upgrade: all of it happens, or nothing. */
export async function upgradeChats(
  database: IDBPDatabase<ChatSchema>,
  oldVersion: number,
  _newVersion: number | null,
  transaction: Upgrade,
): Promise<void> {
  if (oldVersion < 1) {
    database.createObjectStore('conversations', { keyPath: 'id' });
    database.createObjectStore('messages');
  }
  if (oldVersion < 2) {
    database.createObjectStore('drafts');
    const conversations = transaction.objectStore('conversations');
    conversations.createIndex('updatedAt', 'updatedAt');
    for (let cursor = await conversations.openCursor(); cursor !== null; cursor = await cursor.continue()) {
      await cursor.update({ ...cursor.value, tags: [] });
    }
  }
  if (oldVersion < 3) database.createObjectStore('unsaved');
}
