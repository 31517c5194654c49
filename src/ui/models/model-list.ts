import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { groupModels, type ModelGroup } from '../../models/catalogue/browse.ts';
import { isThisComputer, serverHost } from '../../models/catalogue/server-host.ts';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { sectionsStyles } from '../base/sections.styles.ts';
import { ALL_MODELS, type ModelsPlace, ModelsPlaceEvent } from '../contract/models-place.ts';
import { customElement } from '../lib/custom-element.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import type { ModelBrowser } from './model-browser.ts';
import { ModelCard } from './model-card.ts';
import { hasWeights, isToy, recommendation } from './model-labels.ts';
import { byServer } from './server-labels.ts';
import '../base/icon.ts';
import './model-browser.ts';
import './model-comparison.ts';
import './model-page.ts';
import './storage-summary.ts';

/**
 * @summary All models in sections: on this device, recommended, the toy model, and a browser for all. Shows one model, or a
 *   comparison, in place of the list, which keeps its search and filters meanwhile.
 * @event alcove-model-action Cancelable.
 * @event alcove-models-place The user goes to a model, to a comparison, or back. Canceled by a host that sets `place` itself.
 */
@customElement('alcove-model-list')
export class ModelList extends LitElement {
  static override readonly styles = [
    baseStyles,
    sectionsStyles,
    css`
      .list {
        display: grid;
        gap: 32px;
      }

      .remote {
        color: var(--_warning);
      }

      .place {
        display: grid;
        gap: 8px;
      }

      .back {
        justify-self: start;
        margin-inline-start: -10px;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  @property({ attribute: false }) place: ModelsPlace = ALL_MODELS;

  /** Adds a menu with more actions to each model, which only the app has. */
  @property({ type: Boolean, attribute: 'with-menu' }) withMenu = false;

  @query('alcove-model-browser') private readonly browser?: ModelBrowser | null;

  /** Id of the model whose card has the focus. */
  #focusedId: string | undefined;

  protected override willUpdate(): void {
    const focused = this.shadowRoot?.activeElement;
    this.#focusedId = focused instanceof ModelCard ? focused.entry?.record.id : undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('place');
    if (before !== undefined) void this.#focusPlace(before);
    else this.#focusMoved();
  }

  async #focusPlace(before: ModelsPlace): Promise<void> {
    await this.browser?.updateComplete;
    if (this.place.at === 'list') this.browser?.focusModel(before.at === 'model' ? before.modelId : undefined);
    else this.renderRoot.querySelector<HTMLElement>('.back')?.focus();
  }

  /** After a download or deletion the model's card is in another section; moves the focus there. */
  #focusMoved(): void {
    const id = this.#focusedId;
    if (id === undefined || this.shadowRoot?.activeElement != null) return;
    const cards = [...this.renderRoot.querySelectorAll('alcove-model-card')];
    const card = cards.find(({ entry }) => entry?.record.id === id);
    void card?.updateComplete.then(() => card.focus());
  }

  #onPlace(event: ModelsPlaceEvent): void {
    event.stopPropagation();
    this.#go(event.place);
  }

  #go(place: ModelsPlace): void {
    if (this.dispatchEvent(new ModelsPlaceEvent(place))) this.place = place;
  }

  #onEscape(event: KeyboardEvent): void {
    if (pressedKey(event) !== 'Escape') return;
    // Else Escape would also close the page or the panel around this.
    event.preventDefault();
    event.stopPropagation();
    this.#go(ALL_MODELS);
  }

  override render(): TemplateResult | typeof nothing {
    const { state, place } = this;
    if (state === undefined) return nothing;
    return html`${place.at === 'list' ? nothing : this.#renderPlace(state, place)}
      <div class="list" ?hidden=${place.at !== 'list'} @alcove-models-place=${this.#onPlace}>${this.#renderList(state)}</div>`;
  }

  #renderPlace(state: SessionState, place: Exclude<ModelsPlace, { readonly at: 'list' }>): TemplateResult {
    return html`<div class="place" @keydown=${this.#onEscape}>
      <button type="button" class="button quiet back" @click=${() => this.#go(ALL_MODELS)}>
        <alcove-icon name="chevron-left"></alcove-icon>${msg('All models')}
      </button>
      ${place.at === 'model' ? renderModel(state, place.modelId) : renderComparison(state, place.modelIds)}
    </div>`;
  }

  #renderList(state: SessionState): TemplateResult {
    const onServer = byServer(state.models.filter(({ fit }) => fit.status !== 'cannot-run'));
    const inBrowser = state.models.filter(({ record }) => record.source.kind === 'browser');
    const onDevice = state.models.filter(
      (entry) => (hasWeights(entry) || entry.isCustom === true) && entry.record.source.kind !== 'custom-server',
    );
    const recommended = recommendation(state).filter((entry) => !hasWeights(entry));
    const toys = state.models.filter((entry) => isToy(entry.record) && !hasWeights(entry));
    return html`
      ${onDevice.length === 0 ? nothing : this.#renderSection(msg('On this device'), onDevice, state)}
      ${onServer.map(([title, entries]) => this.#renderSection(title, entries, state, sentToLabel(entries)))}
      ${onDevice.length === 0 ? nothing : html`<alcove-storage-summary .storage=${state.storage}></alcove-storage-summary>`}
      ${recommended.length === 0 ? nothing : this.#renderSection(msg('Recommended for this device'), recommended, state)}
      ${inBrowser.length === 0 ? nothing : this.#renderSection(msg('With this browser'), inBrowser, state)}
      ${toys.length === 0 ? nothing : this.#renderSection(msg('To try the app'), toys, state)}
      <section>
        <h2>${msg('All models')}</h2>
        <alcove-model-browser .state=${state}></alcove-model-browser>
      </section>
    `;
  }

  #renderSection(title: string, entries: readonly ModelEntry[], state: SessionState, note?: string): TemplateResult {
    return html`<section>
      <h2>${title}</h2>
      ${note === undefined ? nothing : html`<p class="small remote">${note}</p>`}
      ${repeat(
        entries,
        ({ record }) => record.id,
        (entry) => html`<alcove-model-card
          exportparts="card"
          .entry=${entry}
          ?selected=${entry.record.id === state.selectedModelId}
          ?with-menu=${this.withMenu}
        ></alcove-model-card>`,
      )}
    </section>`;
  }
}

/** Said once of a server that is not on this computer. */
function sentToLabel([first]: readonly ModelEntry[]): string | undefined {
  const host = serverHost(first?.record.id);
  if (host === undefined || isThisComputer(host)) return undefined;
  return msg(str`What you write in a chat with these models is sent to ${host}.`);
}

function renderModel(state: SessionState, modelId: string): TemplateResult {
  const group = findGroup(groupModels(state.models, state.tools.length > 0), modelId);
  if (group === undefined)
    return state.models.length === 0 ? html`` : html`<p>${msg('This model is not in the list.')}</p>`;
  return html`<alcove-model-page .group=${group} .state=${state}></alcove-model-page>`;
}

function renderComparison(state: SessionState, modelIds: readonly string[]): TemplateResult {
  const all = groupModels(state.models, state.tools.length > 0);
  const groups = modelIds.flatMap((id) => findGroup(all, id) ?? []);
  return html`<alcove-model-comparison .groups=${groups}></alcove-model-comparison>`;
}

function findGroup(groups: readonly ModelGroup<ModelEntry>[], modelId: string): ModelGroup<ModelEntry> | undefined {
  return groups.find(({ variants }) => variants.some(({ record }) => record.id === modelId));
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-list': ModelList;
  }
}
