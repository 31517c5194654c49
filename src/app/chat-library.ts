import type { Conversation, ConversationSummary } from '../chat/conversation.ts';
import { mergeConversations } from '../chat/merge.ts';
import { setFields, settleInterrupted, summarize } from '../chat/tree.ts';
import { type AlcoveError, toAlcoveError } from '../errors.ts';
import type { ChatStore } from '../storage/chat-store.ts';
import type { SessionState } from './session-state.ts';
import type { StateStore } from './state-store.ts';

/** While an answer streams it is saved this often: at most so much text is lost when the browser is killed. */
const SAVE_INTERVAL_MS = 1_000;
/** After a failed save (a full disk) it is tried again this often, until it works. */
const RETRY_INTERVAL_MS = 5_000;

/** Told to the other tabs after each save. */
interface ChangeMessage {
  readonly id: string;
}

/** What became of a conversation from elsewhere: new here, merged with the one here, or nothing new in it. */
export type Adoption = 'added' | 'merged' | 'known';

/**
 * The chats: which are there, which is open, and that no word of them is lost. The conversations that are being
 * written live here; each change is on the screen at once and in the store soon after.
 */
export class ChatLibrary {
  readonly #state: StateStore<SessionState>;
  readonly #store: ChatStore;
  readonly #channel: BroadcastChannel;
  /** Conversations with changes that are not stored yet, and which of their messages changed. */
  readonly #unsaved = new Map<string, { conversation: Conversation; messageIds: Set<string> }>();
  readonly #deleted = new Map<string, Conversation>();
  /** The conversation that is being answered, whether it is shown or not. */
  #answered: Conversation | undefined;
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The id that was asked for last; an older one that arrives late is not shown. */
  #opening: string | undefined;

  constructor(state: StateStore<SessionState>, store: ChatStore, channelName: string) {
    this.#state = state;
    this.#store = store;
    this.#channel = new BroadcastChannel(channelName);
    this.#channel.onmessage = ({ data }: MessageEvent<ChangeMessage>) => void this.#followOtherTab(data.id);
    document.addEventListener('visibilitychange', this.#saveWhenHidden);
    window.addEventListener('pagehide', this.#saveWhenHidden);
  }

  async start(): Promise<void> {
    try {
      this.#state.set({ chats: await this.#store.list() });
      this.#setStorage({ chats: 'stored' });
    } catch {
      this.#setStorage({ chats: 'memory' });
    }
  }

  /** The newest state of a conversation, stored or not. */
  get(id: string): Conversation | undefined {
    const open = this.#state.state.chat;
    if (open?.id === id) return open;
    return this.#answered?.id === id ? this.#answered : this.#unsaved.get(id)?.conversation;
  }

  /** Keeps a conversation at hand while it is answered, also when another is shown. Returns its undo. */
  hold(conversation: Conversation): () => void {
    this.#answered = conversation;
    return () => {
      this.#answered = undefined;
    };
  }

  show(conversation: Conversation | undefined): void {
    this.#opening = conversation?.id;
    this.#state.set({ chat: conversation });
  }

  /** @throws AlcoveError `record-broken`; the chat that was open stays open. */
  async open(id: string): Promise<void> {
    this.#opening = id;
    const known = this.get(id);
    const conversation = known ?? (await this.#store.load(id));
    if (this.#opening !== id) return;
    // What is unsaved here is also being written here: it is not interrupted.
    this.#state.set({ chat: known ?? (conversation && settleInterrupted(conversation)) });
  }

  /** Takes over a changed conversation: on the screen now, in the store at once or, with `soon`, within a second. */
  put(conversation: Conversation, messageIds: Iterable<string>, when: 'now' | 'soon' = 'now'): void {
    const unsaved = this.#unsaved.get(conversation.id);
    const changed = new Set([...(unsaved?.messageIds ?? []), ...messageIds]);
    this.#unsaved.set(conversation.id, { conversation, messageIds: changed });
    if (this.#answered?.id === conversation.id) this.#answered = conversation;
    const isOpen = this.#state.state.chat?.id === conversation.id;
    this.#state.set({
      ...(isOpen && { chat: conversation }),
      ...(when === 'now' && { chats: withSummary(this.#state.state.chats, summarize(conversation)) }),
    });
    if (when === 'now') void this.save();
    else this.#saveIn(SAVE_INTERVAL_MS);
  }

  async delete(id: string): Promise<void> {
    const conversation = this.get(id) ?? (await this.#store.load(id).catch(() => undefined));
    if (conversation !== undefined) this.#deleted.set(id, conversation);
    this.#unsaved.delete(id);
    if (this.#answered?.id === id) this.#answered = undefined;
    await this.#store.delete(id);
    this.#state.set({
      chats: this.#state.state.chats.filter((chat) => chat.id !== id),
      ...(this.#state.state.chat?.id === id && { chat: undefined }),
    });
    this.#tell(id);
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

  /** @throws AlcoveError `record-broken` and those of the store */
  async rename(id: string, title: string): Promise<void> {
    const conversation = this.get(id) ?? (await this.#store.load(id));
    if (conversation === undefined) return;
    this.put(setFields(conversation, { title, titleIsSet: true }, Date.now()), []);
    await this.save();
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
      adoptions.push(known === undefined ? 'added' : hasSameMessages(known, merged) ? 'known' : 'merged');
      if (adoptions.at(-1) === 'known') continue;
      if (this.#state.state.storage.chats === 'memory') {
        this.put(merged, merged.messages.keys());
        continue;
      }
      await this.#store.save(merged);
      if (this.#state.state.chat?.id === merged.id) this.#state.set({ chat: merged });
      this.#tell(merged.id);
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.#saveWhenHidden);
    window.removeEventListener('pagehide', this.#saveWhenHidden);
    void this.save().finally(() => {
      clearTimeout(this.#timer);
      this.#channel.close();
      this.#store.close();
    });
  }

  async #saveAll(): Promise<void> {
    if (this.#state.state.storage.chats === 'memory') return;
    // Each pass takes one conversation; a change that comes while it is written is a pass of its own.
    for (let next = first(this.#unsaved); next !== undefined; next = first(this.#unsaved)) {
      const [id, { conversation, messageIds }] = next;
      this.#unsaved.delete(id);
      try {
        await this.#store.save(conversation, messageIds);
        this.#tell(id);
      } catch (error) {
        this.#keepUnsaved(id, conversation, messageIds);
        this.#setStorage({ saveError: toAlcoveError(error, 'storage-unavailable') });
        this.#saveIn(RETRY_INTERVAL_MS);
        return;
      }
    }
    this.#setStorage({ saveError: undefined });
  }

  #keepUnsaved(id: string, conversation: Conversation, messageIds: Set<string>): void {
    const newer = this.#unsaved.get(id);
    this.#unsaved.set(id, {
      conversation: newer?.conversation ?? conversation,
      messageIds: new Set([...messageIds, ...(newer?.messageIds ?? [])]),
    });
  }

  #saveIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.save();
    }, delayMs);
  }

  readonly #saveWhenHidden = (): void => {
    if (document.visibilityState === 'hidden' || this.#unsaved.size > 0) void this.save();
  };

  async #followOtherTab(id: string): Promise<void> {
    if (this.#state.state.storage.chats !== 'stored') return;
    try {
      this.#state.set({ chats: await this.#store.list() });
      const { chat, generation } = this.#state.state;
      const isWrittenHere = generation.status !== 'idle' && generation.chatId === id;
      if (chat?.id !== id || isWrittenHere || this.#unsaved.has(id)) return;
      const conversation = await this.#store.load(id);
      if (this.#state.state.chat?.id === id && !this.#unsaved.has(id)) this.#state.set({ chat: conversation });
    } catch {
      // The next change in the other tab, or the next click here, reads again.
    }
  }

  #tell(id: string): void {
    this.#channel.postMessage({ id } satisfies ChangeMessage);
  }

  #setStorage(change: { chats?: 'stored' | 'memory'; saveError?: AlcoveError | undefined }): void {
    const { storage } = this.#state.state;
    const isNew = Object.entries(change).some(([key, value]) => storage[key as keyof typeof change] !== value);
    if (isNew) this.#state.set({ storage: { ...storage, ...change } });
  }
}

function hasSameMessages(one: Conversation, other: Conversation): boolean {
  return one.messages.size === other.messages.size;
}

/** The list with one summary replaced or added, newest first. */
function withSummary(chats: readonly ConversationSummary[], summary: ConversationSummary): ConversationSummary[] {
  return [summary, ...chats.filter((chat) => chat.id !== summary.id)].sort((a, b) => b.updatedAt - a.updatedAt);
}

function first<Key, Value>(map: ReadonlyMap<Key, Value>): [Key, Value] | undefined {
  return map.entries().next().value;
}
