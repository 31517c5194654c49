import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { textButton } from '../base/text-button.ts';
import { PanelEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ChatActionEvent } from '../history/chat-action-event.ts';
import { performChatAction, type UndoOffer } from '../history/chat-actions.ts';
import { customElement } from '../lib/custom-element.ts';
import { saveFile } from '../lib/save-file.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import { writingIds } from '../models/model-labels.ts';
import '../errors/notice.ts';
import '../history/chat-list.ts';

type Action = (session: SessionLike) => Promise<void>;

/**
 * @summary The panel of past chats, where no app around the chat lists them: new chat, open, rename, delete and archive with
 *   undo, and saving all.
 * @event alcove-panel When a chat was opened.
 */
@customElement('alcove-past-chats')
export class PastChatsPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private error: AlcoveError | undefined;
  /** What was done last, while it can be undone here. */
  @state() private done: UndoOffer | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  async #perform(action: Action): Promise<void> {
    this.error = undefined;
    this.done = undefined;
    try {
      if (this.session !== undefined) await action(this.session);
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  #onAction(event: ChatActionEvent): Promise<void> {
    return this.#perform(async (session) => {
      if (event.action === 'open') {
        await session.chats.open(event.chatId);
        this.#close();
      } else {
        this.done = await performChatAction(session, event, (id) => session.chats.open(id));
      }
    });
  }

  #new(): void {
    this.session?.chats.new();
    this.#close();
  }

  #saveAll(): Promise<void> {
    return this.#perform(async (session) => {
      const { file } = await session.chats.transfer.exportAll();
      saveFile(`${msg('Chats')}.json`, file);
    });
  }

  #close(): void {
    this.dispatchEvent(new PanelEvent(undefined));
  }

  override render(): TemplateResult | typeof nothing {
    const { session, done } = this;
    if (session === undefined) return nothing;
    const { state, chats } = session;
    return html`<div>
        ${textButton(msg('New chat'), () => this.#new(), 'primary')}
        ${state.chats.length === 0 ? nothing : textButton(msg('Save all chats'), () => this.#saveAll(), 'quiet')}
      </div>
      <div role="status">
        ${done === undefined ? nothing : html`${done.message} ${textButton(msg('Undo'), () => this.#perform(done.undo), 'quiet')}`}
      </div>
      ${this.error === undefined ? nothing : html`<alcove-notice role="alert" .error=${this.error} without-action></alcove-notice>`}
      <alcove-chat-list
        .chats=${state.chats}
        .openChatId=${state.chat?.id}
        .writingIds=${writingIds(state)}
        .unreadIds=${state.unreadChatIds}
        .brokenIds=${state.brokenChatIds}
        .search=${state.storage.chats === 'stored' ? chats.search : undefined}
        @alcove-chat-action=${this.#onAction}
      ></alcove-chat-list>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-past-chats': PastChatsPanel;
  }
}
