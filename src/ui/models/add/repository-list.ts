import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RepositoryChoice, RepositoryListing } from '../../../session/models/add/repository.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { ErrorMessagesController } from '../../errors/error-messages-controller.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { fitLabel } from '../fit-labels.ts';
import { CheckpointSelectEvent } from './draft-events.ts';
import '../../base/icon.ts';
import '../../errors/notice.ts';

/**
 * @summary The GGUF files of a repository: quantization, size, whether each fits, and the recommended one.
 * @event alcove-checkpoint-select
 */
@customElement('alcove-repository-list')
export class RepositoryList extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }

      h2 {
        margin: 0;
        font-size: var(--_text-m);
        overflow-wrap: anywhere;
      }

      li {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 4px 12px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_border);
      }

      li strong {
        font-weight: 600;
      }

      .badge {
        display: block;
        color: var(--_accent-text);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      .path {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) listing: RepositoryListing | undefined;

  readonly #errorMessages = new ErrorMessagesController(this);

  override render(): TemplateResult | typeof nothing {
    const { listing } = this;
    if (listing === undefined) return nothing;
    return html`<h2>${listing.repo}</h2>
      ${
        listing.isGated
          ? html`<alcove-notice
            tone="warning"
            .error=${{ code: 'repo-gated', data: { repo: listing.repo, url: listing.pageUrl } }}
          ></alcove-notice>`
          : nothing
      }
      <p class="small muted">${this.#summary(listing)}</p>
      <ul>
        ${repeat(
          listing.choices,
          ({ paths }) => paths[0],
          (choice) => this.#renderChoice(choice, listing),
        )}
      </ul>
      <p class="small">
        <a href=${listing.pageUrl} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"
          >${msg('The repository’s page')}</a
        >
      </p>`;
  }

  #summary({ choices, incompleteCount, recommended }: RepositoryListing): string {
    const parts = [
      choices.length === 1 ? msg('One GGUF.') : msg(str`${formatNumber(choices.length)} GGUFs, smallest first.`),
      recommended === undefined && choices.length > 0 ? msg('None is certain to fit into this device’s memory.') : '',
      incompleteCount > 0 ? msg('Split models with missing parts are not listed.') : '',
    ];
    return parts.filter((part) => part !== '').join(' ');
  }

  #renderChoice(choice: RepositoryChoice, { recommended, isGated }: RepositoryListing): TemplateResult {
    const { record, sizeBytes, fileCount, paths, projector, fit } = choice;
    const { title, reason } = fitLabel(fit, this.#errorMessages, record.contextWindow);
    return html`<li>
      <div>
        <strong>${record.quantization}</strong>
        <span class="numbers">${formatBytes(sizeBytes)}</span>
        ${choice === recommended ? html`<span class="badge">${msg('Recommended for this device')}</span>` : nothing}
        <div class="small muted path">
          ${fileCount === 1 ? paths[0] : msg(str`${formatNumber(fileCount)} files: ${paths[0] ?? ''} …`)}
        </div>
        ${
          projector === undefined
            ? nothing
            : html`<div class="small muted path">
              ${msg(str`With ${projector.path} (${formatBytes(projector.sizeBytes)}), to read images`)}
            </div>`
        }
        <div class="small">${title}${reason === '' ? nothing : html`<span class="muted"> · ${reason}</span>`}</div>
      </div>
      <button
        type="button"
        class="button ${choice === recommended ? 'primary' : ''}"
        ?disabled=${isGated}
        aria-label=${msg(str`Review ${record.quantization}`)}
        @click=${() => this.dispatchEvent(new CheckpointSelectEvent(choice))}
      >
        ${msg('Review')}
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-repository-list': RepositoryList;
  }
}
