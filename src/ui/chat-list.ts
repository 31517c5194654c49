import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ConversationSummary } from '../chat/conversation.ts';
import { baseStyles } from './base.styles.ts';
import { formatDayGroup } from './format.ts';
import './icon.ts';

/** Someone asks something of a chat in the list. */
export class ChatActionEvent extends Event {
  static readonly eventName = 'alcove-chat-action';
  readonly action: 'open' | 'rename' | 'delete';
  readonly chatId: string;
  /** For `rename`. */
  readonly title: string;

  constructor(action: ChatActionEvent['action'], chatId: string, title = '') {
    super(ChatActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.chatId = chatId;
    this.title = title;
  }
}

/**
 * @summary The chats by day, newest first; each can be opened, renamed in its place, and deleted.
 * @event alcove-chat-action
 */
@customElement('alcove-chat-list')
export class ChatList extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      h2 {
        padding: 16px 10px 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      li {
        position: relative;
        display: flex;
        align-items: center;
        border-radius: var(--_radius);
      }

      li:hover,
      li:has(.tool:focus-visible) {
        background: var(--_hover);
      }

      li.open {
        background: var(--_hover);
        font-weight: 550;
      }

      .chat {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 38px;
        padding: 4px 10px;
        border: 0;
        border-radius: var(--_radius);
        background: none;
        font-size: var(--_text-s);
        font-weight: inherit;
        text-align: start;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        cursor: pointer;
      }

      .tool {
        inline-size: 32px;
        block-size: 32px;
        font-size: 0.8125rem;
      }

      @media (hover: hover) {
        li:not(:hover, :focus-within) .tool {
          position: absolute;
          opacity: 0;
          pointer-events: none;
        }
      }

      @media (hover: none) {
        li:not(.open) .tool {
          display: none;
        }
      }

      @media (pointer: coarse) {
        .chat {
          min-block-size: 44px;
        }

        .tool {
          inline-size: 44px;
          block-size: 44px;
        }
      }

      input {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 38px;
        padding: 4px 9px;
        border: 1px solid var(--_accent);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        font-size: var(--_text-s);
      }

      .none {
        padding: 12px 10px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }
    `,
  ];

  @property({ attribute: false }) chats: readonly ConversationSummary[] = [];
  @property({ attribute: false }) openChatId: string | undefined;

  @state() private renamingId: string | undefined;

  async #startRename(id: string): Promise<void> {
    this.renamingId = id;
    await this.updateComplete;
    this.renderRoot.querySelector('input')?.select();
  }

  /** Enter and a click elsewhere keep the new name, Escape the old one. */
  async #endRename(event: Event, chat: ConversationSummary, isKept: boolean): Promise<void> {
    if (this.renamingId !== chat.id || !(event.target instanceof HTMLInputElement)) return;
    const title = event.target.value.trim();
    const hadFocus = event.type === 'keydown';
    this.renamingId = undefined;
    if (isKept && title !== '' && title !== chat.title)
      this.dispatchEvent(new ChatActionEvent('rename', chat.id, title));
    if (!hadFocus) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(chat.id)}"] .chat`)?.focus();
  }

  #onKeyDown(event: KeyboardEvent, chat: ConversationSummary): void {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.stopPropagation();
    // Or the name that gets the focus back would be pressed by the same key.
    event.preventDefault();
    void this.#endRename(event, chat, event.key === 'Enter');
  }

  override render(): TemplateResult {
    if (this.chats.length === 0) {
      return html`<p class="none">${msg('Your chats will be listed here. They are kept on this device only.')}</p>`;
    }
    const now = Date.now();
    const groups = Map.groupBy(this.chats, ({ updatedAt }) => formatDayGroup(updatedAt, now));
    return html`${[...groups].map(
      ([day, chats]) => html`<section aria-label=${day}>
        <h2>${day}</h2>
        <ul>
          ${repeat(
            chats,
            ({ id }) => id,
            (chat) => this.#renderChat(chat),
          )}
        </ul>
      </section>`,
    )}`;
  }

  #renderChat(chat: ConversationSummary): TemplateResult {
    const title = chat.title || msg('New chat');
    if (this.renamingId === chat.id) {
      return html`<li data-id=${chat.id}>
        <input
          aria-label=${msg('Name of the chat')}
          dir="auto"
          .value=${title}
          maxlength="200"
          @keydown=${(event: KeyboardEvent) => this.#onKeyDown(event, chat)}
          @blur=${(event: Event) => this.#endRename(event, chat, true)}
        />
      </li>`;
    }
    const isOpen = chat.id === this.openChatId;
    return html`<li data-id=${chat.id} class=${isOpen ? 'open' : ''}>
      <button
        type="button"
        class="chat"
        title=${title}
        aria-current=${isOpen ? 'page' : nothing}
        @click=${() => this.dispatchEvent(new ChatActionEvent('open', chat.id))}
      >
        <bdi>${title}</bdi>
      </button>
      <button
        type="button"
        class="icon-button tool"
        aria-label=${msg(str`Rename ${title}`)}
        title=${msg('Rename')}
        @click=${() => this.#startRename(chat.id)}
      >
        <alcove-icon name="pencil"></alcove-icon>
      </button>
      <button
        type="button"
        class="icon-button tool"
        aria-label=${msg(str`Delete ${title}`)}
        title=${msg('Delete')}
        @click=${() => this.dispatchEvent(new ChatActionEvent('delete', chat.id))}
      >
        <alcove-icon name="trash"></alcove-icon>
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-list': ChatList;
  }
  interface HTMLElementEventMap {
    'alcove-chat-action': ChatActionEvent;
  }
}
