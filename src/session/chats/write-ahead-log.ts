import type { Conversation, Message } from '../../chat/conversation.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import { changesOf } from '../../storage/chats/write-ahead-entry.ts';

/** While an answer streams it is saved, and shown in other tabs, this often; what is newer is written ahead. */
const SAVE_INTERVAL_MS = 2_000;
/** After a failed save (a full disk) it is tried again this often, until it works. */
const RETRY_INTERVAL_MS = 5_000;

/** What is told of saving. */
interface SaveEvents {
  /** Whether there is a store at all. */
  isKept(): boolean;
  onSaved(id: string): void;
  /** After each round; undefined where everything is stored. */
  onOutcome(error: AlcoveError | undefined): void;
}

/**
 * Conversations with changes that are not stored yet. Nothing leaves it but into the store. Each change is written ahead
 * before it is on the screen, so that nothing that was there is lost, however the page ends.
 */
export class WriteAheadLog {
  readonly #store: ChatStore;
  readonly #events: SaveEvents;
  readonly #chats = new Map<string, { conversation: Conversation; messageIds: Set<string> }>();
  /** What is being saved right now. */
  #written: { readonly id: string; readonly messageIds: ReadonlySet<string> } | undefined;
  /** Answers that go on, as they were last saved. */
  readonly #begun = new Map<string, Message>();
  /** Chats with words of an answer that are written ahead in the next task. */
  readonly #answered = new Set<string>();
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: ChatStore, events: SaveEvents) {
    this.#store = store;
    this.#events = events;
    document.addEventListener('visibilitychange', this.#saveWhenHidden);
    window.addEventListener('pagehide', this.#saveWhenHidden);
  }

  get(id: string): Conversation | undefined {
    return this.#chats.get(id)?.conversation;
  }

  /**
   * Takes the newest state of a conversation, and which of its messages have changed. `soon`, for the words of an answer,
   * writes them ahead in a task of its own, as drawing them takes this one; at the latest in the frame that shows them.
   */
  add(conversation: Conversation, messageIds: Iterable<string>, when: 'now' | 'soon' = 'now'): void {
    const { id } = conversation;
    const known = this.#chats.get(id)?.messageIds ?? [];
    this.#chats.set(id, { conversation, messageIds: new Set([...known, ...messageIds]) });
    if (when === 'now') {
      this.#writeAhead(id);
      return;
    }
    if (this.#answered.size === 0) {
      setTimeout(this.#writeAnswersAhead);
      requestAnimationFrame(this.#writeAnswersAhead);
    }
    this.#answered.add(id);
  }

  /** Takes a newer state of a conversation, if it is here. */
  replace(conversation: Conversation): void {
    const known = this.#chats.get(conversation.id);
    if (known !== undefined) this.#chats.set(conversation.id, { ...known, conversation });
  }

  forget(id: string): void {
    this.#chats.delete(id);
  }

  /** Returns its undo. */
  forgetAll(): () => void {
    const chats = [...this.#chats];
    this.#chats.clear();
    return () => {
      for (const [id, { conversation, messageIds }] of chats) {
        if (!this.#chats.has(id)) this.add(conversation, messageIds);
      }
    };
  }

  /** Writes everything. A failure is told and tried again; it is not thrown. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  saveSoon(): void {
    this.#saveIn(SAVE_INTERVAL_MS);
  }

  async dispose(): Promise<void> {
    document.removeEventListener('visibilitychange', this.#saveWhenHidden);
    window.removeEventListener('pagehide', this.#saveWhenHidden);
    await this.save();
    clearTimeout(this.#timer);
  }

  async #saveAll(): Promise<void> {
    if (!this.#events.isKept()) return;
    // Each pass takes one conversation; a change that comes while it is written is a pass of its own.
    for (let next = first(this.#chats); next !== undefined; next = first(this.#chats)) {
      const [id, { conversation, messageIds }] = next;
      // A save takes several steps.
      this.#writeAnswersAhead();
      this.#chats.delete(id);
      this.#written = { id, messageIds };
      try {
        await this.#store.save(conversation, messageIds);
        this.#written = undefined;
        this.#noteSaved(conversation, messageIds);
        // While an answer goes on, what is written ahead next replaces what is saved now.
        if (!this.#chats.has(id) && !this.#goesOn(messageIds)) this.#writeAhead(id);
        this.#events.onSaved(id);
      } catch (error) {
        this.#written = undefined;
        this.#chats.set(id, {
          conversation: this.get(id) ?? conversation,
          messageIds: new Set([...messageIds, ...(this.#chats.get(id)?.messageIds ?? [])]),
        });
        this.#events.onOutcome(toAlcoveError(error, 'storage-unavailable'));
        this.#saveIn(RETRY_INTERVAL_MS);
        return;
      }
    }
    this.#events.onOutcome(undefined);
  }

  #noteSaved({ messages }: Conversation, messageIds: Iterable<string>): void {
    for (const id of messageIds) {
      const message = messages.get(id);
      if (message?.status === 'streaming') this.#begun.set(id, message);
      else this.#begun.delete(id);
    }
  }

  #goesOn(messageIds: ReadonlySet<string>): boolean {
    return [...messageIds].some((id) => this.#begun.has(id));
  }

  readonly #writeAnswersAhead = (): void => {
    for (const id of this.#answered) if (this.#chats.has(id)) this.#writeAhead(id);
    this.#answered.clear();
  };

  /** A failure is not told: the save that follows meets it too. */
  #writeAhead(id: string): void {
    if (!this.#events.isKept()) return;
    const unsaved = this.#chats.get(id);
    const written = this.#written?.id === id ? this.#written.messageIds : [];
    const messageIds = new Set([...written, ...(unsaved?.messageIds ?? [])]);
    const changes = unsaved && changesOf(unsaved.conversation, messageIds, this.#begun);
    this.#store.writeAhead(id, changes).catch(() => {});
  }

  #saveIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.save();
    }, delayMs);
  }

  readonly #saveWhenHidden = (): void => {
    // There may be no other task.
    this.#writeAnswersAhead();
    if (document.visibilityState === 'hidden' || this.#chats.size > 0) void this.save();
  };
}

function first<Key, Value>(map: ReadonlyMap<Key, Value>): [Key, Value] | undefined {
  return map.entries().next().value;
}
