import type { Conversation } from '../../chat/conversation.ts';
import { mergeConversations } from '../../chat/merge.ts';
import { byAge } from '../../chat/summary-list.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { ChatsInMemory } from './chats-in-memory.ts';

/** Brings into this tab what other tabs have stored. */
export class TabFollower {
  readonly #state: StateStore<SessionState>;
  readonly #store: ChatStore;
  readonly #memory: ChatsInMemory;
  readonly #load: (id: string) => Promise<Conversation | undefined>;
  readonly #changed = new Set<string>();
  #following: Promise<void> | undefined;

  /** @param load reads a chat from the store, as one that is opened */
  constructor(
    state: StateStore<SessionState>,
    store: ChatStore,
    memory: ChatsInMemory,
    load: (id: string) => Promise<Conversation | undefined>,
  ) {
    this.#state = state;
    this.#store = store;
    this.#memory = memory;
    this.#load = load;
  }

  /** Reads chats that another tab has changed, soon. */
  follow(ids: readonly string[]): void {
    if (this.#state.state.storage.chats !== 'stored') return;
    for (const id of ids) this.#changed.add(id);
    this.#following ??= this.#followAll().finally(() => {
      this.#following = undefined;
    });
  }

  /** Reads changed chats in batches: an import in another tab changes thousands. */
  async #followAll(): Promise<void> {
    while (this.#changed.size > 0) {
      const ids = [...this.#changed];
      this.#changed.clear();
      const wereDeleted = ids.filter((id) => this.#memory.isDeleted(id));
      // The next change in another tab, or opening the chat, reads it again.
      const summaries = await this.#store.summaries(ids).catch(() => undefined);
      if (summaries === undefined) return;
      // Another tab has restored or imported what was deleted, or deletes it during this read.
      const stored = new Set(summaries.map(({ id }) => id));
      for (const id of wereDeleted) if (stored.has(id)) this.#memory.readmit(id);
      const changed = new Set([...ids, ...this.#memory.deletedIds]);
      const others = this.#state.state.chats.filter(({ id }) => !changed.has(id));
      const here = summaries.filter(({ id }) => !this.#memory.isDeleted(id));
      this.#state.set({ chats: [...here, ...others].sort(byAge) });
      for (const id of ids) await this.#followChat(id);
    }
  }

  async #followChat(id: string): Promise<void> {
    try {
      if (this.#memory.get(id) === undefined) return;
      const theirs = await this.#load(id);
      const ours = this.#memory.get(id);
      if (ours === undefined) return;
      const isOwn = this.#memory.isChanging(id);
      if (theirs !== undefined) this.#memory.take(isOwn ? mergeConversations(ours, theirs) : theirs, ours);
      // Without a note of its deletion it is not stored yet, or the site's data was cleared: keep what is being changed.
      else if (!isOwn || (await this.#store.deletedAmong([id])).length > 0) this.#memory.drop([id]);
    } catch {
      // As above: the next change reads it again.
    }
  }
}
