import type { ChatStore } from '../../storage/chats/chat-store.ts';

/** After the last key; what is typed in between is written when the page is hidden. */
const WRITE_DELAY_MS = 400;

/**
 * What is typed and not sent, for each chat, over reloads. A store that fails keeps nothing, and nobody is troubled for
 * it: the text is still in the field.
 */
export class ChatDrafts {
  readonly #store: ChatStore;
  /** Whether the draft of a chat that has not begun is kept: two elements on one page would share it. */
  readonly #keepsNew: boolean;
  readonly #texts = new Map<string, string>();
  readonly #unwritten = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: ChatStore, keepsNew: boolean) {
    this.#store = store;
    this.#keepsNew = keepsNew;
    document.addEventListener('visibilitychange', this.#writeAll);
    window.addEventListener('pagehide', this.#writeAll);
  }

  /** @param chatId undefined for a chat that has not begun */
  async read(chatId: string | undefined): Promise<string> {
    const known = this.#texts.get(chatId ?? '');
    if (known !== undefined || !this.#isKept(chatId)) return known ?? '';
    return this.#store.readDraft(chatId ?? '').catch(() => '');
  }

  write(chatId: string | undefined, text: string): void {
    this.#texts.set(chatId ?? '', text);
    if (!this.#isKept(chatId)) return;
    this.#unwritten.add(chatId ?? '');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#writeAll, WRITE_DELAY_MS);
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.#writeAll);
    window.removeEventListener('pagehide', this.#writeAll);
    this.#writeAll();
  }

  readonly #writeAll = (): void => {
    clearTimeout(this.#timer);
    for (const id of this.#unwritten) {
      this.#store.writeDraft(id, this.#texts.get(id) ?? '', Date.now()).catch(() => {});
    }
    this.#unwritten.clear();
  };

  #isKept(chatId: string | undefined): boolean {
    return chatId !== undefined || this.#keepsNew;
  }
}
