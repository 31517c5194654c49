import type { Conversation, Message } from '../../chat/conversation.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import { changesOf } from '../../storage/chats/write-ahead-entry.ts';

/** Interval in which a streaming answer is saved and shown in other tabs. Newer text is written ahead. */
const SAVE_INTERVAL_MS = 2_000;
/** Interval of the retries after a failed save, such as one on a full disk. */
const RETRY_INTERVAL_MS = 5_000;

/** What the owner of the log reports to it, and hears of it. */
interface SaveEvents {
  isKept(): boolean;
  /** Whether changes can be stored after another try to open the store. */
  reopen(): Promise<boolean>;
  onSaved(id: string): void;
  /** Called when a chat cannot be saved because the user has deleted it, in another tab. The log has forgotten it. */
  onDeleted(id: string): void;
  /** Called after each save of all changes; undefined if everything is stored. */
  onOutcome(error: AlcoveError | undefined): void;
}

/** Holds unsaved changes, written ahead of the screen: no shown text is lost, however the page ends. */
export class WriteAheadLog {
  readonly #store: ChatStore;
  readonly #events: SaveEvents;
  readonly #chats = new Map<string, { conversation: Conversation; messageIds: Set<string> }>();
  /** The save that is under way. */
  #written: { readonly id: string; readonly messageIds: ReadonlySet<string>; isForgotten: boolean } | undefined;
  /** Answers that are still streaming, as they were last saved. */
  readonly #saved = new Map<string, Message>();
  /** Chats whose streaming answer is written ahead in the next task. */
  readonly #answered = new Set<string>();
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: ChatStore, events: SaveEvents) {
    this.#store = store;
    this.#events = events;
    document.addEventListener('visibilitychange', this.#saveWhenHidden);
    window.addEventListener('pagehide', this.#saveWhenHidden);
    // No save: one that a frozen page has started keeps the other tabs waiting until it continues.
    document.addEventListener('freeze', this.#writeAnswersAhead);
  }

  get(id: string): Conversation | undefined {
    return this.#chats.get(id)?.conversation;
  }

  /**
   * Takes the newest state of a conversation and the ids of its changed messages. Writes them ahead now or, with `soon`, in
   * the next task but before the next frame, because rendering a streaming answer already fills this task.
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

  /** Takes a newer state of a conversation, if the log holds it. */
  replace(conversation: Conversation): void {
    const known = this.#chats.get(conversation.id);
    if (known !== undefined) this.#chats.set(conversation.id, { ...known, conversation });
  }

  get ids(): string[] {
    return [...this.#chats.keys(), ...(this.#written === undefined ? [] : [this.#written.id])];
  }

  /** Drops the unsaved changes of a chat that was deleted, also those of a save that is under way and may fail. */
  forget(id: string): void {
    if (this.#written?.id === id) this.#written.isForgotten = true;
    else if (!this.#chats.has(id)) return;
    this.#chats.delete(id);
    this.#answered.delete(id);
    if (this.#events.isKept()) this.#store.writeAhead(id, undefined).catch(() => {});
  }

  /** Stores all changes. A failure is reported to `onOutcome` and retried, not thrown. */
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
    document.removeEventListener('freeze', this.#writeAnswersAhead);
    await this.save();
    clearTimeout(this.#timer);
  }

  async #saveAll(): Promise<void> {
    if (!this.#events.isKept() && !(await this.#events.reopen())) return;
    // Each pass takes one conversation; one that changes during its save gets another pass.
    for (let next = first(this.#chats); next !== undefined; next = first(this.#chats)) {
      const [id, { conversation, messageIds }] = next;
      // The save takes several tasks, so it must not be the only copy of the newest text.
      this.#writeAnswersAhead();
      this.#chats.delete(id);
      const written = { id, messageIds, isForgotten: false };
      this.#written = written;
      try {
        const isStored = await this.#store.save(conversation, messageIds);
        if (!isStored && !written.isForgotten) {
          this.forget(id);
          this.#events.onDeleted(id);
        }
        this.#written = undefined;
        if (written.isForgotten) continue;
        this.#noteSaved(conversation, messageIds);
        // During a streaming answer the next write-ahead replaces this entry anyway.
        if (!this.#chats.has(id) && !this.#isStreaming(messageIds)) this.#writeAhead(id);
        this.#events.onSaved(id);
      } catch (error) {
        this.#written = undefined;
        if (written.isForgotten) continue;
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
      if (message?.status === 'streaming') this.#saved.set(id, message);
      else this.#saved.delete(id);
    }
  }

  #isStreaming(messageIds: ReadonlySet<string>): boolean {
    return [...messageIds].some((id) => this.#saved.has(id));
  }

  readonly #writeAnswersAhead = (): void => {
    for (const id of this.#answered) if (this.#chats.has(id)) this.#writeAhead(id);
    this.#answered.clear();
  };

  /** Ignores a failure: the next save fails too and reports it. */
  #writeAhead(id: string): void {
    if (!this.#events.isKept()) return;
    const unsaved = this.#chats.get(id);
    const written = this.#written?.id === id ? this.#written.messageIds : [];
    const messageIds = new Set([...written, ...(unsaved?.messageIds ?? [])]);
    const changes = unsaved && changesOf(unsaved.conversation, messageIds, this.#saved);
    this.#store.writeAhead(id, changes).catch(() => {});
  }

  #saveIn(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.save();
    }, delayMs);
  }

  readonly #saveWhenHidden = (): void => {
    // The browser may run no further task of a hidden page.
    this.#writeAnswersAhead();
    if (document.visibilityState === 'hidden' || this.#chats.size > 0) void this.save();
  };
}

function first<Key, Value>(map: ReadonlyMap<Key, Value>): [Key, Value] | undefined {
  return map.entries().next().value;
}
