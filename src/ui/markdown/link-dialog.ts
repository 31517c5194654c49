import { msg } from '@lit/localize';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { linkDialogStyles } from './link-dialog.styles.ts';

/** @summary Asks before it opens a link that can exfiltrate text: shows the whole URL and the host that receives it. */
@customElement('alcove-link-dialog')
export class LinkDialog extends LitElement {
  static override readonly styles = [baseStyles, linkDialogStyles];

  /** The URL, which the caller has checked: http, https or mailto. */
  @property() href = '';

  /** The URL contains words that the user wrote in this chat. */
  @property({ type: Boolean }) repeatsUserText = false;

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  /** Opens the modal dialog. Escape closes it, and the browser returns the focus to the link. */
  async show(): Promise<void> {
    await this.updateComplete;
    this.dialog?.showModal();
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
            : msg('It carries more than an address needs, and could hold parts of this chat.')
        }
        ${msg(html`Everything in it goes to <strong>${recipient}</strong>.`)}
      </p>
      <pre tabindex="0" role="group" aria-label=${msg('The whole address')}><code>${this.href}</code></pre>
      <div class="buttons">
        <button type="button" class="button primary" autofocus @click=${this.#close}>${msg('Stay here')}</button>
        <a
          class="button"
          href=${this.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          referrerpolicy="no-referrer"
          @click=${this.#close}
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
