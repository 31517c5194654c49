import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { hasCrossOriginStorage, offersModels, setOffersModels } from '../../storage/weights/cross-origin-storage.ts';
import { type ForeignCache, findForeignCaches, removeForeignCache } from '../../storage/weights/foreign-caches.ts';
import { baseStyles } from '../base/base.styles.ts';
import { sectionsStyles } from '../base/sections.styles.ts';
import { textButton } from '../base/text-button.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { ADD_MODEL_HASH } from '../contract/models-address.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { formatBytes } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { engineLabel } from '../models/model-facts.ts';
import { sizeLabel } from '../models/model-labels.ts';
import {
  deletionCandidates,
  deletionQuestion,
  evictionRisk,
  neededSpace,
  storedBytes,
} from '../models/storage-facts.ts';
import '../base/confirm-button.ts';
import '../base/icon.ts';
import '../models/model-card.ts';
import '../models/add/model-menu.ts';
import '../models/storage-summary.ts';

/**
 * @summary The storage page: how much this site stores, whether the browser keeps it, each model with its size, paused
 *   downloads, chats, and foreign caches.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-storage')
export class StorageView extends LitElement {
  static override readonly styles = [
    baseStyles,
    sectionsStyles,
    css`
      .left {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
        padding-block: 10px;
        border-block-end: 1px solid var(--_border);
      }

      .warning {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 10px;
        padding: 14px 16px;
        border: 1px solid transparent;
        border-radius: var(--_radius);
        background: var(--_warning-soft);
        font-size: var(--_text-s);
      }

      .warning > alcove-icon {
        margin-block-start: 3px;
        color: var(--_warning);
      }

      .sharing label {
        display: flex;
        gap: 10px;
        align-items: start;
        padding-block: 8px;
        cursor: pointer;
      }

      .sharing label span span {
        display: block;
      }

      .warning ul {
        display: grid;
        gap: 4px;
        margin-block: 8px 12px;
      }

      .warning li:last-child {
        border-block-end: 0;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  @state() private foreignCaches: readonly ForeignCache[] = [];

  constructor() {
    super();
    // Deleting a model removes the focused button.
    new FocusRestoreController(this, '.models');
  }

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    void this.#findForeignCaches();
  }

  async #findForeignCaches(): Promise<void> {
    this.foreignCaches = await findForeignCaches();
  }

  async #remove(cache: ForeignCache): Promise<void> {
    // A cache that is in use stays in the list.
    await removeForeignCache(cache).catch(() => {});
    await this.#findForeignCaches();
  }

  #ask(action: 'delete' | 'download' | 'cancel', { record }: ModelEntry): void {
    this.dispatchEvent(new ModelActionEvent(action, record.id));
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const withBytes = state.models
      .filter((entry) => storedBytes(entry.weights) > 0)
      .sort((a, b) => storedBytes(b.weights) - storedBytes(a.weights));
    const stored = withBytes.filter(({ weights }) => weights.status === 'stored');
    const partial = withBytes.filter(({ weights }) => weights.status !== 'stored');
    const evicted = state.models.filter(({ weights }) => weights.status === 'evicted');
    return html`${this.#renderNeededSpace(state, stored)} ${this.#renderRisk(state)}
      <alcove-storage-summary .storage=${state.storage}></alcove-storage-summary>
      ${this.#renderEvicted(evicted)} ${this.#renderModels(state, stored)} ${this.#renderPartial(partial)}
      <section>
        <h2>${msg('Chats')}</h2>
        <p class="small">${chatsLabel(state)}</p>
      </section>
      ${hasCrossOriginStorage() ? this.#renderSharing() : nothing} ${this.#renderForeignCaches()}`;
  }

  #renderModels(state: SessionState, stored: readonly ModelEntry[]): TemplateResult {
    const total = stored.reduce((sum, { weights }) => sum + storedBytes(weights), 0);
    return html`<section>
      <h2 class="models" tabindex="-1">${total === 0 ? msg('Models') : msg(str`Models, ${formatBytes(total)}`)}</h2>
      ${
        stored.length === 0
          ? html`<p class="muted small">
            ${msg('No models yet. Models you download appear here with their size, and you can delete them here.')}
          </p>`
          : repeat(
              stored,
              ({ record }) => record.id,
              (entry) => html`<alcove-model-card
                with-menu
                .entry=${entry}
                ?selected=${entry.record.id === state.selectedModelId}
              ></alcove-model-card>`,
            )
      }
      <p class="controls"><a class="button quiet" href=${ADD_MODEL_HASH}>${msg('Open a model file')}</a></p>
    </section>`;
  }

  #renderPartial(partial: readonly ModelEntry[]): TemplateResult | typeof nothing {
    if (partial.length === 0) return nothing;
    return html`<section>
      <h2>${msg('Unfinished downloads')}</h2>
      ${repeat(
        partial,
        ({ record }) => record.id,
        (entry) => html`<alcove-model-card .entry=${entry}></alcove-model-card>`,
      )}
    </section>`;
  }

  #renderEvicted(evicted: readonly ModelEntry[]): TemplateResult | typeof nothing {
    if (evicted.length === 0) return nothing;
    return html`<section>
      <h2>${msg('Removed by the browser')}</h2>
      <p class="small">
        ${msg('The browser removed these models to make room for other sites. Your chats are safe. Download a model again to use it.')}
      </p>
      ${repeat(
        evicted,
        ({ record }) => record.id,
        (entry) => html`<div class="left">
          <span>${entry.record.name} <span class="muted small">${engineLabel(entry.record)}</span></span>
          <button type="button" class="button" @click=${() => this.#ask('download', entry)}>
            <alcove-icon name="download"></alcove-icon>${msg('Download again')}${sizeSuffix(sizeLabel(entry.record))}
          </button>
        </div>`,
      )}
    </section>`;
  }

  #renderRisk({ storage }: SessionState): TemplateResult | typeof nothing {
    const risk = evictionRisk(storage);
    if (risk === undefined) return nothing;
    return html`<div class="warning" role="note">
      <alcove-icon name="alert"></alcove-icon>
      <p>
        ${msg(
          str`Space is low: ${formatBytes(risk.freeBytes)} are left for this site. A browser that runs out of space deletes the data of whole sites, least recently used first. Ask it below to keep this site, or delete what you do not need.`,
        )}
      </p>
    </div>`;
  }

  /** For a download that stopped because the disk is full: the models that the user can delete to continue it. */
  #renderNeededSpace(state: SessionState, stored: readonly ModelEntry[]): TemplateResult | typeof nothing {
    const needed = neededSpace(state.models);
    if (needed === undefined) return nothing;
    const { entry, neededBytes } = needed;
    const candidates = deletionCandidates(stored, state.selectedModelId);
    return html`<div class="warning" role="alert">
      <alcove-icon name="alert"></alcove-icon>
      <div>
        <p>
          ${msg(str`The download of ${entry.record.name} stopped: the disk is full.`)}
          ${neededBytes === undefined ? nothing : msg(str`It needs ${formatBytes(neededBytes)} more.`)}
          ${storedBytes(entry.weights) === 0 ? nothing : msg('What is downloaded is safe.')}
        </p>
        <ul>
          ${candidates.map(
            (candidate) => html`<li class="left">
              <span>${candidate.record.name}</span>
              <alcove-confirm-button
                label=${msg(str`Delete, frees ${formatBytes(storedBytes(candidate.weights))}`)}
                question=${deletionQuestion(candidate.record)}
                @alcove-confirm=${() => this.#ask('delete', candidate)}
              ></alcove-confirm-button>
            </li>`,
          )}
        </ul>
        ${textButton(msg('Continue the download'), () => this.#ask('download', entry))}
      </div>
    </div>`;
  }

  /** For a browser in which sites can share files. */
  #renderSharing(): TemplateResult {
    return html`<section class="sharing">
      <h2>${msg('Shared with other sites')}</h2>
      <p class="small">
        ${msg('This browser lets sites share files. A model that another site has stored is taken from there after the browser has asked you.')}
      </p>
      <label>
        <input type="checkbox" .checked=${offersModels()} @change=${this.#onOffer} />
        <span>
          ${msg('Offer the models that I download to other sites')}
          <span class="muted small">
            ${msg('They then need not download them again, but can find out that you have these models. Applies to later downloads; a model once offered stays with the browser.')}
          </span>
        </span>
      </label>
    </section>`;
  }

  #onOffer({ target }: Event & { target: HTMLInputElement }): void {
    setOffersModels(target.checked);
  }

  #renderForeignCaches(): TemplateResult | typeof nothing {
    if (this.foreignCaches.length === 0) return nothing;
    return html`<section>
      <h2>${msg('Data of other programs on this site')}</h2>
      <p class="small">
        ${msg('Alcove does not use this data. If another page of this site does, it will download it again.')}
      </p>
      ${this.foreignCaches.map(
        (cache) => html`<div class="left">
          <span>
            ${cache.madeBy}
            <span class="muted small">
              ${cache.name}${cache.sizeBytes === undefined ? nothing : ` · ${formatBytes(cache.sizeBytes)}`}
            </span>
          </span>
          <alcove-confirm-button
            label=${msg('Remove')}
            question=${msg(str`Remove the data of ${cache.madeBy}?`)}
            @alcove-confirm=${() => this.#remove(cache)}
          ></alcove-confirm-button>
        </div>`,
      )}
    </section>`;
  }
}

function sizeSuffix(size: string | undefined): string {
  return size === undefined ? '' : ` · ${size}`;
}

function chatsLabel({ chats, storage }: SessionState): string {
  const count = plural(chats.length, msg('one: # chat | other: # chats'));
  return storage.chats === 'memory'
    ? msg(str`${count}, kept until you close this tab: this window does not store anything.`)
    : msg(str`${count}, stored on this device.`);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-storage': StorageView;
  }
}
