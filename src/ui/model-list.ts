import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelEntry, SessionState } from '../app/session-state.ts';
import { baseStyles } from './base.styles.ts';
import { hasWeights, recommendedEntry } from './model-words.ts';
import { plural } from './phrases.ts';
import { sectionsStyles } from './sections.styles.ts';
import './model-card.ts';
import './storage-summary.ts';

/**
 * @summary All models: those on this device, those that run here, and, folded, those that do not and why.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-list')
export class ModelList extends LitElement {
  static override readonly styles = [
    baseStyles,
    sectionsStyles,
    css`
      summary {
        display: list-item;
        padding-block: 10px;
        font-size: var(--_text-s);
        cursor: pointer;
      }

      details > div {
        display: grid;
        gap: 12px;
        padding-block-start: 8px;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  /** In the app, each model has a menu of what else can be done with it. */
  @property({ type: Boolean, attribute: 'with-menu' }) withMenu = false;

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const here = state.models.filter(hasWeights);
    const others = state.models.filter((entry) => !hasWeights(entry));
    const { best, variants } = splitVariants(others.filter(({ fit }) => fit.verdict !== 'cannot-run'));
    const cannot = others.filter(({ fit }) => fit.verdict === 'cannot-run');
    const webgpuIsMissing = state.device !== undefined && state.device.webgpu !== 'available';
    return html`
      ${here.length === 0 ? nothing : this.#renderSection(msg('On this device'), here, state)}
      ${here.length === 0 ? nothing : html`<alcove-storage-summary .storage=${state.storage}></alcove-storage-summary>`}
      ${best.length === 0 ? nothing : this.#renderSection(msg('Ready to download'), best, state)}
      ${this.#renderFolded(plural(variants.length, msg('one: # other variant of these models | other: # other variants of these models')), variants, state, false)}
      ${this.#renderFolded(plural(cannot.length, msg('one: # model cannot run here | other: # models cannot run here')), cannot, state, webgpuIsMissing)}
    `;
  }

  #renderSection(title: string, entries: readonly ModelEntry[], state: SessionState): TemplateResult {
    return html`<section>
      <h2>${title}</h2>
      ${this.#renderCards(entries, state)}
    </section>`;
  }

  #renderFolded(
    title: string,
    entries: readonly ModelEntry[],
    state: SessionState,
    isOpen: boolean,
  ): TemplateResult | typeof nothing {
    if (entries.length === 0) return nothing;
    return html`<details ?open=${isOpen}>
      <summary>${title}</summary>
      <div>${this.#renderCards(entries, state)}</div>
    </details>`;
  }

  #renderCards(entries: readonly ModelEntry[], state: SessionState): unknown {
    const recommended = recommendedEntry(state);
    return repeat(
      entries,
      ({ record }) => record.id,
      (entry) => html`<alcove-model-card
        exportparts="card"
        .entry=${entry}
        ?selected=${entry.record.id === state.selectedModelId}
        ?with-menu=${this.withMenu}
        badge=${entry === recommended && entry.weights.status === 'absent' ? msg('Recommended') : ''}
      ></alcove-model-card>`,
    );
  }
}

/** Of models of one name, the one that takes the least memory, and apart from it the others. */
function splitVariants(entries: readonly ModelEntry[]): { best: ModelEntry[]; variants: ModelEntry[] } {
  const byName = new Map<string, ModelEntry>();
  for (const entry of entries) {
    const known = byName.get(entry.record.name);
    if (known === undefined || entry.record.vramBytes < known.record.vramBytes) byName.set(entry.record.name, entry);
  }
  const best = [...byName.values()];
  return { best, variants: entries.filter((entry) => !best.includes(entry)) };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-list': ModelList;
  }
}
