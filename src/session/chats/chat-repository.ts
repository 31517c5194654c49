import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import { gainOf, type MergeGain, mergeConversations } from '../../chat/merge.ts';
import { byAge, withSummary } from '../../chat/summary-list.ts';
import { type FieldChange, setFields, summarize, updateMessage } from '../../chat/tree.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import { once, whenDisposed } from '../state/deferred-methods.ts';
import { readLater } from '../state/read-later.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { ChatChannel } from './chat-channel.ts';
import { ChatsInMemory } from './chats-in-memory.ts';
import { MessageLocks } from './message-locks.ts';
import type { MessagePurge } from './message-purge.ts';
import { TabFollower } from './tab-follower.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** Chats that are listed before the rest is read: more than any screen shows. */
const FIRST_CHATS = 60;

/** Result of adopting a conversation: it was added, merged with the stored one, or held nothing new. */
export type Adoption = { readonly result: 'added' | 'known' } | ({ readonly result: 'merged' } & MergeGain);

/** Owns the chats in memory. Publishes each change to the state at once and writes it to the store soon after. */
export class ChatRepository {
  /** The answers that any tab is generating. */
  readonly writing: MessageLocks;
  /** The deleted messages whose content is still stored, and the files of all messages. */
  readonly openPurge: () => Promise<MessagePurge>;
  readonly #state: StateStore<SessionState>;
  readonly #store: ChatStore;
  readonly #keepsChats: boolean;
  readonly #channel: ChatChannel;
  readonly #unsaved: WriteAheadLog;
  /** Chats that this tab has deleted and can restore. */
  readonly #deleted = new Map<string, Conversation>();
  readonly #memory: ChatsInMemory;
  readonly #otherTabs: TabFollower;
  #listing: Promise<void> = Promise.resolve();
  readonly #disposed = new AbortController();
  /** The chat that was opened last; a chat that was opened before it and is read later is not shown. */
  #opening: string | undefined;

  /** @param keepsChats whether they outlive the page */
  constructor(state: StateStore<SessionState>, store: ChatStore, channelName: string, keepsChats = true) {
    this.#keepsChats = keepsChats;
    this.#state = state;
    this.#store = store;
    this.writing = new MessageLocks(`${channelName}-writing-`);
    this.#unsaved = new WriteAheadLog(store, {
      isKept: () => this.#isKept,
      reopen: () => this.#reopen(),
      onSaved: (id) => this.#channel.tell([id]),
      onDeleted: (id) => this.#memory.drop([id]),
      onOutcome: (saveError) => this.#setStorage({ saveError }),
    });
    this.#memory = new ChatsInMemory(state, this.#unsaved);
    this.#otherTabs = new TabFollower(state, store, this.#memory, (id) => this.#load(id));
    this.#channel = new ChatChannel(channelName, ({ ids, change }) => {
      if (change === 'saved') this.#otherTabs.follow(ids);
      else this.#followDeletion(ids, change === 'all-deleted');
    });
    this.openPurge = once(async () => {
      const { MessagePurge } = await import('./projects-and-purge.ts');
      const inMemory = {
        get: (id: string) => this.get(id),
        put: (conversation: Conversation, messageIds: readonly string[]) => this.put(conversation, messageIds),
        isSaved: async (id: string) => {
          await this.save();
          return this.#unsaved.get(id) === undefined;
        },
        isAllSaved: () => this.save().then(() => this.#unsaved.ids.length === 0),
        isKept: () => this.#isKept,
        onPurged: (ids: readonly string[]) => this.#channel.tell(ids),
      };
      const purge = new MessagePurge(store.name, inMemory, channelName);
      whenDisposed(this.#disposed.signal, () => purge.dispose());
      return purge;
    });
  }

  /** Lists the newest chats, then all. */
  async start(): Promise<void> {
    if (!this.#keepsChats) {
      this.#setStorage({ chats: 'temporary' });
      return;
    }
    try {
      await this.#readStore();
    } catch (error) {
      const { code } = toAlcoveError(error);
      this.#setStorage({
        chats: 'memory',
        ...(code === 'storage-outdated' && { saveError: toAlcoveError(error) }),
      });
      readLater(error, () => this.#readStore().then(() => this.save()), this.#disposed.signal);
    }
  }

  async #readStore(): Promise<void> {
    // Without a store this fails, and so does the next line.
    await this.#store.recover().catch((error: unknown) => {
      if (toAlcoveError(error).code === 'storage-blocked') throw error;
    });
    const newest = await this.#store.newest(FIRST_CHATS);
    this.#addToList(newest);
    this.#setStorage({ chats: 'stored' });
    this.#listing = this.#listAll();
    if (newest.length < FIRST_CHATS) await this.#listing;
    void this.#listing.then(() => this.#tidy()).catch(() => {});
  }

  /** Whether changes can be stored. Where the store could not be opened at the start, it is tried again. */
  async #reopen(): Promise<boolean> {
    if (!this.#keepsChats || this.#disposed.signal.aborted) return false;
    if (this.#isKept) return true;
    return this.#readStore().then(
      () => true,
      () => false,
    );
  }

  /** Resolves when all chats are listed, not the newest alone. Rejects with the error of the store. */
  get listed(): Promise<void> {
    return this.#listing;
  }

  /**
   * The time of a change, ms since the epoch. A chat that changes now is the newest of the list, also if the user's clock was
   * ahead when the others were written.
   */
  now(): number {
    return Math.max(Date.now(), (this.#state.state.chats[0]?.updatedAt ?? 0) + 1);
  }

  /** Calls `listener` with the id of each chat that this tab or another has changed. Returns its undo. */
  onChange(listener: (id: string) => void): () => void {
    return this.#channel.onChange(listener);
  }

  /** Calls `listener` with the id of each chat that this tab or another has deleted. Returns its undo. */
  onDeleted(listener: (id: string) => void): () => void {
    return this.#memory.onDeleted(listener);
  }

  /** Whether any tab has deleted a chat since this one was opened. */
  isDeleted(id: string): boolean {
    return this.#memory.isDeleted(id);
  }

  /** The newest state of a conversation in memory, stored or not. Undefined for one that must be read first. */
  get(id: string): Conversation | undefined {
    return this.#memory.get(id);
  }

  /** Keeps a conversation in memory during a generation, also while another chat is shown. Returns its undo. */
  hold(conversation: Conversation): () => void {
    return this.#memory.hold(conversation);
  }

  show(conversation: Conversation | undefined): void {
    this.#opening = conversation?.id;
    this.#state.set({ chat: conversation, unreadChatIds: this.#unreadWithout(conversation?.id) });
  }

  /** Shows a chat. @throws AlcoveError `record-broken`; the open chat then stays open */
  async open(id: string): Promise<void> {
    this.#opening = id;
    // A chat in memory may be newer than the stored one.
    const conversation = this.get(id) ?? (await this.#load(id));
    if (this.#opening !== id || this.#memory.isDeleted(id)) return;
    this.show(conversation);
  }

  /** Publishes a changed conversation, and stores it now or, with `soon`, within two seconds. Ignores a deleted one. */
  put(conversation: Conversation, messageIds: Iterable<string>, when: 'now' | 'soon' = 'now'): void {
    const { id } = conversation;
    if (this.#memory.isDeleted(id)) return;
    this.#unsaved.add(conversation, messageIds, when);
    this.#memory.update(conversation);
    const isOpen = this.#state.state.chat?.id === id;
    this.#state.set({
      ...(isOpen && { chat: conversation }),
      ...(when === 'now' && { chats: withSummary(this.#state.state.chats, summarize(conversation)) }),
    });
    if (when === 'now') void this.#unsaved.save();
    else this.#unsaved.saveSoon();
  }

  /** Deletes a chat in all tabs; `restore` brings it back. @throws AlcoveError of the store, with the chat unchanged */
  async delete(id: string): Promise<void> {
    const conversation = await this.read(id).catch(() => undefined);
    const files = (await this.openPurge().catch(() => undefined))?.attachments;
    if (conversation !== undefined) await files?.keepFor(conversation).catch(() => {});
    // The store notes the deletion: a save that is under way here or in another tab comes too late.
    if (this.#isKept) await this.#store.delete([id], false, this.now());
    // An answer may have written more meanwhile.
    const newest = this.get(id) ?? conversation;
    if (newest !== undefined) this.#deleted.set(id, newest);
    this.#memory.drop([id]);
    this.#channel.tell([id], 'deleted');
    void files?.sweep();
  }

  /**
   * Deletes all chats and drafts permanently, also those that are not listed or cannot be read. Returns the number of chats.
   * @throws AlcoveError of the store, with all chats unchanged
   */
  async deleteAll(): Promise<number> {
    const { chats } = this.#state.state;
    const held = this.#memory.ids;
    const ids = this.#isKept ? await this.#store.deleteAll(held, this.now()) : chats.map(({ id }) => id);
    this.#deleted.clear();
    this.#memory.drop([...ids, ...held]);
    this.#channel.tell([...ids, ...held], 'all-deleted');
    const files = (await this.openPurge().catch(() => undefined))?.attachments;
    files?.forgetDeleted();
    await files?.sweep();
    return ids.length;
  }

  /** Restores a chat that this tab has deleted. Stores it before it is shown, so that it is there after a reload. */
  async restore(id: string): Promise<void> {
    const conversation = this.#deleted.get(id);
    if (conversation === undefined) return;
    this.#deleted.delete(id);
    await this.openPurge()
      .then(({ attachments }) => attachments.restoreFor(conversation))
      .catch(() => {});
    // Show it also if the store is missing or full; `put` tries to save it again.
    const isRestored = !this.#keepsChats || (await this.#store.restore(conversation).catch(() => true));
    if (!isRestored) return;
    this.#memory.readmit(id);
    this.put(conversation, []);
  }

  /** Sets fields of a chat, such as its title and tags. @throws AlcoveError of the store */
  async setFields(id: string, change: FieldChange): Promise<void> {
    const conversation = this.get(id);
    if (conversation !== undefined) {
      this.put(setFields(conversation, change, this.now()), []);
      await this.save();
      return;
    }
    // Change the record without reading its messages.
    const summary = await this.#store.setFields(id, change, this.now());
    if (summary === undefined) return;
    this.#state.set({ chats: withSummary(this.#state.state.chats, summary) });
    this.#channel.tell([id]);
  }

  /** Reads the newest state of a conversation without showing it. @throws AlcoveError `record-broken` */
  async read(id: string): Promise<Conversation | undefined> {
    return this.get(id) ?? (this.#keepsChats ? this.#store.load(id) : undefined);
  }

  /**
   * Adds conversations of another origin, and merges those that are already stored so that no message of either is lost.
   * Returns the result for each. @throws AlcoveError of the store, with the conversations before the failed one stored
   */
  async adopt(conversations: readonly Conversation[]): Promise<Adoption[]> {
    const adoptions: Adoption[] = [];
    for (const conversation of conversations) adoptions.push(await this.#adopt(conversation));
    return adoptions;
  }

  async #adopt(conversation: Conversation): Promise<Adoption> {
    const { id } = conversation;
    const known = await this.read(id).catch(() => undefined);
    const merged = known === undefined ? conversation : mergeConversations(known, conversation);
    const gain = known && gainOf(known, merged);
    if (gain?.newMessages === 0 && gain.changedMessages === 0 && !gain.hasNewFields) return { result: 'known' };
    if (this.#isKept) await this.#store.adopt(merged);
    this.#memory.readmit(id);
    if (!this.#isKept) {
      this.put(merged, merged.messages.keys());
    } else {
      const ours = this.get(id);
      if (ours !== undefined) this.#memory.take(mergeConversations(ours, merged), ours);
      this.#channel.tell([id]);
    }
    return gain === undefined ? { result: 'added' } : { result: 'merged', ...gain };
  }

  async refresh(): Promise<void> {
    if (this.#state.state.storage.chats === 'stored') this.#state.set({ chats: await this.#store.list() });
  }

  loadRaw(id: string): Promise<unknown> {
    return this.#store.loadRaw(id);
  }

  /** Stores all changes. A failure is published in the state and retried, not thrown. */
  save(): Promise<void> {
    return this.#unsaved.save();
  }

  markUnread(id: string): void {
    const { chat, unreadChatIds } = this.#state.state;
    if (this.#memory.isDeleted(id)) return;
    if (chat?.id !== id && !unreadChatIds.includes(id)) this.#state.set({ unreadChatIds: [...unreadChatIds, id] });
  }

  dispose(): void {
    this.#disposed.abort();
    void this.#unsaved.dispose().finally(() => {
      this.#channel.close();
      this.#store.close();
    });
  }

  get #isKept(): boolean {
    return this.#keepsChats && this.#state.state.storage.chats !== 'memory';
  }

  async #listAll(): Promise<void> {
    const { chats, brokenIds } = await this.#store.listAll();
    this.#addToList(chats);
    this.#state.set({ brokenChatIds: brokenIds.filter((id) => !this.#memory.isDeleted(id)) });
  }

  /** The state has the newer summaries: a chat may have changed, or been deleted, since these were read. */
  #addToList(stored: readonly ConversationSummary[]): void {
    const merged = new Map([...stored, ...this.#state.state.chats].map((summary) => [summary.id, summary]));
    this.#state.set({ chats: [...merged.values()].filter(({ id }) => !this.#memory.isDeleted(id)).sort(byAge) });
  }

  /** Reads a chat from the store. Ends answers whose tab has gone, and follows those that another tab generates. */
  async #load(id: string): Promise<Conversation | undefined> {
    if (!this.#keepsChats) return undefined;
    const stored = await this.#store.load(id);
    let isAbandoned = false;
    for (const message of streamingIn(stored)) {
      if (await this.writing.isHeld(message.id)) this.#settleAtEnd(id, message.id);
      else isAbandoned = true;
    }
    return isAbandoned ? this.#settle(id) : stored;
  }

  /** Reads a chat whose generating tab has gone, with the text that this tab had written ahead. */
  async #settle(id: string): Promise<Conversation | undefined> {
    await this.#store.recover();
    let conversation = await this.#store.load(id);
    for (const message of streamingIn(conversation)) {
      if (conversation === undefined || (await this.writing.isHeld(message.id))) continue;
      conversation = updateMessage(conversation, message.id, { status: 'stopped' });
    }
    return conversation;
  }

  /** Reads a chat again when another tab's generation in it ends, or that tab is closed. */
  #settleAtEnd(id: string, messageId: string): void {
    this.writing.end(messageId, this.#disposed.signal).then(
      () => this.#otherTabs.follow([id]),
      () => {},
    );
  }

  /** Removes what was deleted and is still stored. */
  async #tidy(): Promise<void> {
    if (!this.#disposed.signal.aborted) await (await this.openPurge()).sweep();
  }

  #followDeletion(ids: readonly string[], areAll: boolean): void {
    this.#memory.drop(ids);
    if (!areAll) return;
    // Another tab does not know what this one holds and could not store. A save of it may be under way.
    this.#deleted.clear();
    const held = this.#memory.ids;
    this.#memory.drop(held);
    if (held.length > 0 && this.#isKept) this.#store.delete(held, true, this.now()).catch(() => {});
  }

  #unreadWithout(id: string | undefined): readonly string[] {
    const { unreadChatIds } = this.#state.state;
    return id !== undefined && unreadChatIds.includes(id) ? unreadChatIds.filter((one) => one !== id) : unreadChatIds;
  }

  #setStorage(change: { chats?: 'stored' | 'temporary' | 'memory'; saveError?: AlcoveError | undefined }): void {
    const { storage } = this.#state.state;
    const isNew = Object.entries(change).some(([key, value]) => storage[key as keyof typeof change] !== value);
    if (isNew) this.#state.set({ storage: { ...storage, ...change } });
  }
}

function streamingIn(conversation: Conversation | undefined): Message[] {
  return [...(conversation?.messages.values() ?? [])].filter(({ status }) => status === 'streaming');
}
