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

/** So many chats are listed before the rest is read: more than any screen shows. */
const FIRST_CHATS = 60;
/** A deleted branch can be brought back for so long; its words are gone when its chat is opened after that. */
const KEEP_DELETED_MS = 60 * 60 * 1_000;

/** Told to the other tabs after each save, and when all is deleted. */
interface ChangeMessage {
  readonly ids: readonly string[];
  readonly isAllDeleted: boolean;
}

/** What became of a conversation from elsewhere: new here, merged with the one here, or nothing new in it. */
export type Adoption = 'added' | 'merged' | 'known';

/**
 * The chats: which are there, which is open, and that no word of them is lost. The conversations that are being
 * written live here; each change is on the screen at once and in the store soon after.
 */
export class ChatRepository {
  /** Answers that are being written, in any tab. */
  readonly writing: GenerationLocks;
  readonly #state: StateStore<SessionState>;
  readonly #store: ChatStore;
  readonly #channel: BroadcastChannel;
  readonly #unsaved: WriteAheadLog;
  readonly #deleted = new Map<string, Conversation>();
  /** Conversations that are being answered, whether they are shown or not, and by how many answers. */
  readonly #held = new Map<string, { conversation: Conversation; count: number }>();
  readonly #listeners = new Set<(id: string) => void>();
  /** What other tabs have changed and is not read yet. */
  readonly #changedElsewhere = new Set<string>();
  #following: Promise<void> | undefined;
  #listing: Promise<void> = Promise.resolve();
  readonly #disposed = new AbortController();
  /** The id that was asked for last; an older one that arrives late is not shown. */
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
      // What was deleted one by one in this tab does not come back either.
      if (data.isAllDeleted) this.#deleted.clear();
      this.#followOtherTab(data.ids);
    };
  }

  /** Lists the newest chats, then all. */
  async start(): Promise<void> {
    try {
      // Where it fails for want of a store, what follows does too.
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

  /** Settles when all chats are listed, not the newest alone. Rejects with what the store throws. */
  get listed(): Promise<void> {
    return this.#listing;
  }

  /** `listener` is called with the id of each chat that has changed, here or in another tab. Returns its undo. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest state of a conversation that is at hand, stored or not. */
  get(id: string): Conversation | undefined {
    const open = this.#state.state.chat;
    if (open?.id === id) return open;
    return this.#held.get(id)?.conversation ?? this.#unsaved.get(id);
  }

  /** Keeps a conversation at hand while it is answered, also when another is shown. Returns its undo. */
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

  /** @throws AlcoveError `record-broken`; the chat that was open stays open. */
  async open(id: string): Promise<void> {
    this.#opening = id;
    // What is at hand is also being written here: it is not interrupted.
    const conversation = this.get(id) ?? (await this.#load(id));
    if (this.#opening !== id) return;
    this.show(conversation);
    if (conversation !== undefined) this.#purge(conversation);
  }

  /** Takes over a changed conversation: on the screen now, in the store at once or, with `soon`, within two seconds. */
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
   * Deletes all chats and drafts, those that are not listed or cannot be read among them. Nothing brings them back.
   * Returns how many there were. @throws AlcoveError those of the store, with all chats as they were
   */
  async deleteAll(): Promise<number> {
    // What is being saved would come after.
    await this.save();
    const { chats, chat } = this.#state.state;
    const held = [...this.#held];
    // An answer that ends meanwhile finds nothing to write into.
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

  /** Brings back a chat that was deleted in this tab: into the store first, so that what is shown outlives a reload. */
  async restore(id: string): Promise<void> {
    const conversation = this.#deleted.get(id);
    if (conversation === undefined) return;
    this.#deleted.delete(id);
    // Without a store, or with a full one, it is shown all the same; `put` tries to save it again.
    await this.#store.save(conversation).catch(() => {});
    this.put(conversation, []);
  }

  /** Sets what a chat says of itself: its title, its tags. @throws AlcoveError those of the store */
  async setFields(id: string, change: FieldChange): Promise<void> {
    const conversation = this.get(id);
    if (conversation !== undefined) {
      this.put(setFields(conversation, change, Date.now()), []);
      await this.save();
      return;
    }
    // The messages need not be read for it.
    const summary = await this.#store.setFields(id, change, Date.now());
    if (summary === undefined) return;
    this.#state.set({ chats: withSummary(this.#state.state.chats, summary) });
    this.#tell([id]);
  }

  /** A conversation as it stands, stored or not, without opening it. @throws AlcoveError `record-broken` */
  async read(id: string): Promise<Conversation | undefined> {
    return this.get(id) ?? this.#store.load(id);
  }

  /**
   * Takes in conversations from elsewhere. One that is here already is merged with it: nothing that either has is lost.
   * Returns what became of each. @throws AlcoveError of the store, with those before it stored
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

  /** Shows in the list what was adopted. */
  async refresh(): Promise<void> {
    if (this.#state.state.storage.chats === 'stored') this.#state.set({ chats: await this.#store.list() });
  }

  /** What is stored of a chat that cannot be opened, for the user to keep. */
  loadRaw(id: string): Promise<unknown> {
    return this.#store.loadRaw(id);
  }

  /** Writes what is not stored yet. A failure is shown in the state and tried again; it is not thrown. */
  save(): Promise<void> {
    return this.#unsaved.save();
  }

  /** Marks a chat whose answer has ended while another was shown. */
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
    // What has changed since it was read is known here already.
    const merged = new Map([...chats, ...this.#state.state.chats].map((summary) => [summary.id, summary]));
    this.#state.set({ chats: [...merged.values()].sort(byAge), brokenChatIds: brokenIds });
  }

  /** From the store; what was being written when its tab ended is settled, what another tab writes is followed. */
  async #load(id: string): Promise<Conversation | undefined> {
    const stored = await this.#store.load(id);
    let isLeft = false;
    for (const message of streamingIn(stored)) {
      if (await this.writing.isHeld(message.id)) this.#settleAtEnd(id, message.id);
      else isLeft = true;
    }
    return isLeft ? this.#settle(id) : stored;
  }

  /** Reads a chat in which a tab that has ended was writing, with the last of it that was not saved. */
  async #settle(id: string): Promise<Conversation | undefined> {
    await this.#store.recover();
    let conversation = await this.#store.load(id);
    for (const message of streamingIn(conversation)) {
      if (conversation === undefined || (await this.writing.isHeld(message.id))) continue;
      conversation = updateMessage(conversation, message.id, { status: 'stopped' });
    }
    return conversation;
  }

  /** Reads a chat again when the tab that writes in it has ended its answer, or has ended itself. */
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

  /** Many at once where many have come meanwhile: an import in another tab brings thousands. */
  async #followAll(): Promise<void> {
    while (this.#changedElsewhere.size > 0) {
      const ids = [...this.#changedElsewhere];
      this.#changedElsewhere.clear();
      // The next change in the other tab, or the next click here, reads again what cannot be read now.
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
      // A chat that was deleted there goes here too, unless it is being written.
      if (theirs === undefined) {
        if (!isOwn && this.#state.state.chat?.id === id) this.show(undefined);
      } else {
        this.#take(isOwn ? mergeConversations(ours, theirs) : theirs, ours);
      }
    } catch {
      // See above.
    }
  }

  /** Shows what another tab has made of a chat. The branch stays that is read here, unless the other goes on from it. */
  #take(theirs: Conversation, ours: Conversation): void {
    const goesOn = pathTo(theirs, theirs.activeLeafId).some(({ id }) => id === ours.activeLeafId);
    const canStay = ours.activeLeafId !== undefined && pathTo(theirs, ours.activeLeafId).length > 0;
    const isGone = pathTo(theirs, ours.activeLeafId).some(({ deletedAt }) => deletedAt !== undefined);
    const conversation = goesOn || !canStay || isGone ? theirs : { ...theirs, activeLeafId: ours.activeLeafId };
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
