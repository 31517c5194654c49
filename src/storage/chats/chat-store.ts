import type { IDBPTransaction } from 'idb';
import type { Conversation, ConversationSummary } from '../../chat/conversation.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import { byAge } from '../../chat/summary-list.ts';
import { type FieldChange, inOrder, setFields, summarize } from '../../chat/tree.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, type DeletedChat, upgradeChats } from './chat-schema.ts';
import { MOST_DELETED_CHATS, noteDeleted } from './deleted-chats.ts';
import { isTree, messagesOf, readMessages, saveMessages, saveSummary } from './save-records.ts';
import { isSummary, readDraftParts, readMessage } from './stored-records.ts';
import { applyChanges, type WriteAheadEntry } from './write-ahead-entry.ts';

const CHAT_STORES = ['conversations', 'messages', 'drafts', 'unsaved', 'purges', 'projects'] as const;
const ALL_STORES = [...CHAT_STORES, 'deletedChats'] as const;
/** What a save reads and writes. */
const SAVE_STORES = ['conversations', 'messages', 'purges', 'deletedChats', 'attachmentUses'] as const;

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
    // Keys are random.
    return { ...summary, messages: inOrder(messages) };
  }

  /** The records of a chat as they are stored, sound or not, for the user to save. */
  async loadRaw(id: string): Promise<unknown> {
    return this.#read(id);
  }

  /**
   * Writes the fields of the conversation, the named messages, and those that the store lacks: the user may have cleared the
   * site's data while the chat was open. The other messages stay as they are stored. What another tab has written since is
   * merged, never overwritten.
   * @returns false where the user has deleted the chat, in this tab or another: nothing was written
   */
  save(conversation: Conversation, messageIds: Iterable<string> = conversation.messages.keys()): Promise<boolean> {
    return this.#save(conversation, messageIds, (deleted) => deleted === undefined);
  }

  /** Undoes `delete`. @returns false where all chats were deleted since */
  restore(conversation: Conversation): Promise<boolean> {
    return this.#save(conversation, conversation.messages.keys(), (deleted) => deleted?.isFinal !== true);
  }

  /** Saves a chat that the user imports, also one that was deleted before. */
  async adopt(conversation: Conversation): Promise<void> {
    await this.#save(conversation, conversation.messages.keys(), () => true);
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
      const transaction = database.transaction([...SAVE_STORES, 'unsaved'] as const, 'readwrite', {
        durability: 'strict',
      });
      const [conversations, messages, unsaved, purges, deletedChats, uses] = [
        transaction.objectStore('conversations'),
        transaction.objectStore('messages'),
        transaction.objectStore('unsaved'),
        transaction.objectStore('purges'),
        transaction.objectStore('deletedChats'),
        transaction.objectStore('attachmentUses'),
      ];
      for (let cursor = await unsaved.openCursor(); cursor !== null; cursor = await cursor.continue()) {
        const isGone = (await deletedChats.getKey(cursor.key[0])) !== undefined;
        const stored = readMessages(await messages.getAll(messagesOf(cursor.key[0])));
        const whole = applyChanges(cursor.value, new Map(stored.map((message) => [message.id, message])));
        if (!isGone && whole !== undefined && isSummary(whole) && [...whole.messages.values()].every(readMessage)) {
          await saveSummary(conversations, summarize(whole));
          await saveMessages(messages, purges, uses, whole, new Set(whole.messages.keys()));
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

  /**
   * Deletes chats, and notes that they are deleted.
   * @param isFinal whether `restore` may not bring them back @param now ms since the epoch
   */
  async delete(ids: readonly string[], isFinal: boolean, now: number): Promise<void> {
    await this.#delete(async (transaction, isNoted) => {
      const writes = ids.flatMap((id) => [
        transaction.objectStore('conversations').delete(id),
        transaction.objectStore('drafts').delete(id),
        transaction.objectStore('unsaved').delete(messagesOf(id)),
        transaction.objectStore('purges').delete(id),
        transaction.objectStore('messages').delete(messagesOf(id)),
      ]);
      const noted = isNoted && noteDeleted(transaction.objectStore('deletedChats'), ids, isFinal, now);
      await Promise.all([...writes, noted]);
    });
  }

  /**
   * Deletes all chats, drafts and projects, also those that cannot be read. Resolves with the ids of the chats that were stored.
   * @param others ids of chats that this tab holds and may not have stored yet @param now ms since the epoch
   */
  async deleteAll(others: readonly string[], now: number): Promise<string[]> {
    return this.#delete(async (transaction, isNoted) => {
      const conversations = transaction.objectStore('conversations');
      const deletedChats = transaction.objectStore('deletedChats');
      const [ids, byAge, unsaved, before] = await Promise.all([
        conversations.getAllKeys(),
        conversations.index('updatedAt').getAllKeys(),
        transaction.objectStore('unsaved').getAllKeys(),
        deletedChats.getAllKeys(),
      ]);
      await Promise.all(CHAT_STORES.map((name) => transaction.objectStore(name).clear()));
      // A tab may hold a chat that it has not stored yet, and restore one that it has deleted.
      const held = [
        ...others,
        ...unsaved.map(([id]) => id),
        ...byAge.reverse().slice(0, MOST_DELETED_CHATS),
        ...before,
      ];
      if (isNoted) await noteDeleted(deletedChats, [...new Set(held)], true, now);
      return ids;
    });
  }

  /** Which of these chats the user has deleted. */
  async deletedAmong(ids: readonly string[]): Promise<string[]> {
    return this.#database.run(async (database) => {
      const { store } = database.transaction('deletedChats');
      const found = await Promise.all(ids.map((id) => store.getKey(id)));
      return found.filter((id) => id !== undefined);
    });
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

  /** @param mayWrite says by the note of its deletion whether the chat may be stored, which then deletes the note */
  async #save(
    conversation: Conversation,
    messageIds: Iterable<string>,
    mayWrite: (deleted: DeletedChat | undefined) => boolean,
  ): Promise<boolean> {
    const named = new Set(messageIds);
    return this.#database.run(async (database) => {
      const transaction = database.transaction(SAVE_STORES, 'readwrite', { durability: 'strict' });
      const deletedChats = transaction.objectStore('deletedChats');
      const deleted = await deletedChats.get(conversation.id);
      if (!mayWrite(deleted)) {
        await transaction.done;
        return false;
      }
      const forgotten = deleted && deletedChats.delete(conversation.id);
      const summary = saveSummary(transaction.objectStore('conversations'), summarize(conversation));
      const [messages, purges] = [transaction.objectStore('messages'), transaction.objectStore('purges')];
      const uses = transaction.objectStore('attachmentUses');
      const written = saveMessages(messages, purges, uses, conversation, named);
      await Promise.all([forgotten, summary, written, transaction.done]);
      return true;
    });
  }

  /**
   * Runs a deletion in one transaction with its note. A full disk may refuse the note, and must not keep the user from
   * deleting: then the tabs alone know what is deleted.
   */
  async #delete<Result>(remove: (transaction: Deletion, isNoted: boolean) => Promise<Result>): Promise<Result> {
    const run = (isNoted: boolean): Promise<Result> =>
      this.#database.run(async (database) => {
        const transaction = database.transaction(ALL_STORES, 'readwrite');
        const [result] = await Promise.all([remove(transaction, isNoted), transaction.done]);
        return result;
      });
    try {
      return await run(true);
    } catch (error) {
      if (!(error instanceof AlcoveError) || error.code !== 'quota-exceeded') throw error;
      return run(false);
    }
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

type Deletion = IDBPTransaction<ChatSchema, typeof ALL_STORES, 'readwrite'>;
