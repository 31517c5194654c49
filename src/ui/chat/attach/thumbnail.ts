import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { baseStyles } from '../../base/base.styles.ts';
import { iconButton } from '../../base/icon-button.ts';
import { customElement } from '../../lib/custom-element.ts';

/** @summary A small picture of an attached one; a click shows it as large as the page. */
@customElement('alcove-thumbnail')
export class Thumbnail extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      .thumbnail {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        padding: 0;
        border: 0;
        border-radius: inherit;
        overflow: hidden;
        background: var(--_surface-sunken);
        cursor: zoom-in;
      }

      .thumbnail:focus-visible {
        outline-offset: -2px;
      }

      img {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        object-fit: cover;
      }

      dialog {
        position: fixed;
        max-inline-size: calc(100vi - 24px);
        max-block-size: calc(100dvb - 24px);
        margin: auto;
        padding: 0;
        border: 0;
        border-radius: var(--_radius);
        overflow: visible;
        background: none;
      }

      dialog img {
        inline-size: auto;
        block-size: auto;
        max-inline-size: calc(100vi - 24px);
        max-block-size: calc(100dvb - 24px);
        border-radius: inherit;
        object-fit: contain;
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 70%);
      }

      dialog .icon-button {
        position: absolute;
        inset-block-start: 8px;
        inset-inline-end: 8px;
        background: var(--_surface-raised);
        color: var(--_text);
        box-shadow: var(--_shadow);
      }
    `,
  ];

  @property({ attribute: false }) picture: Blob | undefined;

  /** Of the file. */
  @property() name = '';

  @state() private isOpen = false;

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  #url: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#show(this.picture);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show(undefined);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('picture')) this.#show(this.picture);
  }

  protected override updated(): void {
    if (this.isOpen && this.dialog?.open === false) this.dialog.showModal();
  }

  /** The browser keeps a Blob as long as it has an address. */
  #show(picture: Blob | undefined): void {
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = picture === undefined ? undefined : URL.createObjectURL(picture);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#url === undefined) return nothing;
    return html`<button
        type="button"
        class="thumbnail"
        aria-haspopup="dialog"
        title=${this.name}
        aria-label=${msg(str`Show ${this.name} larger`)}
        @click=${() => {
          this.isOpen = true;
        }}
      >
        <img src=${this.#url} alt="" />
      </button>
      ${
        this.isOpen
          ? html`<dialog
            aria-label=${this.name}
            @close=${() => {
              this.isOpen = false;
            }}
            @click=${() => this.dialog?.close()}
            @keydown=${(event: Event) => event.stopPropagation()}
          >
            <img src=${this.#url} alt=${this.name} />
            ${iconButton('close', msg('Close'), () => this.dialog?.close())}
          </dialog>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-thumbnail': Thumbnail;
  }
}
