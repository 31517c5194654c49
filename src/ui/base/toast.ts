import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from '../lib/custom-element.ts';
import { baseStyles } from './base.styles.ts';

/** How long a message is shown, in ms, unless the pointer or the focus is on it. */
const SHOWN_MS = 10_000;

/**
 * @summary A short message about what was just done, with an action such as "Undo". It disappears by itself, but not
 *   while the pointer or the focus is on it.
 * @event alcove-toast-action The user took the action.
 * @event alcove-toast-end The message timed out or was closed.
 */
@customElement('alcove-toast')
export class Toast extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        position: fixed;
        z-index: 3;
        /* Above the composer and its meter. */
        inset-block-end: 132px;
        inset-inline: 16px;
        display: flex;
        justify-content: center;
        pointer-events: none;
      }

      div {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-block: 6px;
        padding-inline: 16px 6px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        box-shadow: var(--_shadow);
        font-size: var(--_text-s);
        pointer-events: auto;
      }

      .button {
        color: var(--_accent-text);
        font-weight: 600;
      }
    `,
  ];

  /** Empty shows nothing. */
  @property() message = '';

  /** Label of the action: "Undo". Empty for none. */
  @property() action = '';

  /** Stays until the user answers. */
  @property({ type: Boolean }) lasting = false;

  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override updated(): void {
    this.#startTimer();
  }

  readonly #startTimer = (): void => {
    clearTimeout(this.#timer);
    if (this.message !== '' && !this.lasting) this.#timer = setTimeout(() => this.#end(), SHOWN_MS);
  };

  readonly #stopTimer = (): void => clearTimeout(this.#timer);

  #end(): void {
    this.dispatchEvent(new Event('alcove-toast-end'));
  }

  #act(): void {
    clearTimeout(this.#timer);
    this.dispatchEvent(new Event('alcove-toast-action'));
  }

  override render(): TemplateResult {
    return html`<section role="status">${
      this.message === ''
        ? nothing
        : html`<div
          @pointerenter=${this.#stopTimer}
          @pointerleave=${this.#startTimer}
          @focusin=${this.#stopTimer}
          @focusout=${this.#startTimer}
        >
          <span>${this.message}</span>
          ${
            this.action === ''
              ? nothing
              : html`<button type="button" class="button quiet" @click=${this.#act}>${this.action}</button>`
          }
          <button type="button" class="button quiet" @click=${this.#end}>${this.lasting ? msg('Later') : msg('Close')}</button>
        </div>`
    }</section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-toast': Toast;
  }
  interface HTMLElementEventMap {
    'alcove-toast-action': Event;
    'alcove-toast-end': Event;
  }
}
