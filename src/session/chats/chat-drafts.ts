import { type MessagePart, type OtherPart, otherParts, textOf, withText } from '../../chat/message-parts.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';

/** Delay of a write after the last key. A hidden page writes at once. */
const WRITE_DELAY_MS = 400;

/** Keeps each chat's unsent text, and what is attached to it, over reloads. If the store fails, it is lost with the tab, and no error is shown. */
export class ChatDrafts {
  readonly #store: ChatStore | undefined;
  /** Whether the draft for a new chat is stored: two elements on one page would share it. */
  readonly #keepsNew: boolean;
  /** Whether a chat was deleted: what was typed into it is not stored again. */
  readonly #isDeleted: (chatId: string) => boolean;
  readonly #onPause: (chatId: string, text: string) => void;
  readonly #drafts = new Map<string, readonly MessagePart[]>();
  /** Drafts as they were last read: what is attached to one stays when its text changes. */
  readonly #stored = new Map<string, readonly MessagePart[]>();
  readonly #unwritten = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param store undefined if nothing is kept
   * @param onPause called when the user has typed into a chat and pauses
   */
  constructor(
    store: ChatStore | undefined,
    keepsNew: boolean,
    isDeleted: (chatId: string) => boolean = () => false,
    onPause: (chatId: string, text: string) => void = () => {},
  ) {
    this.#isDeleted = isDeleted;
    this.#store = store;
    this.#onPause = onPause;
    this.#keepsNew = keepsNew;
    document.addEventListener('visibilitychange', this.#writeAll);
    window.addEventListener('pagehide', this.#writeAll);
  }

  /** @param chatId undefined for a new chat */
  async read(chatId: string | undefined): Promise<string> {
    const id = chatId ?? '';
    const known = this.#drafts.get(id);
    if (known !== undefined || !this.#isKept(chatId)) return textOf({ parts: known ?? [] });
    const parts = (await this.#store?.readDraft(id).catch(() => undefined)) ?? [];
    this.#stored.set(id, parts);
    return textOf({ parts });
  }

  /** What is attached to the draft. */
  async readAttached(chatId: string | undefined): Promise<readonly OtherPart[]> {
    await this.read(chatId);
    return otherParts({ parts: this.#partsOf(chatId ?? '') });
  }

  /** Sets what is attached to the draft. Resolves when it is stored; never rejects. */
  async attach(chatId: string | undefined, attached: readonly OtherPart[]): Promise<void> {
    const id = chatId ?? '';
    this.#drafts.set(id, withText(attached, textOf({ parts: this.#partsOf(id) })));
    if (this.#isKept(chatId)) this.#unwritten.add(id);
    await this.#writeAll();
  }

  /** @param attached default: what is attached already */
  write(chatId: string | undefined, text: string, attached?: readonly OtherPart[]): void {
    const id = chatId ?? '';
    this.#drafts.set(id, withText(attached ?? this.#partsOf(id), text));
    if (!this.#isKept(chatId)) return;
    this.#unwritten.add(id);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#writeAll();
      if (chatId !== undefined && text !== '') this.#onPause(chatId, text);
    }, WRITE_DELAY_MS);
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.#writeAll);
    window.removeEventListener('pagehide', this.#writeAll);
    void this.#writeAll();
  }

  #partsOf(id: string): readonly MessagePart[] {
    return this.#drafts.get(id) ?? this.#stored.get(id) ?? [];
  }

  readonly #writeAll = async (): Promise<void> => {
    clearTimeout(this.#timer);
    const ids = [...this.#unwritten].filter((id) => !this.#isDeleted(id));
    this.#unwritten.clear();
    if (ids.length === 0) return;
    const drafts = new Map(ids.map((id) => [id, this.#drafts.get(id) ?? []]));
    await this.#store?.writeDrafts(drafts, Date.now()).catch(() => {});
  };

  #isKept(chatId: string | undefined): boolean {
    return chatId !== undefined || this.#keepsNew;
  }
}
