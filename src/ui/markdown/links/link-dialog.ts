import { msg } from '@lit/localize';
import { html, LitElement, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { baseStyles } from '../../base/base.styles.ts';
import { customElement } from '../../lib/custom-element.ts';
import { pressedKey } from '../../lib/pressed-key.ts';
import { linkDialogStyles } from './link-dialog.styles.ts';
import { prepareLink, setReady } from './links.ts';

/** @summary Asks before it opens a link that can exfiltrate text: shows the whole URL and the host that receives it. */
@customElement('alcove-link-dialog')
export class LinkDialog extends LitElement {
  static override readonly styles = [baseStyles, linkDialogStyles];

  /** The URL, which the caller has checked: http, https or mailto. */
  @property() href = '';

  /** The URL contains words that the user wrote in this chat. */
  @property({ type: Boolean }) repeatsUserText = false;

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  @query('a') private readonly link?: HTMLAnchorElement | null;

  /** Opens the modal dialog. Escape closes it, and the browser returns the focus to the link. */
  async show(): Promise<void> {
    await this.updateComplete;
    this.dialog?.showModal();
  }

  protected override updated(): void {
    if (this.link) prepareLink(this.link, this.href);
  }

  #onOpen(): void {
    if (this.link) setReady(this.link, true);
    this.#close();
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (pressedKey(event) !== 'Enter') return;
    event.preventDefault();
    this.link?.click();
  }

  #close(): void {
    this.dialog?.close();
  }

  override render(): TemplateResult {
    const url = URL.parse(this.href);
    const isMail = url?.protocol === 'mailto:';
    const recipient = isMail ? decodeURI(url?.pathname ?? '') : (url?.host ?? '');
    return html`<dialog aria-label=${isMail ? msg('Open this message?') : msg('Open this link?')} @close=${() => this.remove()}>
      <h2>${isMail ? msg('Open this message?') : msg('Open this link?')}</h2>
      <p>
        ${
          this.repeatsUserText
            ? msg('It contains text that you wrote in this chat.')
            : msg('It is longer than an address needs to be, and could contain parts of this chat.')
        }
        ${msg(html`All of it is sent to <strong>${recipient}</strong>.`)}
      </p>
      <pre tabindex="0" role="group" aria-label=${msg('The whole address')}><code>${this.href}</code></pre>
      <div class="buttons">
        <button type="button" class="button primary" autofocus @click=${this.#close}>${msg('Stay here')}</button>
        <a
          class="button"
          @click=${this.#onOpen}
          @keydown=${this.#onKeyDown}
          >${msg('Open')}</a
        >
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-link-dialog': LinkDialog;
  }
}
