import type { Message } from '../../chat/conversation.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';
import { messagesOf, readMessages } from './save-records.ts';

/** Reads the messages of all chats, for a search. */
export class SearchedChats {
  readonly #database: Database<ChatSchema>;

  /** @param name of the database of the chats */
  constructor(name: string) {
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  async idsByAge(): Promise<string[]> {
    const ids = await this.#database.run((database) => database.getAllKeysFromIndex('conversations', 'updatedAt'));
    return ids.reverse();
  }

  /** The messages of each of these chats, without those that cannot be read. */
  async messagesOfEach(ids: readonly string[]): Promise<Message[][]> {
    const found: unknown[][] = await this.#database.run((database) => {
      const { store } = database.transaction('messages');
      return Promise.all(ids.map((id) => store.getAll(messagesOf(id))));
    });
    return found.map(readMessages);
  }
}
