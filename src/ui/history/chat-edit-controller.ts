import type { LitElement, ReactiveController } from 'lit';
import type { ConversationSummary } from '../../chat/conversation.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { ChatActionEvent } from './chat-action-event.ts';

/** Edits a chat's title or tags in its row. Enter and blur save; Escape cancels. */
export class ChatEditController implements ReactiveController {
  readonly #host: LitElement;
  #edited: { readonly id: string; readonly what: 'title' | 'tags' } | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Which field of the chat is being edited. */
  editedOf(id: string): 'title' | 'tags' | undefined {
    return this.#edited?.id === id ? this.#edited.what : undefined;
  }

  async start(id: string, what: 'title' | 'tags'): Promise<void> {
    this.#set({ id, what });
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLInputElement>('li input')?.select();
  }

  async end(event: Event, chat: ConversationSummary, isKept = true): Promise<void> {
    const what = this.editedOf(chat.id);
    if (what === undefined || !(event.target instanceof HTMLInputElement)) return;
    const value = event.target.value.trim();
    const hadFocus = event.type === 'keydown';
    this.#set(undefined);
    if (isKept && what === 'tags' && value !== chat.tags.join(', ')) this.#ask('tag', chat.id, value);
    if (isKept && what === 'title' && value !== '' && value !== chat.title) this.#ask('rename', chat.id, value);
    if (!hadFocus) return;
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(chat.id)}"] .chat`)?.focus();
  }

  onKeyDown(event: KeyboardEvent, chat: ConversationSummary): void {
    const key = pressedKey(event);
    if (key !== 'Enter' && key !== 'Escape') return;
    event.stopPropagation();
    // Else the same keypress would activate the row that gets the focus back.
    event.preventDefault();
    void this.end(event, chat, key === 'Enter');
  }

  #ask(action: 'tag' | 'rename', id: string, value: string): void {
    this.#host.dispatchEvent(new ChatActionEvent(action, id, { value }));
  }

  #set(edited: { readonly id: string; readonly what: 'title' | 'tags' } | undefined): void {
    this.#edited = edited;
    this.#host.requestUpdate();
  }
}
