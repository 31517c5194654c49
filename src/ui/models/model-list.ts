import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { sectionsStyles } from '../base/sections.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import { ModelCard } from './model-card.ts';
import { hasWeights, isToy, recommendation } from './model-labels.ts';
import './model-browser.ts';
import './storage-summary.ts';

/**
 * @summary All models in sections: on this device, recommended, the toy model, and a browser for all.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-list')
export class ModelList extends LitElement {
  static override readonly styles = [baseStyles, sectionsStyles];

  @property({ attribute: false }) state: SessionState | undefined;

  /** Adds a menu with more actions to each model, which only the app has. */
  @property({ type: Boolean, attribute: 'with-menu' }) withMenu = false;

  /** Id of the model whose card has the focus. */
  #focusedId: string | undefined;

  protected override willUpdate(): void {
    const focused = this.shadowRoot?.activeElement;
    this.#focusedId = focused instanceof ModelCard ? focused.entry?.record.id : undefined;
  }

  /** After a download or deletion the model's card is in another section; moves the focus there. */
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
    const onServer = state.models.filter(({ record }) => record.source.kind === 'custom-server');
    const inBrowser = state.models.filter(({ record }) => record.source.kind === 'browser');
    const onDevice = state.models.filter(
      (entry) => (hasWeights(entry) || entry.isCustom === true) && !onServer.includes(entry),
    );
    const recommended = recommendation(state).filter((entry) => !hasWeights(entry));
    const toys = state.models.filter((entry) => isToy(entry.record) && !hasWeights(entry));
    return html`
      ${onDevice.length === 0 ? nothing : this.#renderSection(msg('On this device'), onDevice, state)}
      ${onServer.length === 0 ? nothing : this.#renderSection(msg('On your server'), onServer, state)}
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
