import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { ConversationSummary, Message } from '../../chat/conversation.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import type { Project } from '../../chat/project.ts';
import type { WriteAheadEntry } from './write-ahead-entry.ts';

/**
 * Raised by one for each change of what is stored, with a step in `upgradeChats` where the stores themselves change. A
 * database of a later version is left alone: opening it fails with `storage-outdated`.
 *
 * 1: `conversations`, `messages`.
 * 2: conversations have `tags` and an index by their newest message; `drafts`.
 * 3: `unsaved`.
 * 4: messages and drafts have `parts` in place of `text` and `reasoning`. No record is rewritten: see stored-records.ts.
 *    The number keeps older tabs out, which would take a message with parts for a broken one and write over it.
 * 5: `deletedChats`. The number keeps older tabs out, which would store a deleted chat again.
 * 6: `purges`. Deleted messages of earlier versions still have their content: every chat is marked to be looked through.
 * 7: `attachments`, `attachmentUses`. No message of an earlier version has a file whose bytes were stored. The number keeps
 *    older tabs out, which would save a message without noting its files.
 * 8: `projects`. The number keeps older tabs out, which would remove the files of projects as unused.
 */
export const CHAT_SCHEMA_VERSION = 8;

export interface ChatSchema extends DBSchema {
  conversations: { key: string; value: ConversationSummary; indexes: { updatedAt: number } };
  /** Not in the conversation, so that the list reads no messages and a streaming answer rewrites only itself. */
  messages: { key: [conversationId: string, messageId: string]; value: Message };
  /** What the user has not sent yet, by the id of the chat; `''` for a chat that has no message. */
  drafts: { key: string; value: Draft };
  /** Changes that the other stores do not have yet; empty unless something is being written. */
  unsaved: { key: [conversationId: string, writerId: string]; value: WriteAheadEntry };
  /** Chats that have deleted messages with their content: see src/session/chats/message-purge.ts. */
  purges: { key: string; value: true };
  /** Every save looks here first: another tab may still hold the chat. */
  deletedChats: { key: string; value: DeletedChat; indexes: { deletedAt: number } };
  /** The bytes of attached files by their SHA-256. One that nothing refers to is removed: see attachment-store.ts. */
  attachments: { key: string; value: Blob };
  /** Messages that referred to a file when they were saved; some may be gone, or refer to it no longer. */
  attachmentUses: { key: [sha256: string, conversationId: string, messageId: string]; value: true };
  projects: { key: string; value: Project };
}

export interface DeletedChat {
  readonly id: string;
  /** ms since the epoch, later than that of every chat that was deleted before. */
  readonly deletedAt: number;
  /** Deleted with all others: the tab that has deleted it before can no longer restore it. */
  readonly isFinal: boolean;
}

export interface Draft {
  readonly parts: readonly MessagePart[];
  readonly updatedAt: number;
}

type Upgrade = IDBPTransaction<ChatSchema, StoreNames<ChatSchema>[], 'versionchange'>;

/** Runs in the transaction of the upgrade: all of it happens, or none. */
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
  if (oldVersion < 5) {
    database.createObjectStore('deletedChats', { keyPath: 'id' }).createIndex('deletedAt', 'deletedAt');
  }
  if (oldVersion < 6) {
    const purges = database.createObjectStore('purges');
    for (const id of await transaction.objectStore('conversations').getAllKeys()) await purges.put(true, id);
  }
  if (oldVersion < 7) for (const name of ['attachments', 'attachmentUses'] as const) database.createObjectStore(name);
  if (oldVersion < 8) database.createObjectStore('projects', { keyPath: 'id' });
}
