import type { Conversation, ConversationSummary, Message } from '../chat/conversation.ts';
import { summarize } from '../chat/tree.ts';
import { AlcoveError } from '../errors.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';
import { Database } from './database.ts';

/** Conversations in IndexedDB. Every write resolves when its transaction is complete. */
export class ChatStore {
  readonly #database: Database<ChatSchema>;

  constructor(name = 'alcove-chats') {
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  /** Newest first. A summary that cannot be read is left out; its conversation can still be asked for by id. */
  async list(): Promise<ConversationSummary[]> {
    const summaries = await this.#database.run((database) => database.getAll('conversations'));
    return summaries.filter(isSummary).sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /**
   * @returns undefined when there is none with this id
   * @throws AlcoveError `record-broken` when it is there and cannot be read
   */
  async load(id: string): Promise<Conversation | undefined> {
    const { summary, messages } = await this.#read(id);
    if (summary === undefined) return undefined;
    if (!isSummary(summary) || !messages.every(isMessage) || !isTree(summary, messages)) {
      throw new AlcoveError('record-broken', `conversation ${id} cannot be read`, { data: { id } });
    }
    // In the order in which they were written: keys are random, and siblings stand in this order.
    messages.sort((a, b) => a.createdAt - b.createdAt);
    return { ...summary, messages: new Map(messages.map((message) => [message.id, message])) };
  }

  /** What is stored under an id, whatever its state, to hand to the user. */
  async loadRaw(id: string): Promise<unknown> {
    return this.#read(id);
  }

  /**
   * Writes the conversation's own fields, the messages named, and those that the store lacks, as it does after the user
   * has cleared the site's data under an open chat. The rest of the messages stay as they are stored.
   */
  async save(conversation: Conversation, messageIds: Iterable<string> = conversation.messages.keys()): Promise<void> {
    const named = new Set(messageIds);
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore('messages');
      const written = store.getAllKeys(messagesOf(conversation.id)).then((keys) => {
        const stored = new Set(keys.map(([, id]) => id));
        const messages = [...conversation.messages.values()].filter(({ id }) => named.has(id) || !stored.has(id));
        return Promise.all(messages.map((message) => store.put(message, [conversation.id, message.id])));
      });
      const summary = transaction.objectStore('conversations').put(summarize(conversation));
      await Promise.all([summary, written, transaction.done]);
    });
  }

  async delete(id: string): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite');
      const writes = [
        transaction.objectStore('conversations').delete(id),
        transaction.objectStore('messages').delete(messagesOf(id)),
      ];
      await Promise.all([...writes, transaction.done]);
    });
  }

  close(): void {
    this.#database.close();
  }

  async #read(id: string): Promise<{ summary: unknown; messages: Message[] }> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(['conversations', 'messages']);
      const [summary, messages] = await Promise.all([
        transaction.objectStore('conversations').get(id),
        transaction.objectStore('messages').getAll(messagesOf(id)),
      ]);
      return { summary, messages };
    });
  }
}

function messagesOf(conversationId: string): IDBKeyRange {
  // An array sorts after every string, so [id, []] is past the last [id, messageId].
  return IDBKeyRange.bound([conversationId], [conversationId, []]);
}

function isSummary(value: unknown): value is ConversationSummary {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['title'] === 'string' &&
    typeof value['createdAt'] === 'number' &&
    typeof value['updatedAt'] === 'number' &&
    Array.isArray(value['tags'])
  );
}

function isMessage(value: unknown): value is Message {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    (value['parentId'] === undefined || typeof value['parentId'] === 'string') &&
    ['user', 'assistant', 'summary'].includes(String(value['role'])) &&
    typeof value['text'] === 'string' &&
    typeof value['createdAt'] === 'number' &&
    ['complete', 'streaming', 'stopped', 'failed'].includes(String(value['status']))
  );
}

function isTree(summary: ConversationSummary, messages: readonly Message[]): boolean {
  const ids = new Set(messages.map((message) => message.id));
  const parentsExist = messages.every((message) => message.parentId === undefined || ids.has(message.parentId));
  return parentsExist && (summary.activeLeafId === undefined || ids.has(summary.activeLeafId));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
