import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { comparedAnswers } from '../../chat/comparison.ts';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { passagesRead } from '../../chat/prompt/read-passages.ts';
import { activePath, siblings } from '../../chat/tree.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { lazyElement } from '../base/lazy-element.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { isWrittenIn } from '../models/model-labels.ts';
import { isTestedIn, modelName, waitingFor } from './answer-status.ts';
import type { FindMatchEvent } from './find-in-page.ts';
import type { MessageView } from './message-view.ts';
import { SearchHighlight } from './search-highlight.ts';
import './message-view.ts';
import './find-in-page.ts';

/** Messages rendered when a chat is opened: more than a screen holds. */
const FIRST_COUNT = 24;
/** Messages added when the user scrolls near either end of those rendered. */
const STEP = 32;
/** From this many messages on, those out of view are left out of layout. */
const LONG_CHAT_MESSAGES = 40;
/** Distance from an end at which messages are added, in pixels. */
const LOAD_MARGIN_PX = 1_500;

/** A message, and how far its top is above the top of the view, in pixels. */
export interface ReadingPlace {
  readonly messageId: string;
  readonly above: number;
}

/**
 * @summary The messages of the active branch. Of a long branch, the newest are rendered first, and others when the user
 *   scrolls near them.
 * @event alcove-message-action
 * @slot message-actions - Beside the actions of the last answer.
 */
@customElement('alcove-conversation')
export class ConversationView extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      /* Blocks instead of a grid: a grid measures all rows again for each word that is added to the last message. */
      :host {
        display: block;
      }

      * + :not(alcove-find-in-page) {
        margin-block-start: 16px;
      }

      /* A question begins the next turn. */
      * + alcove-message[question] {
        margin-block-start: 36px;
      }

      .long {
        content-visibility: auto;
        contain-intrinsic-size: auto 12rem;
      }

      .origin {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }

      .end {
        block-size: 1px;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  /** Reads the documents of the chat. */
  @property({ attribute: false }) documents: SessionLike['chats']['documents'] | undefined;

  /** Reads the files of the chat. */
  @property({ attribute: false }) files: SessionLike['chats']['files'] | undefined;

  /** The user can read the messages, and neither change them nor ask for others. */
  @property({ type: Boolean }) readonly = false;

  /** The rendered range of the path; `to` is undefined for an open end, which includes new messages. */
  @state() private from = 0;
  @state() private to: number | undefined;

  #chat: Conversation | undefined;
  #path: readonly Message[] = [];
  #anchor: { readonly element: Element; readonly top: number } | undefined;
  #ends: IntersectionObserver | undefined;
  #highlight: SearchHighlight | undefined;

  get #scroller(): HTMLElement | null {
    return this.closest<HTMLElement>('.scroller');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ends?.disconnect();
    this.#ends = undefined;
    this.#highlight?.forget();
  }

  /** Renders a message, however far away, and scrolls to it, or to its first match. @param query to be highlighted */
  async showMessage(id: string, query = ''): Promise<void> {
    const element = await this.#renderRange(id);
    element?.focus({ preventScroll: true });
    this.#highlight?.forget();
    const scroller = this.#scroller;
    if (element === undefined || scroller === null || query === '') return;
    this.#highlight = new SearchHighlight(element.renderRoot, query, scroller);
  }

  /** Opens a rendered message for editing. */
  async editMessage(id: string): Promise<void> {
    await this.renderRoot.querySelector<MessageView>(`[data-id="${CSS.escape(id)}"]`)?.startEditing();
  }

  /** The first message in view. */
  get readingPlace(): ReadingPlace | undefined {
    const scroller = this.#scroller;
    if (scroller === null) return undefined;
    const { top } = scroller.getBoundingClientRect();
    const messages = [...this.renderRoot.querySelectorAll<MessageView>('alcove-message')];
    const first = messages.find((message) => message.getBoundingClientRect().bottom > top);
    const id = first?.message?.id;
    return first === undefined || id === undefined
      ? undefined
      : { messageId: id, above: top - first.getBoundingClientRect().top };
  }

  async showPlace({ messageId, above }: ReadingPlace): Promise<void> {
    const element = await this.#renderRange(messageId);
    if (element !== undefined) this.#scroller?.scrollBy({ top: above, behavior: 'instant' });
  }

  async #renderRange(id: string): Promise<MessageView | undefined> {
    const at = this.#path.findIndex((message) => message.id === id);
    if (at === -1) return undefined;
    if (at < this.from || at >= (this.to ?? this.#path.length)) {
      this.from = Math.max(0, at - STEP / 2);
      this.to = this.#boundedEnd(at + STEP);
    }
    await this.updateComplete;
    const element = this.renderRoot.querySelector<MessageView>(`[data-id="${CSS.escape(id)}"]`);
    element?.scrollIntoView({ block: 'start' });
    return element ?? undefined;
  }

  /** Renders the end of the path, if it is not in the rendered range. */
  showEnd(): void {
    if (this.to === undefined) return;
    this.to = undefined;
    this.from = Math.max(0, this.#path.length - FIRST_COUNT);
  }

  protected override willUpdate(): void {
    const chat = this.state?.chat;
    if (chat === undefined) {
      this.#path = [];
    } else if (chat !== this.#chat) {
      this.#path = activePath(chat);
      if (chat.id !== this.#chat?.id) {
        this.#highlight?.forget();
        this.from = Math.max(0, this.#path.length - FIRST_COUNT);
        this.to = undefined;
      }
      // The new branch may be shorter.
      this.from = Math.min(this.from, Math.max(0, this.#path.length - FIRST_COUNT));
    }
    this.#chat = chat;
  }

  protected override updated(_: PropertyValues<this>): void {
    this.#restoreScroll();
    this.#watchEnds();
  }

  #boundedEnd(to: number): number | undefined {
    return to >= this.#path.length ? undefined : to;
  }

  #watchEnds(): void {
    const root = this.#scroller;
    this.#ends?.disconnect();
    const ends = this.renderRoot.querySelectorAll('.end');
    if (root === null || ends.length === 0) return;
    this.#ends = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting) this.#extend(target.classList.contains('first') ? 'up' : 'down');
        }
      },
      { root, rootMargin: `${LOAD_MARGIN_PX}px 0px` },
    );
    for (const end of ends) this.#ends.observe(end);
  }

  #extend(direction: 'up' | 'down'): void {
    if (direction === 'down') {
      if (this.to !== undefined) this.to = this.#boundedEnd(this.to + STEP);
      return;
    }
    const element = this.renderRoot.querySelector('alcove-message');
    if (element !== null) this.#anchor = { element, top: element.getBoundingClientRect().top };
    this.from = Math.max(0, this.from - STEP);
  }

  /** Keeps the visible messages in place when messages are added above them. */
  #restoreScroll(): void {
    const { element, top } = this.#anchor ?? {};
    this.#anchor = undefined;
    const scroller = this.#scroller;
    if (element === undefined || top === undefined || scroller === null || !element.isConnected) return;
    scroller.scrollTop += element.getBoundingClientRect().top - top;
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    const chat = this.#chat;
    if (state === undefined || chat === undefined) return nothing;
    const path = this.#path;
    const compared = this.to === undefined ? comparedAnswers(chat) : undefined;
    const shown = path.slice(this.from, compared === undefined ? this.to : -1);
    const isBusy = isWrittenIn(state, chat.id);
    const hasRead = path.some(({ read }) => read !== undefined);
    const isBranched = chat.messages.size > path.length;
    return html`${this.from > 0 ? html`${this.#renderFindInPage(path.slice(0, this.from))}<div class="end first"></div>` : nothing}
      ${this.from === 0 && chat.forkedFrom !== undefined ? renderOrigin(chat.forkedFrom.title) : nothing}
      ${repeat(
        shown,
        // Siblings share a key, so that the focus stays on the button that switches between them.
        ({ parentId }) => `${chat.id}/${parentId}`,
        (message, index) => html`<alcove-message
          class=${path.length > LONG_CHAT_MESSAGES && index < shown.length - 1 ? 'long' : ''}
          exportparts="message, user, assistant, markdown, statistics"
          data-id=${message.id}
          .message=${message}
          .siblingIds=${siblings(chat, message.id).map(({ id }) => id)}
          .modelName=${modelName(state, message)}
          .waiting=${waitingFor(state, message)}
          ?testing=${isTestedIn(state, message)}
          .question=${state.toolQuestion}
          .passages=${hasRead && message.role === 'assistant' ? passagesRead(path.slice(0, this.from + index + 1)) : []}
          .documents=${this.documents}
          .files=${this.files}
          ?last=${this.from + index === path.length - 1}
          ?busy=${isBusy}
          ?readonly=${this.readonly}
          ?branched=${isBranched}
          >${
            this.from + index === path.length - 1 && message.role === 'assistant'
              ? html`<slot name="message-actions" slot="actions"></slot>`
              : nothing
          }</alcove-message
        >`,
      )}
      ${
        compared === undefined
          ? nothing
          : html`<alcove-compared-answers
            ${lazyElement(() => import('./compare/compare-views.ts'))}
            .state=${state}
            .answers=${compared}
            .earlier=${path.slice(0, -1)}
            .documents=${this.documents}
            ?readonly=${this.readonly}
          ></alcove-compared-answers>`
      }
      ${this.to === undefined ? nothing : html`<div class="end last"></div>${this.#renderFindInPage(path.slice(this.to))}`}`;
  }

  #renderFindInPage(messages: readonly Message[]): TemplateResult {
    return html`<alcove-find-in-page
      .messages=${messages}
      @alcove-find-match=${({ messageId }: FindMatchEvent) => this.#renderRange(messageId)}
    ></alcove-find-in-page>`;
  }
}

function renderOrigin(title: string): TemplateResult {
  return html`<p class="origin">${msg(str`Started from “${title}”.`)}</p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-conversation': ConversationView;
  }
}
