import type { Conversation } from '../../chat/conversation.ts';
import { purgeDeleted } from '../../chat/deletion.ts';
import { PurgeStore } from '../../storage/chats/purge-store.ts';
import { Attachments } from './attachments.ts';
import { MessageLocks } from './message-locks.ts';

/** Chats that are read in one transaction: few, so that no save waits for long. */
const BATCH = 32;

/** The chats in memory, whose owner writes them itself. */
interface ChatsInMemory {
  get(id: string): Conversation | undefined;
  put(conversation: Conversation, messageIds: readonly string[]): void;
  /** Resolves with false where a chat has changes that could not be stored. */
  isSaved(id: string): Promise<boolean>;
  isAllSaved(): Promise<boolean>;
  /** False where chats are in memory only. */
  isKept(): boolean;
  onPurged(ids: readonly string[]): void;
}

/** Removes the content of deleted messages, and their files, from the store as soon as no tab can restore them any more. */
export class MessagePurge {
  readonly attachments: Attachments;
  readonly #store: PurgeStore;
  readonly #chats: ChatsInMemory;
  readonly #undoable: MessageLocks;
  /** The messages that this tab can restore. */
  readonly #own = new Map<string, () => void>();
  readonly #disposed = new AbortController();

  /** @param databaseName of the chats */
  constructor(databaseName: string, chats: ChatsInMemory, scope: string) {
    this.#store = new PurgeStore(databaseName);
    this.#chats = chats;
    this.#undoable = new MessageLocks(`${scope}-undo-`);
    this.attachments = new Attachments(databaseName, chats, scope);
  }

  /** Keeps the content of a message that is being deleted, until `end`. */
  keep(messageId: string): void {
    this.#own.get(messageId)?.();
    this.#own.set(messageId, this.#undoable.hold(messageId));
  }

  /** Ends the time in which a deletion can be undone. Never throws: what fails is done at the next start. */
  async end(chatId: string, messageId: string): Promise<void> {
    this.#own.get(messageId)?.();
    this.#own.delete(messageId);
    try {
      await this.#undoable.end(messageId, this.#disposed.signal);
      await this.#purge([chatId]);
      await this.attachments.sweep();
    } catch {
      // The chat is still marked.
    }
  }

  /** Removes what tabs have left that were closed before their undo ended. Never throws. */
  async sweep(): Promise<void> {
    try {
      await this.#store.tidyDrafts();
      const ids = await this.#store.chatsToPurge();
      for (let at = 0; at < ids.length && !this.#disposed.signal.aborted; at += BATCH) {
        await this.#purge(ids.slice(at, at + BATCH));
      }
      await this.attachments.sweep();
    } catch {
      // The chats are still marked.
    }
  }

  dispose(): void {
    this.#disposed.abort();
    for (const release of this.#own.values()) release();
    this.attachments.dispose();
    this.#store.close();
  }

  async #purge(ids: readonly string[]): Promise<void> {
    const undoable = new Set([...(await this.#undoable.held()), ...this.#own.keys()]);
    const saved: string[] = [];
    for (const id of ids) {
      const chat = this.#chats.get(id);
      const purged = chat && purgeDeleted(chat, undoable);
      if (purged !== undefined && purged !== chat) {
        this.#chats.put(
          purged,
          [...purged.messages.values()].filter((message) => message.purged).map((message) => message.id),
        );
      }
      // The store may not have an undo yet, and would lose what was restored.
      if (await this.#chats.isSaved(id)) saved.push(id);
    }
    if (this.#disposed.signal.aborted) return;
    this.#chats.onPurged(await this.#store.purge(saved, undoable));
  }
}
