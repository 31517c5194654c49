import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import '../base/icon.ts';
import '../base/view-icons.ts';

export class QueueActionEvent extends Event {
  static readonly eventName = 'alcove-queue-action';
  readonly action: 'send' | 'edit' | 'remove';
  readonly index: number;

  constructor(action: QueueActionEvent['action'], index: number) {
    super(QueueActionEvent.eventName);
    this.action = action;
    this.index = index;
  }
}

/**
 * @summary The messages that will be sent next, above the composer.
 * @event alcove-queue-action
 */
@customElement('alcove-queued-messages')
export class QueuedMessages extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .note {
        padding-inline: 2px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }

      li {
        display: flex;
        align-items: center;
        margin-block-start: 4px;
        padding-inline-start: 14px;
        border: 1px dashed var(--_border-strong);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        font-size: var(--_text-s);
      }

      .text {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) texts: readonly string[] = [];

  /** An answer is being written; the first message is sent when it has ended. */
  @property({ type: Boolean }) writing = false;

  constructor() {
    super();
    new FocusRestoreController(this, 'button');
  }

  #act(action: QueueActionEvent['action'], index: number): void {
    this.dispatchEvent(new QueueActionEvent(action, index));
  }

  override render(): TemplateResult {
    return html`<p class="note" role="status">
        ${this.writing ? msg('Will be sent after this answer') : msg('Not sent yet')}
      </p>
      <ul aria-label=${msg('Next messages')}>
        ${this.texts.map(
          (text, index) => html`<li>
            <span class="text" dir="auto" title=${text}>${text}</span>
            ${this.writing ? nothing : iconButton('arrow-up', msg('Send'), () => this.#act('send', index))}
            ${iconButton('pencil', msg('Edit'), () => this.#act('edit', index))}
            ${iconButton('close', msg('Remove'), () => this.#act('remove', index))}
          </li>`,
        )}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-queued-messages': QueuedMessages;
  }
  interface HTMLElementEventMap {
    'alcove-queue-action': QueueActionEvent;
  }
}
