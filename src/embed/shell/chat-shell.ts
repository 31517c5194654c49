import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { INITIAL_STATE } from '../../session/state/session-state.ts';
import { baseStyles } from '../../ui/base/base.styles.ts';
import { chatFrameStyles } from '../../ui/base/chat-frame.styles.ts';
import { tokens } from '../../ui/base/tokens.ts';
import { chatHeader } from '../../ui/chat/chat-header.ts';
import type { Composer } from '../../ui/chat/composer.ts';
import { type ChatOptions, chatSlot, NO_OPTIONS } from '../../ui/contract/chat-options.ts';
import { ComposerSendEvent, PanelEvent } from '../../ui/contract/events.ts';
import { customElement } from '../../ui/lib/custom-element.ts';
import { nextTask } from '../../ui/lib/next-task.ts';
import '../../ui/chat/composer.ts';

/** A starter was chosen before the chat was there to send it. */
export class StarterEvent extends Event {
  static readonly eventName = 'alcove-starter';
  readonly text: string;

  constructor(text: string) {
    super(StarterEvent.eventName, { bubbles: true, composed: true });
    this.text = text;
  }
}

/**
 * @summary What a chat on another page shows before it is used: the parts of an empty chat, in the same places, and a composer
 *   to type in. It needs no session. The chat view takes its place, its text and its focus.
 * @slot gate - In place of the greeting: the offer of the download that has to come first.
 * @event alcove-composer-send
 * @event alcove-panel
 * @event alcove-starter
 */
@customElement('alcove-chat-shell')
export class ChatShell extends LitElement {
  static override readonly styles = [
    tokens,
    baseStyles,
    chatFrameStyles,
    css`
      .scroller > ::slotted([slot='gate']) {
        block-size: 100%;
      }

      .gated {
        overflow: clip;
        scrollbar-gutter: auto;
      }

      /* In a low element the download needs the room of the composer. */
      @container (max-height: 15em) {
        .gated + .foot {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) options: ChatOptions = NO_OPTIONS;

  /** The model that the page has chosen: whether its answers are computed on this device is known without a session. */
  @property({ attribute: false }) modelId: string | undefined;

  /** The slot `gate` is filled. */
  @property({ type: Boolean, attribute: false }) isGated = false;

  /** A message is sent when the chat is there. */
  @property({ type: Boolean, attribute: false }) isWaiting = false;

  /** The chat could not be loaded; its next use tries again. */
  @property({ type: Boolean, attribute: false }) hasFailed = false;

  /** Shows no greeting: a chat is about to be opened again. */
  @property({ type: Boolean, attribute: false }) isReopening = false;

  @query('alcove-composer') readonly composer?: Composer | null;

  /** Leaves the task in which the element around it is rendered. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await nextTask();
    return super.scheduleUpdate();
  }

  /** Focuses the composer, also right after the first render. */
  override focus(): void {
    void this.#focus();
  }

  async #focus(): Promise<void> {
    await this.updateComplete;
    await this.composer?.updateComplete;
    this.composer?.focus();
  }

  /** Puts a text into the composer, below what the user has typed; also right after the first render. */
  async fill(text: string): Promise<void> {
    await this.updateComplete;
    await this.composer?.updateComplete;
    this.composer?.addToDraft(text);
  }

  override render(): TemplateResult {
    const { options } = this;
    const state = { ...INITIAL_STATE, selectedModelId: this.modelId };
    return html`<div class="view">
      <header class="bar waiting" part="header">
        ${chatHeader(state, options, {
          onOpen: (panel) => this.dispatchEvent(new PanelEvent(panel)),
          // Its button is shown once the models are listed, which is in the chat view.
          onChooseModel: () => {},
        })}
      </header>
      <div class=${this.isGated ? 'scroller gated' : 'scroller'} role="region" aria-label=${msg('Conversation')}>
        ${this.isGated ? html`<slot name="gate"></slot>` : html`<div class="column" part="messages">${this.#renderGreeting()}</div>`}
      </div>
      <footer class="foot column">
        ${this.#renderNews()}
        ${
          options.isReadonly
            ? nothing
            : html`<alcove-composer
              exportparts="composer, field, send, stop"
              .placeholder=${options.placeholder ?? ''}
              ?disabled=${options.isDisabled}
              @alcove-composer-send=${({ text }: ComposerSendEvent) => this.dispatchEvent(new ComposerSendEvent(text))}
              >${chatSlot(options, 'composer-start', { into: 'start' })}
              ${chatSlot(options, 'composer-end', { into: 'end' })}</alcove-composer
            >`
        }
        ${chatSlot(options, 'footer')}
      </footer>
    </div>`;
  }

  #renderNews(): TemplateResult | typeof nothing {
    if (this.hasFailed) {
      return html`<p class="small" role="alert">
        ${msg('The chat could not be loaded. Check your connection, then try again.')}
      </p>`;
    }
    if (!this.isGated || !this.isWaiting) return nothing;
    return html`<p class="muted small" role="status">${msg('Your message is sent as soon as the model is ready.')}</p>`;
  }

  #renderGreeting(): TemplateResult | typeof nothing {
    if (this.isReopening) return nothing;
    const { greeting, starters = [], isDisabled, isReadonly } = this.options;
    const welcome = html`<h2 dir="auto" part="greeting">${greeting || msg('What would you like to know?')}</h2>
      <p class="muted small">${msg('A language model answers. It can make mistakes: check what matters.')}</p>`;
    const phrases =
      starters.length === 0 || isDisabled || isReadonly
        ? nothing
        : html`<div class="suggestions" part="starters">
          ${starters.map(
            (starter) =>
              html`<button type="button" class="button" part="starter" @click=${() => this.dispatchEvent(new StarterEvent(starter))}><bdi>${starter}</bdi></button>`,
          )}
        </div>`;
    return html`<div class="empty">
      ${chatSlot(this.options, 'welcome', { fallback: welcome })}
      ${chatSlot(this.options, 'starters', { fallback: phrases })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-shell': ChatShell;
  }
  interface HTMLElementEventMap {
    'alcove-starter': StarterEvent;
  }
}
