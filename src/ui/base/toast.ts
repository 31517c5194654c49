import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from './base.styles.ts';

/** How long a message stands, unless it is pointed at or focused. */
const SHOWN_MS = 10_000;

/**
 * @summary A word about what was just done, with the way back. Goes by itself, but not while someone is on it.
 * @event alcove-toast-action The way back was taken.
 * @event alcove-toast-end It went, or was sent away.
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

  /** What is said; empty shows nothing. */
  @property() message = '';

  /** The way back: "Undo". Empty for none. */
  @property() action = '';

  /** Stays until it is answered. */
  @property({ type: Boolean }) lasting = false;

  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override updated(): void {
    this.#wait();
  }

  readonly #wait = (): void => {
    clearTimeout(this.#timer);
    if (this.message !== '' && !this.lasting) this.#timer = setTimeout(() => this.#end(), SHOWN_MS);
  };

  readonly #hold = (): void => clearTimeout(this.#timer);

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
          @pointerenter=${this.#hold}
          @pointerleave=${this.#wait}
          @focusin=${this.#hold}
          @focusout=${this.#wait}
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
