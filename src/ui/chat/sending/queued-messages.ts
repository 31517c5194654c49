import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../../base/base.styles.ts';
import { iconButton } from '../../base/icon-button.ts';
import { customElement } from '../../lib/custom-element.ts';
import { FocusRestoreController } from '../../lib/focus-restore-controller.ts';
import { partLabel } from '../../lib/part-label.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import '../../base/icon.ts';
import '../../base/view-icons.ts';

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

      .files {
        color: var(--_text-muted);
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

  @property({ attribute: false }) messages: readonly OutgoingMessage[] = [];

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
        ${this.messages.map(
          (message, index) => html`<li>
            ${renderText(message)}
            ${this.writing ? nothing : iconButton('arrow-up', msg('Send'), () => this.#act('send', index))}
            ${iconButton('pencil', msg('Edit'), () => this.#act('edit', index))}
            ${iconButton('close', msg('Remove'), () => this.#act('remove', index))}
          </li>`,
        )}
      </ul>`;
  }
}

/** The text, and before it the names of the files. */
function renderText({ text, attached }: OutgoingMessage): TemplateResult {
  const files = attached.map(partLabel).join(', ');
  const title = [files, text].join('\n').trim();
  const names = files === '' ? nothing : html`<bdi class="files">${files}</bdi> `;
  return html`<span class="text" dir="auto" title=${title}>${names}${text}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-queued-messages': QueuedMessages;
  }
  interface HTMLElementEventMap {
    'alcove-queue-action': QueueActionEvent;
  }
}
