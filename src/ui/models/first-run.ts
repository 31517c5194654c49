import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { quietButton } from '../base/text-button.ts';
import { PanelEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { hasWeights, isToy, recommendation, recommendedEntry, selectedEntry } from './model-labels.ts';

const loadModelCard = () => import('./model-card.ts');

/**
 * @summary The first-run page: what Alcove is, the recommended model, and the toy model to try the app with.
 * @event alcove-model-action Cancelable.
 * @event alcove-panel Opens the list of all models.
 */
@customElement('alcove-first-run')
export class FirstRun extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .page {
        display: grid;
        gap: 24px;
        padding-block: clamp(16px, 6cqi, 56px) 32px;
      }

      h1 {
        font-size: clamp(var(--_text-l), 6.5cqi, var(--_text-xl));
        font-weight: 650;
        line-height: 1.2;
        letter-spacing: -0.01em;
        text-wrap: balance;
      }

      .intro {
        display: grid;
        gap: 10px;
      }

      .intro p {
        max-inline-size: 38em;
        color: var(--_text-muted);
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  /** What shows a model is here, or cannot be had. */
  @state() private hasCards = false;

  /** Its text is painted with the first view; what shows a model may come later. */
  protected override firstUpdated(): void {
    const show = (): void => {
      this.hasCards = true;
    };
    // In parallel with the catalogue.
    void loadModelCard().then(show, show);
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === undefined) return nothing;
    const isSupported = state.device === undefined || state.device.webgpu === 'available';
    const toys = state.models.filter(({ record }) => isToy(record));
    // Without WebGPU, the notice above says so; a toy that needs WebGPU is left out.
    const toy = toys.find(({ fit }) => fit.status !== 'cannot-run') ?? (isSupported ? toys[0] : undefined);
    const featured = this.#featured(state);
    // All at once, so that nothing moves.
    const isKnown = state.device !== undefined && this.hasCards;
    return html`<div class="page" part="first-run">
      <div class="intro">
        <h1>${msg('Your own language model, in this tab')}</h1>
        <p>
          ${msg('Alcove runs open language models on your own device. Download one once, and it answers even offline. Nothing you write leaves this device.')}
        </p>
      </div>
      ${
        isSupported
          ? nothing
          : html`<alcove-notice
            tone="warning"
            .error=${{ code: state.device?.webgpu === 'no-api' ? 'webgpu-missing' : 'gpu-adapter-missing', data: {} }}
          ></alcove-notice>`
      }
      ${isKnown ? this.#renderChoice(featured, toy, state) : nothing}
      ${
        state.models.length === 0 || !isKnown
          ? nothing
          : html`<div class="controls">
            ${quietButton(msg('All models'), () => this.dispatchEvent(new PanelEvent('models')))}
          </div>`
      }
    </div>`;
  }

  #renderChoice(featured: ModelEntry | undefined, toy: ModelEntry | undefined, state: SessionState): TemplateResult {
    const [first, other] = recommendation(state);
    // No second suggestion once the user has chosen a model.
    const second = featured !== undefined && featured === first && !hasWeights(featured) ? other : undefined;
    return html`<h2 class="visually-hidden">${msg('Recommended models')}</h2>
    ${
      featured === undefined
        ? nothing
        : html`<alcove-model-card
          ${lazyElement(loadModelCard)}
          featured
          exportparts="card"
          .entry=${featured}
          ?selected=${featured.record.id === state.selectedModelId}
          badge=${featured === first && !hasWeights(featured) ? msg('Recommended for this device') : ''}
        ></alcove-model-card>`
    }
    ${second === undefined || hasWeights(second) ? nothing : html`<alcove-model-card ${lazyElement(loadModelCard)} exportparts="card" .entry=${second} badge=${msg('Smaller and faster')}></alcove-model-card>`}
    ${
      toy === undefined || toy === featured
        ? nothing
        : html`<alcove-model-card ${lazyElement(loadModelCard)} compact exportparts="card" .entry=${toy} badge=${msg('Try in 5 seconds')}></alcove-model-card>`
    }`;
  }

  /** The model that is being downloaded comes first, else the recommended one. */
  #featured(state: SessionState): ModelEntry | undefined {
    const selected = selectedEntry(state);
    if (selected !== undefined && !isToy(selected.record)) return selected;
    return state.models.find((entry) => hasWeights(entry) && !isToy(entry.record)) ?? recommendedEntry(state);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-first-run': FirstRun;
  }
}
