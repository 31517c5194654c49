import { purgeDeleted } from '../../chat/deletion.ts';
import { inOrder, isDeleted } from '../../chat/tree.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';
import { messagesOf, readMessages } from './save-records.ts';

/** What was deleted and is still stored: the content of messages, drafts of chats. */
export class PurgeStore {
  readonly #database: Database<ChatSchema>;

  /** @param name of the database of the chats */
  constructor(name: string) {
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  /** Ids of the chats that may have deleted messages with their content. */
  async chatsToPurge(): Promise<string[]> {
    return this.#database.run((database) => database.getAllKeys('purges'));
  }

  /** Removes the content of deleted messages: see `purgeDeleted`. Resolves with the ids of the chats that it has changed. */
  async purge(ids: readonly string[], undoable: ReadonlySet<string>): Promise<string[]> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(['messages', 'purges'], 'readwrite');
      const store = transaction.objectStore('messages');
      const changed: string[] = [];
      for (const id of ids) {
        const messages = inOrder(readMessages(await store.getAll(messagesOf(id))));
        const purged = purgeDeleted({ messages }, undoable).messages;
        const emptied = [...purged.values()].filter((message) => message !== messages.get(message.id));
        await Promise.all(emptied.map((message) => store.put(message, [id, message.id])));
        if (emptied.length > 0) changed.push(id);
        const isLeft = [...purged.values()].some((message) => isDeleted(message) && !message.purged);
        if (!isLeft) await transaction.objectStore('purges').delete(id);
      }
      await transaction.done;
      return changed;
    });
  }

  /** Deletes what another tab has typed into a chat after it was deleted. */
  async tidyDrafts(): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['drafts', 'deletedChats'], 'readwrite');
      const drafts = transaction.objectStore('drafts');
      for (const id of await drafts.getAllKeys()) {
        if ((await transaction.objectStore('deletedChats').getKey(id)) !== undefined) await drafts.delete(id);
      }
      await transaction.done;
    });
  }

  close(): void {
    this.#database.close();
  }
}
