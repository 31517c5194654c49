import type { Conversation, Message } from '../../chat/conversation.ts';
import { purgeDeleted } from '../../chat/deletion.ts';
import { mergeConversations } from '../../chat/merge.ts';
import { byAge, withSummary } from '../../chat/summary-list.ts';
import { type FieldChange, pathTo, setFields, summarize, updateMessage } from '../../chat/tree.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { GenerationLocks } from './generation-locks.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** Chats that are listed before the rest is read: more than any screen shows. */
const FIRST_CHATS = 60;
/** Time in which a deleted branch can be restored. The first opening of its chat after that purges its text. */
const KEEP_DELETED_MS = 60 * 60 * 1_000;

/** Sent to the other tabs after each save, and when all chats are deleted. */
interface ChangeMessage {
  readonly ids: readonly string[];
  readonly isAllDeleted: boolean;
}

/** Result of adopting a conversation: it was added, merged with the stored one, or held nothing new. */
export type Adoption = 'added' | 'merged' | 'known';

/** Owns the chats in memory. Publishes each change to the state at once and writes it to the store soon after. */
export class ChatRepository {
  /** The answers that any tab is generating. */
  readonly writing: GenerationLocks;
  readonly #state: StateStore<SessionState>;
  readonly #store: ChatStore;
  readonly #channel: BroadcastChannel;
  readonly #unsaved: WriteAheadLog;
  readonly #deleted = new Map<string, Conversation>();
  /** Conversations with a running or queued generation, shown or not, and the number of their holders. */
  readonly #held = new Map<string, { conversation: Conversation; count: number }>();
  readonly #listeners = new Set<(id: string) => void>();
  readonly #changedElsewhere = new Set<string>();
  #following: Promise<void> | undefined;
  #listing: Promise<void> = Promise.resolve();
  readonly #disposed = new AbortController();
  /** The chat that was opened last; a chat that was opened before it and is read later is not shown. */
  #opening: string | undefined;

  constructor(state: StateStore<SessionState>, store: ChatStore, channelName: string) {
    this.#state = state;
    this.#store = store;
    this.writing = new GenerationLocks(channelName);
    this.#unsaved = new WriteAheadLog(store, {
      isKept: () => this.#isKept,
      onSaved: (id) => this.#tell([id]),
      onOutcome: (saveError) => this.#setStorage({ saveError }),
    });
    this.#channel = new BroadcastChannel(channelName);
    this.#channel.onmessage = ({ data }: MessageEvent<ChangeMessage>) => {
      // Also drop what this tab could restore.
      if (data.isAllDeleted) this.#deleted.clear();
      this.#followOtherTab(data.ids);
    };
  }

  /** Lists the newest chats, then all. */
  async start(): Promise<void> {
    try {
      // Without a store this fails, and so does the next line.
      await this.#store.recover().catch(() => {});
      const newest = await this.#store.newest(FIRST_CHATS);
      this.#state.set({ chats: newest });
      this.#setStorage({ chats: 'stored' });
      this.#listing = this.#listAll();
      if (newest.length < FIRST_CHATS) await this.#listing;
    } catch (error) {
      const { code } = toAlcoveError(error);
      this.#setStorage({
        chats: 'memory',
        ...(code === 'storage-outdated' && { saveError: toAlcoveError(error) }),
      });
    }
  }

  /** Resolves when all chats are listed, not the newest alone. Rejects with the error of the store. */
  get listed(): Promise<void> {
    return this.#listing;
  }

  /** Calls `listener` with the id of each chat that this tab or another has changed. Returns its undo. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest state of a conversation in memory, stored or not. Undefined for one that must be read first. */
  get(id: string): Conversation | undefined {
    const open = this.#state.state.chat;
    if (open?.id === id) return open;
    return this.#held.get(id)?.conversation ?? this.#unsaved.get(id);
  }

  /** Keeps a conversation in memory during a generation, also while another chat is shown. Returns its undo. */
  hold(conversation: Conversation): () => void {
    const { id } = conversation;
    this.#held.set(id, { conversation, count: (this.#held.get(id)?.count ?? 0) + 1 });
    return () => {
      const held = this.#held.get(id);
      if (held === undefined) return;
      if (held.count === 1) this.#held.delete(id);
      else this.#held.set(id, { ...held, count: held.count - 1 });
    };
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
    if (this.#opening !== id) return;
    this.show(conversation);
    if (conversation !== undefined) this.#purge(conversation);
  }

  /** Publishes a changed conversation, and stores it now or, with `soon`, within two seconds. */
  put(conversation: Conversation, messageIds: Iterable<string>, when: 'now' | 'soon' = 'now'): void {
    const { id } = conversation;
    this.#unsaved.add(conversation, messageIds, when);
    const held = this.#held.get(id);
    if (held !== undefined) this.#held.set(id, { ...held, conversation });
    const isOpen = this.#state.state.chat?.id === id;
    this.#state.set({
      ...(isOpen && { chat: conversation }),
      ...(when === 'now' && { chats: withSummary(this.#state.state.chats, summarize(conversation)) }),
    });
    if (when === 'now') void this.#unsaved.save();
    else this.#unsaved.saveSoon();
  }

  async delete(id: string): Promise<void> {
    const conversation = this.get(id) ?? (await this.#store.load(id).catch(() => undefined));
    if (conversation !== undefined) this.#deleted.set(id, conversation);
    this.#unsaved.forget(id);
    this.#held.delete(id);
    if (this.#isKept) await this.#store.delete(id);
    const { chats, chat, brokenChatIds } = this.#state.state;
    this.#state.set({
      chats: chats.filter((summary) => summary.id !== id),
      brokenChatIds: brokenChatIds.filter((broken) => broken !== id),
      unreadChatIds: this.#unreadWithout(id),
      ...(chat?.id === id && { chat: undefined }),
    });
    this.#tell([id]);
  }

  /**
   * Deletes all chats and drafts permanently, also those that are not listed or cannot be read. Returns the number of chats.
   * @throws AlcoveError of the store, with all chats unchanged
   */
  async deleteAll(): Promise<number> {
    // A running save would write after the deletion.
    await this.save();
    const { chats, chat } = this.#state.state;
    const held = [...this.#held];
    // A generation that ends meanwhile must find no chat to write into.
    this.#held.clear();
    const remember = this.#unsaved.forgetAll();
    this.show(undefined);
    try {
      const ids = this.#isKept ? await this.#store.deleteAll() : chats.map(({ id }) => id);
      this.#deleted.clear();
      this.#state.set({ chats: [], brokenChatIds: [], unreadChatIds: [] });
      this.#tell(ids, true);
      return ids.length;
    } catch (error) {
      for (const [id, one] of held) this.#held.set(id, one);
      remember();
      this.show(chat);
      throw error;
    }
  }

  /** Restores a chat that this tab has deleted. Stores it before it is shown, so that it is there after a reload. */
  async restore(id: string): Promise<void> {
    const conversation = this.#deleted.get(id);
    if (conversation === undefined) return;
    this.#deleted.delete(id);
    // Show it also if the store is missing or full; `put` tries to save it again.
    await this.#store.save(conversation).catch(() => {});
    this.put(conversation, []);
  }

  /** Sets fields of a chat, such as its title and tags. @throws AlcoveError of the store */
  async setFields(id: string, change: FieldChange): Promise<void> {
    const conversation = this.get(id);
    if (conversation !== undefined) {
      this.put(setFields(conversation, change, Date.now()), []);
      await this.save();
      return;
    }
    // Change the record without reading its messages.
    const summary = await this.#store.setFields(id, change, Date.now());
    if (summary === undefined) return;
    this.#state.set({ chats: withSummary(this.#state.state.chats, summary) });
    this.#tell([id]);
  }

  /** Reads the newest state of a conversation without showing it. @throws AlcoveError `record-broken` */
  async read(id: string): Promise<Conversation | undefined> {
    return this.get(id) ?? this.#store.load(id);
  }

  /**
   * Adds conversations of another origin, and merges those that are already stored so that no message of either is lost.
   * Returns the result for each. @throws AlcoveError of the store, with the conversations before the failed one stored
   */
  async adopt(conversations: readonly Conversation[]): Promise<Adoption[]> {
    const adoptions: Adoption[] = [];
    for (const conversation of conversations) {
      const known = await this.read(conversation.id).catch(() => undefined);
      const merged = known === undefined ? conversation : mergeConversations(known, conversation);
      adoptions.push(known === undefined ? 'added' : known.messages.size === merged.messages.size ? 'known' : 'merged');
      if (adoptions.at(-1) === 'known') continue;
      if (!this.#isKept) {
        this.put(merged, merged.messages.keys());
        continue;
      }
      await this.#store.save(merged);
      if (this.#state.state.chat?.id === merged.id) this.#state.set({ chat: merged });
      this.#tell([merged.id]);
    }
    return adoptions;
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
    return this.#state.state.storage.chats !== 'memory';
  }

  async #listAll(): Promise<void> {
    const { chats, brokenIds } = await this.#store.listAll();
    // The state has the newer summaries: a chat may have changed since the list was read.
    const merged = new Map([...chats, ...this.#state.state.chats].map((summary) => [summary.id, summary]));
    this.#state.set({ chats: [...merged.values()].sort(byAge), brokenChatIds: brokenIds });
  }

  /** Reads a chat from the store. Ends answers whose tab has gone, and follows those that another tab generates. */
  async #load(id: string): Promise<Conversation | undefined> {
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
      () => this.#followOtherTab([id]),
      () => {},
    );
  }

  #purge(conversation: Conversation): void {
    const purged = purgeDeleted(conversation, Date.now() - KEEP_DELETED_MS);
    if (purged === conversation) return;
    const ids = [...purged.messages.values()].filter((message) => message.purged).map(({ id }) => id);
    this.put(purged, ids, 'soon');
  }

  #followOtherTab(ids: readonly string[]): void {
    if (this.#state.state.storage.chats !== 'stored') return;
    this.#tellListeners(ids);
    for (const id of ids) this.#changedElsewhere.add(id);
    this.#following ??= this.#followAll().finally(() => {
      this.#following = undefined;
    });
  }

  /** Reads changed chats in batches: an import in another tab changes thousands. */
  async #followAll(): Promise<void> {
    while (this.#changedElsewhere.size > 0) {
      const ids = [...this.#changedElsewhere];
      this.#changedElsewhere.clear();
      // The next change in another tab, or opening the chat, reads it again.
      const summaries = await this.#store.summaries(ids).catch(() => undefined);
      if (summaries === undefined) return;
      const changed = new Set(ids);
      const others = this.#state.state.chats.filter(({ id }) => !changed.has(id));
      this.#state.set({ chats: [...summaries, ...others].sort(byAge) });
      for (const id of ids) await this.#followChat(id);
    }
  }

  async #followChat(id: string): Promise<void> {
    try {
      if (this.get(id) === undefined) return;
      const theirs = await this.#load(id);
      const ours = this.get(id);
      if (ours === undefined) return;
      const isOwn = this.#held.has(id) || this.#unsaved.get(id) !== undefined;
      // Close a chat that another tab has deleted, unless this one is changing it.
      if (theirs === undefined) {
        if (!isOwn && this.#state.state.chat?.id === id) this.show(undefined);
      } else {
        this.#take(isOwn ? mergeConversations(ours, theirs) : theirs, ours);
      }
    } catch {
      // As above: the next change reads it again.
    }
  }

  /** Takes over a chat that another tab has changed. Keeps the branch shown here unless the other tab has continued it. */
  #take(theirs: Conversation, ours: Conversation): void {
    const isContinued = pathTo(theirs, theirs.activeLeafId).some(({ id }) => id === ours.activeLeafId);
    const canStay = ours.activeLeafId !== undefined && pathTo(theirs, ours.activeLeafId).length > 0;
    const isGone = pathTo(theirs, ours.activeLeafId).some(({ deletedAt }) => deletedAt !== undefined);
    const conversation = isContinued || !canStay || isGone ? theirs : { ...theirs, activeLeafId: ours.activeLeafId };
    const held = this.#held.get(theirs.id);
    if (held !== undefined) this.#held.set(theirs.id, { ...held, conversation });
    this.#unsaved.replace(conversation);
    if (this.#state.state.chat?.id === theirs.id) this.#state.set({ chat: conversation });
  }

  #unreadWithout(id: string | undefined): readonly string[] {
    const { unreadChatIds } = this.#state.state;
    return id !== undefined && unreadChatIds.includes(id) ? unreadChatIds.filter((one) => one !== id) : unreadChatIds;
  }

  #tell(ids: readonly string[], isAllDeleted = false): void {
    this.#channel.postMessage({ ids, isAllDeleted } satisfies ChangeMessage);
    this.#tellListeners(ids);
  }

  #tellListeners(ids: readonly string[]): void {
    for (const id of ids) for (const listener of this.#listeners) listener(id);
  }

  #setStorage(change: { chats?: 'stored' | 'memory'; saveError?: AlcoveError | undefined }): void {
    const { storage } = this.#state.state;
    const isNew = Object.entries(change).some(([key, value]) => storage[key as keyof typeof change] !== value);
    if (isNew) this.#state.set({ storage: { ...storage, ...change } });
  }
}

function streamingIn(conversation: Conversation | undefined): Message[] {
  return [...(conversation?.messages.values() ?? [])].filter(({ status }) => status === 'streaming');
}
