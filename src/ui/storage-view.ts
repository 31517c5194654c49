import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { SessionState } from '../app/session-state.ts';
import { baseStyles } from './base.styles.ts';
import { formatBytes } from './format.ts';
import { plural } from './phrases.ts';
import { sectionsStyles } from './sections.styles.ts';
import './model-card.ts';
import './storage-summary.ts';

/**
 * @summary What this site has stored: how much, whether it is kept, each model with its size, largest first.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-storage')
export class StorageView extends LitElement {
  static override readonly styles = [baseStyles, sectionsStyles];

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const stored = state.models
      .flatMap((entry) => {
        const bytes = storedBytes(entry.weights);
        return bytes > 0 ? [{ entry, bytes }] : [];
      })
      .sort((a, b) => b.bytes - a.bytes);
    const total = stored.reduce((sum, { bytes }) => sum + bytes, 0);
    const chats = plural(state.chats.length, msg('one: # chat | other: # chats'));
    return html`<alcove-storage-summary .storage=${state.storage}></alcove-storage-summary>
      <section>
        <h2>${total === 0 ? msg('Models') : msg(str`Models, ${formatBytes(total)}`)}</h2>
        ${
          stored.length === 0
            ? html`<p class="muted small">
              ${msg('No model is stored. One that you download is listed here, with its size, and can be deleted again.')}
            </p>`
            : repeat(
                stored,
                ({ entry }) => entry.record.id,
                ({ entry }) => html`<alcove-model-card
                .entry=${entry}
                ?selected=${entry.record.id === state.selectedModelId}
              ></alcove-model-card>`,
              )
        }
      </section>
      <section>
        <h2>${msg('Chats')}</h2>
        <p class="small">
          ${
            state.storage.chats === 'memory'
              ? msg(str`${chats}, kept only until this tab is closed: this window does not store anything.`)
              : msg(str`${chats}, stored on this device.`)
          }
        </p>
      </section>`;
  }
}

function storedBytes(weights: SessionState['models'][number]['weights']): number {
  if (weights.status === 'stored') return weights.isOnDisk ? 0 : weights.sizeBytes;
  if (weights.status === 'paused') return weights.download.loadedBytes;
  if (weights.status === 'downloading' && weights.download.status === 'downloading')
    return weights.download.loadedBytes;
  return 0;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-storage': StorageView;
  }
}
