import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { baseStyles } from '../../base/base.styles.ts';
import { quietButton } from '../../base/text-button.ts';
import { customElement } from '../../lib/custom-element.ts';
import { rejectLongPaste } from '../../lib/paste-limit.ts';
import { pressedKey } from '../../lib/pressed-key.ts';

/** The user has ended the editing of a message. */
export class EditEndEvent extends Event {
  static readonly eventName = 'alcove-edit-end';
  /** The new text; undefined when the user cancelled. */
  readonly text: string | undefined;

  constructor(text: string | undefined) {
    super(EditEndEvent.eventName);
    this.text = text;
  }
}

/**
 * @summary Edits a message. Ctrl+Enter (or Cmd) saves the new text, Escape cancels.
 * @event alcove-edit-end
 */
@customElement('alcove-message-editor')
export class MessageEditor extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      textarea {
        display: block;
        inline-size: 100%;
        min-block-size: calc(4.5 * var(--_rem));
        max-block-size: 60cqb;
        padding: 10px 12px;
        border: 1px solid var(--_accent);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        line-height: 1.5;
        resize: vertical;
        field-sizing: content;
      }

      textarea:focus-visible {
        outline-offset: 0;
      }

      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
        gap: 8px;
        margin-block-start: 8px;
      }

      p {
        flex: 1 1 calc(18 * var(--_rem));
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.4;
      }
    `,
  ];

  @property({ attribute: false }) text = '';

  /** The message is the user's, which is sent again; an edited answer is only saved. */
  @property({ type: Boolean }) question = false;

  /** The message has files, and may do without a text. */
  @property({ type: Boolean, attribute: 'with-files' }) withFiles = false;

  @query('textarea') private readonly field?: HTMLTextAreaElement | null;

  override focus(): void {
    this.field?.focus();
  }

  #end(text: string | undefined): void {
    this.dispatchEvent(new EditEndEvent(text));
  }

  #keep(): void {
    const text = this.field?.value ?? '';
    if (text.trim() !== '' || this.withFiles) this.#end(text);
  }

  #onKeyDown(event: KeyboardEvent): void {
    const key = pressedKey(event);
    if (key === 'Escape') this.#end(undefined);
    else if (key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#keep();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render(): TemplateResult {
    return html`<textarea
        dir="auto"
        aria-label=${msg('New text of the message')}
        .value=${this.text}
        @beforeinput=${rejectLongPaste}
        @keydown=${this.#onKeyDown}
      ></textarea>
      <div>
        <p>${msg('The old text stays as the previous version.')}</p>
        ${quietButton(msg('Cancel'), () => this.#end(undefined))}
        <button type="button" class="button primary" @click=${this.#keep}>
          ${this.question ? msg('Send') : msg('Save')}
        </button>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-message-editor': MessageEditor;
  }
  interface HTMLElementEventMap {
    'alcove-edit-end': EditEndEvent;
  }
}
