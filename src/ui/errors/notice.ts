import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { NextStepEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import type { Describable } from './error-messages.ts';
import { ErrorMessagesController } from './error-messages-controller.ts';
import '../base/icon.ts';
import '../base/view-icons.ts';

/**
 * @summary Shows what happened, what it means, and a button for the next step.
 * @event alcove-next-step The user took the step; the parent knows what it refers to.
 * @slot More facts, shown under the meaning: "612 MB of 1.1 GB are safe."
 */
@customElement('alcove-notice')
export class Notice extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      div {
        display: grid;
        grid-template-columns: auto 1fr;
        column-gap: 12px;
        padding: 12px 16px 14px 14px;
        border-radius: var(--_radius);
        background: var(--_danger-soft);
        font-size: var(--_text-s);
        line-height: 1.5;
      }

      alcove-icon {
        margin-block-start: 2px;
        color: var(--_danger);
        font-size: var(--_rem);
      }

      div.warning {
        background: var(--_warning-soft);
      }

      .warning alcove-icon {
        color: var(--_warning);
      }

      strong {
        font-weight: 600;
      }

      p,
      slot,
      button {
        grid-column: 2;
      }

      .button {
        justify-self: start;
        margin-block-start: 10px;
      }

      @media (forced-colors: active) {
        div {
          border: 1px solid CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) error: Describable | undefined;

  /** `warning` for a state that is not a failure. */
  @property() tone: 'danger' | 'warning' = 'danger';

  /** The parent offers the next step itself. */
  @property({ type: Boolean, attribute: 'without-action' }) withoutAction = false;

  readonly #messages = new ErrorMessagesController(this);

  override render(): TemplateResult | typeof nothing {
    const message = this.error === undefined ? undefined : this.#messages.describe(this.error);
    if (this.error === undefined || message === undefined) return nothing;
    const { title, meaning, action } = message;
    return html`<div class=${this.tone} part="notice" data-code=${this.error.code}>
      <alcove-icon name=${this.tone === 'danger' ? 'circle-alert' : 'alert'}></alcove-icon>
      <strong>${title}</strong>
      <p>${meaning}</p>
      <slot></slot>
      ${
        action === undefined || this.withoutAction
          ? nothing
          : html`<button type="button" class="button" @click=${() => this.dispatchEvent(new NextStepEvent(action.step))}>
            ${action.label}
          </button>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-notice': Notice;
  }
}
