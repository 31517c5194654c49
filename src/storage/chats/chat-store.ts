import type { IDBPObjectStore, StoreNames } from 'idb';
import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import { mergeMessages, mergeSummaries } from '../../chat/merge.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import { byAge } from '../../chat/summary-list.ts';
import { type FieldChange, setFields, summarize } from '../../chat/tree.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';
import { isSummary, readDraftParts, readMessage } from './stored-records.ts';
import { applyChanges, type WriteAheadEntry } from './write-ahead-entry.ts';

const CHAT_STORES = ['conversations', 'messages', 'drafts', 'unsaved'] as const;

/** Summaries that are read at once: so few that the page stays responsive. */
const PAGE = 500;

export interface ChatListing {
  readonly chats: ConversationSummary[];
  readonly brokenIds: string[];
}

/** Conversations in IndexedDB. Every write resolves when its transaction is complete. */
export class ChatStore {
  readonly name: string;
  readonly #database: Database<ChatSchema>;
  /** Keeps what this tab writes ahead apart from what other tabs write. */
  readonly #writerId = crypto.randomUUID();

  constructor(name = 'alcove-chats') {
    this.name = name;
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  /** Only the newest chats; quick, however many there are. */
  async newest(count: number): Promise<ConversationSummary[]> {
    return this.#database.run(async (database) => {
      const found: ConversationSummary[] = [];
      const index = database.transaction('conversations').store.index('updatedAt');
      let cursor = await index.openCursor(null, 'prev');
      for (; cursor !== null && found.length < count; cursor = await cursor.continue()) {
        if (isSummary(cursor.value)) found.push(cursor.value);
      }
      return found;
    });
  }

  /** Newest first. A summary that cannot be read is left out: see `listAll`. */
  async list(): Promise<ConversationSummary[]> {
    return (await this.listAll()).chats;
  }

  /** The chats, newest first, and the ids of those whose summary cannot be read. */
  async listAll(): Promise<ChatListing> {
    const all = await this.#database.run(async (database) => {
      const { store } = database.transaction('conversations');
      const read: unknown[] = [];
      for (let page = await store.getAll(null, PAGE); page.length > 0; ) {
        read.push(...page);
        const last = page.length < PAGE ? undefined : page.at(-1);
        page = last === undefined ? [] : await store.getAll(IDBKeyRange.lowerBound(last.id, true), PAGE);
      }
      return read;
    });
    const chats = all.filter(isSummary).sort(byAge);
    const broken = chats.length === all.length ? [] : all.filter((value) => !isSummary(value));
    return { chats, brokenIds: broken.flatMap((value) => (isFields(value) ? String(value['id']) : [])) };
  }

  /** The summaries of these chats, without those that do not exist or cannot be read. */
  async summaries(ids: readonly string[]): Promise<ConversationSummary[]> {
    const found: unknown[] = await this.#database.run((database) => {
      const { store } = database.transaction('conversations');
      return Promise.all(ids.map((id) => store.get(id)));
    });
    return found.filter(isSummary);
  }

  /** @returns undefined for an unknown id @throws AlcoveError `record-broken` where a record cannot be read */
  async load(id: string): Promise<Conversation | undefined> {
    const { summary, messages: records } = await this.#read(id);
    if (summary === undefined) return undefined;
    const messages = readMessages(records);
    if (!isSummary(summary) || messages.length < records.length || !isTree(summary, messages)) {
      throw new AlcoveError('record-broken', `conversation ${id} cannot be read`, { data: { id } });
    }
    // Keys are random, and siblings are shown in the order in which they were created.
    messages.sort((a, b) => a.createdAt - b.createdAt);
    return { ...summary, messages: new Map(messages.map((message) => [message.id, message])) };
  }

  /** The records of a chat as they are stored, sound or not, for the user to save. */
  async loadRaw(id: string): Promise<unknown> {
    return this.#read(id);
  }

  /**
   * Writes the fields of the conversation, the named messages, and those that the store lacks: the user may have cleared the
   * site's data while the chat was open. The other messages stay as they are stored. What another tab has written since is
   * merged, never overwritten.
   */
  async save(conversation: Conversation, messageIds: Iterable<string> = conversation.messages.keys()): Promise<void> {
    const named = new Set(messageIds);
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['conversations', 'messages'], 'readwrite', { durability: 'strict' });
      const summary = saveSummary(transaction.objectStore('conversations'), summarize(conversation));
      const written = saveMessages(transaction.objectStore('messages'), conversation, named);
      await Promise.all([summary, written, transaction.done]);
    });
  }

  /**
   * Records what has changed until `save` has merged it. A merge takes several steps, and a page that ends between them
   * loses it. This is a single request, which the browser completes also when the page ends.
   * @param changes undefined where everything is saved
   */
  async writeAhead(chatId: string, changes: WriteAheadEntry | undefined): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('unsaved', 'readwrite');
      const key: [string, string] = [chatId, this.#writerId];
      const write = changes === undefined ? transaction.store.delete(key) : transaction.store.put(changes, key);
      transaction.commit();
      await Promise.all([write, transaction.done]);
    });
  }

  /** Merges what tabs have written ahead and not saved. They have ended, or are about to save the same. */
  async recover(): Promise<void> {
    await this.#database.run(async (database) => {
      if ((await database.count('unsaved')) === 0) return;
      const names = ['conversations', 'messages', 'unsaved'] as const;
      const transaction = database.transaction(names, 'readwrite', { durability: 'strict' });
      const [conversations, messages, unsaved] = [
        transaction.objectStore('conversations'),
        transaction.objectStore('messages'),
        transaction.objectStore('unsaved'),
      ];
      for (let cursor = await unsaved.openCursor(); cursor !== null; cursor = await cursor.continue()) {
        const stored = readMessages(await messages.getAll(messagesOf(cursor.key[0])));
        const whole = applyChanges(cursor.value, new Map(stored.map((message) => [message.id, message])));
        if (whole !== undefined && isSummary(whole) && [...whole.messages.values()].every(readMessage)) {
          await saveSummary(conversations, summarize(whole));
          await saveMessages(messages, whole, new Set(whole.messages.keys()));
        }
        await cursor.delete();
      }
      await transaction.done;
    });
  }

  /** Sets fields of a conversation without reading its messages. @returns its summary afterwards */
  async setFields(id: string, change: FieldChange, now: number): Promise<ConversationSummary | undefined> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction('conversations', 'readwrite', { durability: 'strict' });
      const stored = await transaction.store.get(id);
      const changed = isSummary(stored) ? setFields(stored, change, now) : undefined;
      if (changed !== undefined) await transaction.store.put(changed);
      await transaction.done;
      return changed;
    });
  }

  async delete(id: string): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(CHAT_STORES, 'readwrite');
      const writes = [
        transaction.objectStore('conversations').delete(id),
        transaction.objectStore('drafts').delete(id),
        transaction.objectStore('unsaved').delete(messagesOf(id)),
        transaction.objectStore('messages').delete(messagesOf(id)),
      ];
      await Promise.all([...writes, transaction.done]);
    });
  }

  /** Deletes all chats and drafts, also those that cannot be read. Resolves with the ids of the chats. */
  async deleteAll(): Promise<string[]> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction(CHAT_STORES, 'readwrite');
      const ids = await transaction.objectStore('conversations').getAllKeys();
      await Promise.all(CHAT_STORES.map((name) => transaction.objectStore(name).clear()));
      await transaction.done;
      return ids;
    });
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

  async readDraft(chatId: string): Promise<readonly MessagePart[]> {
    return readDraftParts(await this.#database.run((database) => database.get('drafts', chatId)));
  }

  /**
   * Writes the drafts of these chats. A draft without parts is deleted. All in one transaction: where the page ends, the
   * browser drops one that waits for another.
   */
  async writeDrafts(drafts: ReadonlyMap<string, readonly MessagePart[]>, now: number): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('drafts', 'readwrite');
      const { store } = transaction;
      const writes = [...drafts].map(async ([chatId, parts]) =>
        parts.length === 0 ? store.delete(chatId) : store.put({ parts, updatedAt: now }, chatId),
      );
      // By itself it would commit in the next task, which does not come when the page ends.
      transaction.commit();
      await Promise.all([...writes, transaction.done]);
    });
  }

  close(): void {
    this.#database.close();
  }

  async #read(id: string): Promise<{ summary: unknown; messages: readonly unknown[] }> {
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

type Store<Name extends StoreNames<ChatSchema>> = IDBPObjectStore<
  ChatSchema,
  ArrayLike<StoreNames<ChatSchema>>,
  Name,
  'readwrite'
>;

async function saveSummary(store: Store<'conversations'>, own: ConversationSummary): Promise<void> {
  const stored = await store.get(own.id);
  await store.put(isSummary(stored) ? mergeSummaries(stored, own) : own);
}

async function saveMessages(
  store: Store<'messages'>,
  { id: chatId, messages }: Conversation,
  named: ReadonlySet<string>,
): Promise<void> {
  const write = (message: Message) => store.put(message, [chatId, message.id]);
  const merged = [...named]
    .flatMap((id) => messages.get(id) ?? [])
    .map(async (message) => {
      const stored = readMessage(await store.get([chatId, message.id]));
      await Promise.all((stored === undefined ? [message] : mergeMessages(stored, message)).map(write));
    });
  await Promise.all(merged);
  // Counting is quick; reading the keys of a long chat is not.
  if ((await store.count(messagesOf(chatId))) >= messages.size) return;
  const stored = new Set((await store.getAllKeys(messagesOf(chatId))).map(([, id]) => id));
  await Promise.all([...messages.values()].filter(({ id }) => !stored.has(id)).map(write));
}

function messagesOf(conversationId: string): IDBKeyRange {
  // An array sorts after every string, so [id, []] is past the last [id, messageId].
  return IDBKeyRange.bound([conversationId], [conversationId, []]);
}

function readMessages(records: readonly unknown[]): Message[] {
  return records.map(readMessage).filter((message) => message !== undefined);
}

function isTree(summary: ConversationSummary, messages: readonly Message[]): boolean {
  const ids = new Set(messages.map((message) => message.id));
  const parentsExist = messages.every((message) => message.parentId === undefined || ids.has(message.parentId));
  return parentsExist && (summary.activeLeafId === undefined || ids.has(summary.activeLeafId));
}
