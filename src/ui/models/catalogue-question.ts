import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { allowHost, mayAsk } from '../../session/models/allowed-hosts.ts';
import { agree, askedCatalogueUrl, forgetAsked, isAgreed } from '../../session/models/catalogue-consent.ts';
import { baseStyles } from '../base/base.styles.ts';
import { textButton } from '../base/text-button.ts';
import { tokens } from '../base/tokens.ts';
import { customElement } from '../lib/custom-element.ts';

/**
 * Asks whether to use the catalogue that the page's URL names, unless the user has agreed to it before. Resolves with its
 * URL, or with undefined for the site's own. If the page must reload before it may connect to that host, it reloads, and
 * the promise stays pending.
 */
export async function askAboutCatalogue(): Promise<string | undefined> {
  const url = askedCatalogueUrl();
  if (url === undefined || isAgreed(url)) return url;
  const question = document.createElement('alcove-catalogue-question');
  question.url = url;
  document.body.append(question);
  const isWanted = await question.answer;
  question.remove();
  if (!isWanted) {
    forgetAsked();
    return undefined;
  }
  agree(url);
  if (mayAsk(url)) return url;
  allowHost(new URL(url).origin);
  location.reload();
  return new Promise(() => {});
}

/** @summary Asks whether to use the catalogue of another site that a link names. */
@customElement('alcove-catalogue-question')
export class CatalogueQuestion extends LitElement {
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      dialog {
        max-inline-size: min(32 * var(--_rem), calc(100vw - 32px));
        padding: 24px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        color: inherit;
        box-shadow: var(--_shadow);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }

      h2 {
        font-size: var(--_text-l);
        line-height: 1.3;
      }

      .body {
        display: grid;
        gap: 14px;
      }

      .origin {
        padding: 10px 14px;
        border-radius: var(--_radius);
        background: var(--_surface-sunken);
        font-family: var(--_font-mono);
        font-size: var(--_text-s);
        overflow-wrap: anywhere;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
      }
    `,
  ];

  @property({ attribute: false }) url = '';

  readonly #answered = Promise.withResolvers<boolean>();

  get answer(): Promise<boolean> {
    return this.#answered.promise;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.url === '') return nothing;
    const { origin } = new URL(this.url);
    return html`<dialog aria-labelledby="title" @cancel=${() => this.#answered.resolve(false)}>
      <div class="body">
        <h2 id="title">${msg('Use models from another site?')}</h2>
        <p>${msg('The link asks Alcove to use another catalogue of models, from:')}</p>
        <p class="origin">${origin}</p>
        <p class="small muted">
          ${msg(
            str`That site will see your request. It decides which models are offered and where their files come from; what you write still stays on this device. Continue only if you trust ${new URL(this.url).host}.`,
          )}
        </p>
        <div class="actions">
          <button type="button" class="button primary" autofocus @click=${() => this.#answered.resolve(false)}>
            ${msg('Keep this site’s models')}
          </button>
          ${textButton(msg('Use the other catalogue'), () => this.#answered.resolve(true))}
        </div>
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-catalogue-question': CatalogueQuestion;
  }
}
