import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { canRun, fittedRecord } from '../../models/fit/fit-result.ts';
import { isExternal, type ModelRecord, UNKNOWN_LICENCE, UNKNOWN_MAKER } from '../../models/model-record.ts';
import type { ModelEntry, WeightsState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { type ModelAction, ModelActionEvent } from '../contract/events.ts';
import { ErrorMessagesController } from '../errors/error-messages-controller.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { formatBytes, formatDaysAgo, formatParameters } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { modelNote } from './catalogue-notes.ts';
import { contextSize } from './context/context-size.ts';
import { fitBadgeStyles, renderFitBadge } from './fit-badge.ts';
import { fitLabel, paceLabel } from './fit-labels.ts';
import { modelCardStyles } from './model-card.styles.ts';
import { engineLabel } from './model-facts.ts';
import { sizeLabel } from './model-labels.ts';
import { deletionQuestion } from './storage-facts.ts';
import '../base/confirm-button.ts';
import './download-progress.ts';
import '../base/icon.ts';

/**
 * @summary A card for one model: description, fit, download or storage state, and actions.
 * @event alcove-model-action Cancelable.
 * @csspart card
 */
@customElement('alcove-model-card')
export class ModelCard extends LitElement {
  static override readonly styles = [baseStyles, fitBadgeStyles, modelCardStyles];

  @property({ attribute: false }) entry: ModelEntry | undefined;

  /** The model is selected: the next message goes to it. */
  @property({ type: Boolean }) selected = false;

  @property({ type: Boolean }) featured = false;

  /** Shows only description and download; the model list shows the rest. */
  @property({ type: Boolean }) compact = false;

  /** Adds the menu with more actions, which only the app has. */
  @property({ type: Boolean, attribute: 'with-menu' }) withMenu = false;

  @property() badge = '';

  readonly #errorMessages = new ErrorMessagesController(this);

  constructor() {
    super();
    new FocusRestoreController(this, '.actions button, h3');
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  #ask(action: ModelAction): void {
    if (this.entry !== undefined) this.dispatchEvent(new ModelActionEvent(action, this.entry.record.id));
  }

  override render(): TemplateResult | typeof nothing {
    if (this.entry === undefined) return nothing;
    const { record } = this.entry;
    return html`<article part="card" class=${this.featured ? 'featured' : ''} aria-label=${record.name}>
      ${this.badge === '' ? nothing : html`<p class="badge">${this.badge}</p>`}
      <header>
        <h3 tabindex="-1">${record.name}</h3>
        ${record.maker === UNKNOWN_MAKER || record.source.kind === 'custom-server' ? nothing : html`<span class="muted small">${record.maker}</span>`}
      </header>
      ${modelNote(record) === undefined ? nothing : html`<p class="small" dir="auto">${modelNote(record)}</p>`} ${this.#renderFitBadge(this.entry)}
      ${this.compact || isExternal(record) ? nothing : this.#renderFacts(this.entry)}
      ${
        this.entry.weights.status === 'stored'
          ? this.#renderStored(this.entry, this.entry.weights)
          : html`<alcove-download ?quiet=${!this.featured} .entry=${this.entry}></alcove-download>`
      }
      ${
        // Parents that set `with-menu` load the element.
        this.withMenu ? html`<alcove-model-menu .entry=${this.entry}></alcove-model-menu>` : nothing
      }
    </article>`;
  }

  #renderFacts({ record, fit, weights }: ModelEntry): TemplateResult {
    const isStored = weights.status === 'stored' && weights.sizeBytes > 0;
    const size = isStored ? formatBytes(weights.sizeBytes) : sizeLabel(record);
    return html`<div class="facts">
      <ul class="numbers">
        ${size === undefined ? nothing : html`<li>${size}</li>`}
        ${factLabels(fittedRecord(record, fit)).map((fact) => html`<li>${fact}</li>`)}
        <li
          >${
            record.licence.name === UNKNOWN_LICENCE
              ? msg('licence unknown')
              : html`<a href=${record.licence.url} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"
            >${record.licence.name}<span class="visually-hidden"> ${msg('(licence, opens in a new tab)')}</span></a
          >`
          }</li
        >
      </ul>
    </div>`;
  }

  /** Of a model on a server its section says where it runs. */
  #renderFitBadge({ fit, record }: ModelEntry): TemplateResult | typeof nothing {
    if (isExternal(record)) return nothing;
    const label = fitLabel(fit, this.#errorMessages, record.contextWindow);
    // The toy model's speed does not matter.
    if (this.compact && (label.tone === 'good' || label.tone === 'fair')) return nothing;
    return renderFitBadge(
      label,
      canRun(fit) && fit.reason.kind === 'speed' ? paceLabel(fit.estimate.speed) : undefined,
    );
  }

  #renderStored(
    { fit, record }: ModelEntry,
    {
      sizeBytes,
      lastUsedAt,
      verifiedAt,
      isOnlySelfVerified,
      isOnDisk,
      hasNewLibrary,
    }: WeightsState & { readonly status: 'stored' },
  ): TemplateResult {
    const now = Date.now();
    const history = [
      lastUsedAt === undefined ? msg('Not used yet') : msg(str`Used ${formatDaysAgo(lastUsedAt, now)}`),
      ...(verifiedAt === undefined ? [] : [msg(str`checked ${formatDaysAgo(verifiedAt, now)}`)]),
      ...(isOnlySelfVerified ? [msg('from a model file, checked only against the hashes in that file')] : []),
      engineLabel(record),
    ];
    return html`${hasNewLibrary ? this.#renderNewLibrary() : nothing}
    <div class="actions controls">
      <button
        type="button"
        class="button ${this.selected ? 'primary' : ''}"
        ?disabled=${fit.status === 'cannot-run'}
        @click=${() => this.#ask('chat')}
      >
        ${msg('Start chatting')}
      </button>
      ${this.selected ? html`<span class="in-use"><alcove-icon name="check"></alcove-icon>${msg('Selected')}</span>` : nothing}
      ${
        sizeBytes === 0 || isOnDisk
          ? nothing
          : html`<div class="controls ghosts">
            <button type="button" class="button quiet" @click=${() => this.#ask('verify')}>${msg('Check files')}</button>
            <alcove-confirm-button
              label=${msg('Delete')}
              question=${sentences(msg(str`Free ${formatBytes(sizeBytes)}?`), deletionQuestion(record))}
              @alcove-confirm=${() => this.#ask('delete')}
            ></alcove-confirm-button>
          </div>`
      }
    </div>
    ${isOnDisk ? html`<p class="muted small">${msg('Opened in place from your disk')}</p>` : nothing}
    ${sizeBytes === 0 || isOnDisk ? nothing : html`<p class="muted small">${history.join(' · ')}</p>`}`;
  }

  #renderNewLibrary(): TemplateResult {
    return html`<p class="library small">
      <span>
        ${msg('A newer compiled library is available for this model. The weights stay unchanged.')}
      </span>
      <button type="button" class="button" @click=${() => this.#ask('download')}>
        <alcove-icon name="download"></alcove-icon>${msg('Update the library')}
      </button>
    </p>`;
  }
}

/** Facts about a model besides its size: `2 billion parameters`, `8K context`, `q4f16_1`. */
function factLabels({ parameterCount, contextWindow, quantization }: ModelRecord): readonly string[] {
  return [
    ...(parameterCount === 0 ? [] : [msg(str`${formatParameters(parameterCount)} parameters`)]),
    msg(str`${contextSize(contextWindow)} context`),
    quantization,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-card': ModelCard;
  }
}
