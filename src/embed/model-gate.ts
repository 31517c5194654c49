import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { hostsOf } from '../models/catalogue/hosts-of.ts';
import type { ModelEntry, WeightsState } from '../session/state/session-state.ts';
import { baseStyles } from '../ui/base/base.styles.ts';
import { lazyElement } from '../ui/base/lazy-element.ts';
import { tokens } from '../ui/base/tokens.ts';
import { customElement } from '../ui/lib/custom-element.ts';
import { catalogueNote } from '../ui/models/catalogue-notes.ts';
import { sizeLabel } from '../ui/models/model-labels.ts';

export type DownloadOffer = 'checking' | 'offered' | 'withheld';

/**
 * @summary The card that is shown instead of the chat while the model is not stored: what would be downloaded and from
 *   where, and the progress of the download.
 * @slot - Above the button.
 * @event alcove-model-action Cancelable: the user starts, pauses or cancels the download.
 */
@customElement('alcove-model-gate')
export class ModelGate extends LitElement {
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      :host {
        display: grid;
        align-items: center;
        justify-items: center;
        overflow: auto;
        padding: var(--_padding) var(--_padding) 0;
        background: var(--_surface);
        color: var(--_text);
        container-type: size;
        box-sizing: border-box;

        --_padding: 24px;
      }

      /* Not a grid: a sticky element stays inside its grid row. */
      section {
        display: flex;
        flex-direction: column;
        gap: 16px;
        inline-size: min(100%, 26 * var(--_rem));
      }

      section > :last-child:not(.offer) {
        margin-block-end: var(--_padding);
      }

      h2 {
        font-size: var(--_text-l);
        line-height: 1.3;
      }

      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 4px 16px;
        font-size: var(--_text-s);
      }

      dd {
        overflow-wrap: anywhere;
      }

      /* The primary action stays in view, however small the element is. */
      .offer {
        position: sticky;
        inset-block-end: 0;
        padding-block: 12px var(--_padding);
        background: var(--_surface);
      }

      /* What is scrolled below it fades. */
      .offer::before {
        position: absolute;
        inset: auto 0 100%;
        block-size: 20px;
        background: linear-gradient(to top, var(--_surface), transparent);
        content: '';
        pointer-events: none;
      }

      @container (max-width: 20.7em) {
        section {
          gap: 12px;
        }

        p {
          font-size: var(--_text-s);
          line-height: 1.5;
        }
      }
    `,
  ];

  @property({ attribute: false }) entry: ModelEntry | undefined;

  /** `offered` when the host page has not refused the download; `withheld` when it has. */
  @property({ attribute: false }) offer: DownloadOffer = 'checking';

  /** Nothing may be stored: the model lasts as long as the page. */
  @property({ type: Boolean, attribute: false }) inMemory = false;

  override render(): TemplateResult | typeof nothing {
    if (this.entry === undefined) return nothing;
    const { record, fit } = this.entry;
    return html`
      <section aria-labelledby="name" part="gate">
        <h2 id="name">${record.name}</h2>
        <p>
          ${
            this.inMemory
              ? msg(
                  'This language model runs on your own device: what you write stays here. This page may not store anything in your browser, so the model and the chat are only kept until you close or reload the page.',
                )
              : msg(
                  'This language model runs on your own device: what you write stays here. It is downloaded once and kept in this browser.',
                )
          }
        </p>
        ${record.note === undefined ? nothing : html`<p class="muted small" dir="auto">${catalogueNote(record)}</p>`}
        <slot></slot>
        <dl>
          <dt class="muted">${msg('Size')}</dt>
          <dd>${sizeLabel(record) ?? msg('shown when the download starts')}</dd>
          <dt class="muted">${msg('Licence')}</dt>
          <dd><a href=${record.licence.url} target="_blank" rel="noopener noreferrer">${record.licence.name}</a></dd>
          <dt class="muted">${msg('By')}</dt>
          <dd>${record.maker}</dd>
          <dt class="muted">${msg('From')}</dt>
          <dd>${hostsOf(record).join(', ')}</dd>
        </dl>
        ${
          fit.status === 'cannot-run'
            ? html`<alcove-notice .error=${fit} without-action></alcove-notice>`
            : this.#renderOffer(this.entry)
        }
      </section>
    `;
  }

  #renderOffer(entry: ModelEntry): TemplateResult {
    switch (this.offer) {
      case 'checking':
        return html`<p class="muted small">${msg('Checking this device…')}</p>`;
      case 'withheld':
        return html`<p class="muted small">${msg('This page has not approved the download yet.')}</p>`;
      case 'offered':
        return html`<alcove-download
          ${lazyElement(() => import('../ui/models/download-progress.ts'))}
          class=${isShort(entry.weights) ? 'offer' : ''}
          exportparts="download"
          .entry=${entry}
        ></alcove-download>`;
    }
  }
}

/** Whether the status fits a small element: it has no error message. */
function isShort(weights: WeightsState): boolean {
  if (weights.status === 'paused') return weights.download.error === undefined;
  return weights.status === 'absent' || weights.status === 'evicted' || weights.status === 'downloading';
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-gate': ModelGate;
  }
}
