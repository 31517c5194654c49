import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { customElement } from '../lib/custom-element.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { baseStyles, dangerStyles } from './base.styles.ts';

/**
 * @summary A button for an action that cannot be undone: on click it asks for confirmation in its own place.
 * @event alcove-confirm The user confirmed the action.
 */
@customElement('alcove-confirm-button')
export class ConfirmButton extends LitElement {
  static override readonly styles = [
    baseStyles,
    dangerStyles,
    css`
      /* Its label is in line with the text above it. */
      :host(.alone) .ask {
        margin-inline-start: -11px;
      }

      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
      }

      span {
        font-size: var(--_text-s);
      }
    `,
  ];

  /** What the button does: "Delete". */
  @property() label = '';

  /** The question that asks for confirmation: "Delete 1.1 GB?" */
  /** What the button of the question does, where that is not the label: a cancel deletes. */
  @property() action = '';

  @property() question = '';

  @state() private isAsking = false;

  async #ask(isAsking: boolean): Promise<void> {
    this.isAsking = isAsking;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(isAsking ? '.keep' : '.ask')?.focus();
  }

  /** Keeps the focus here. If the action removes this button, the parent's FocusRestoreController moves the focus on. */
  #confirm(): void {
    void this.#ask(false);
    this.dispatchEvent(new Event('alcove-confirm'));
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (pressedKey(event) !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    void this.#ask(false);
  }

  override render(): TemplateResult {
    if (!this.isAsking) {
      return html`<button type="button" class="button quiet danger ask" @click=${() => this.#ask(true)}>${this.label}</button>`;
    }
    return html`<span role="alert" @keydown=${this.#onKeyDown}>${this.question}</span>
      <button type="button" class="button danger now" @click=${this.#confirm} @keydown=${this.#onKeyDown}>
        ${this.action || this.label}
      </button>
      <button type="button" class="button quiet keep" @click=${() => this.#ask(false)} @keydown=${this.#onKeyDown}>
        ${msg('Cancel')}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-confirm-button': ConfirmButton;
  }
  interface HTMLElementEventMap {
    'alcove-confirm': Event;
  }
}
