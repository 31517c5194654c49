import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { sectionsStyles } from '../base/sections.styles.ts';
import { ModelCard } from './model-card.ts';
import { hasWeights, isToy, recommendation } from './model-labels.ts';
import './model-browser.ts';
import './storage-summary.ts';

/**
 * @summary All models: those on this device, those to begin with here, the toy, and everything else to look through.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-list')
export class ModelList extends LitElement {
  static override readonly styles = [baseStyles, sectionsStyles];

  @property({ attribute: false }) state: SessionState | undefined;

  /** In the app, each model has a menu of what else can be done with it. */
  @property({ type: Boolean, attribute: 'with-menu' }) withMenu = false;

  /** The model whose card has the focus. */
  #focusedId: string | undefined;

  protected override willUpdate(): void {
    const focused = this.shadowRoot?.activeElement;
    this.#focusedId = focused instanceof ModelCard ? focused.entry?.record.id : undefined;
  }

  /** A model that was downloaded or deleted stands in another section, and the focus goes there with it. */
  protected override updated(): void {
    const id = this.#focusedId;
    if (id === undefined || this.shadowRoot?.activeElement != null) return;
    const cards = [...this.renderRoot.querySelectorAll('alcove-model-card')];
    const card = cards.find(({ entry }) => entry?.record.id === id);
    void card?.updateComplete.then(() => card.focus());
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const served = state.models.filter(({ record }) => record.source.kind === 'custom-server');
    const here = state.models.filter(
      (entry) => (hasWeights(entry) || entry.isCustom === true) && !served.includes(entry),
    );
    const begin = recommendation(state).filter((entry) => !hasWeights(entry));
    const toys = state.models.filter((entry) => isToy(entry.record) && !hasWeights(entry));
    return html`
      ${here.length === 0 ? nothing : this.#renderSection(msg('On this device'), here, state)}
      ${served.length === 0 ? nothing : this.#renderSection(msg('On your server'), served, state)}
      ${here.length === 0 ? nothing : html`<alcove-storage-summary .storage=${state.storage}></alcove-storage-summary>`}
      ${begin.length === 0 ? nothing : this.#renderSection(msg('Recommended for this device'), begin, state)}
      ${toys.length === 0 ? nothing : this.#renderSection(msg('To try the app'), toys, state)}
      <section>
        <h2>${msg('All models')}</h2>
        <alcove-model-browser .state=${state}></alcove-model-browser>
      </section>
    `;
  }

  #renderSection(title: string, entries: readonly ModelEntry[], state: SessionState): TemplateResult {
    return html`<section>
      <h2>${title}</h2>
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

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-list': ModelList;
  }
}
