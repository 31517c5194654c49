import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelGroup } from '../../models/catalogue/browse.ts';
import { isGoodChoice } from '../../models/catalogue/good-choice.ts';
import { compareVariants } from '../../models/catalogue/recommend.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { canRun } from '../../models/fit/fit-result.ts';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { ErrorMessagesController } from '../errors/error-messages-controller.ts';
import { customElement } from '../lib/custom-element.ts';
import { purposeLabel } from './catalogue-notes.ts';
import { factsStyles } from './facts.styles.ts';
import { fitBadgeStyles, renderFitBadge } from './fit-badge.ts';
import { downloadLabel, fitLabel } from './fit-labels.ts';
import { engineLabel, type Fact, modelFacts, variantFacts } from './model-facts.ts';
import './download-progress.ts';
import './model-card.ts';

/**
 * @summary The page of one model: facts, licence, fit on this device, and variants.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-page')
export class ModelPage extends LitElement {
  static override readonly styles = [
    baseStyles,
    fitBadgeStyles,
    factsStyles,
    css`
      :host {
        display: grid;
        gap: 20px;
      }

      h2 {
        font-size: var(--_text-l);
        line-height: 1.3;
      }

      h3 {
        margin: 0;
        font-size: calc(1.125 * var(--_rem));
        font-weight: 650;
        line-height: 1.35;
      }

      .variants {
        display: grid;
        gap: 12px;
      }

      .variant {
        display: grid;
        gap: 8px;
        padding: 14px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
      }

      .variant > header {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 12px;
      }

      .variant dl {
        font-size: var(--_text-xs);
      }

      .best {
        color: var(--_accent-text);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      code {
        font-family: var(--_font-mono);
        font-size: 0.9em;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) group: ModelGroup<ModelEntry> | undefined;

  @property({ attribute: false }) state: SessionState | undefined;

  readonly #errorMessages = new ErrorMessagesController(this);

  override render(): TemplateResult | typeof nothing {
    const { group } = this;
    if (group === undefined) return nothing;
    const { record } = group.best;
    const variants = [...group.variants].sort(compareVariants);
    return html`
      <header>
        <h2>${record.name}</h2>
        <p class="small" dir="auto">${purposeLabel(record)}</p>
      </header>
      ${facts([...modelFacts(record, group.abilities)], this.#renderLinks(group))}
      <h3>${msg('Variants')}</h3>
      <div class="variants">
        ${repeat(
          variants,
          (entry) => entry.record.id,
          (entry, index) => this.#renderVariant(entry, index === 0 && variants.length > 1 && isGoodChoice(entry)),
        )}
      </div>
    `;
  }

  #renderLinks({ best: { record } }: ModelGroup<ModelEntry>): TemplateResult {
    return html`<dt>${msg('Licence')}</dt>
      <dd>
        ${link(record.licence.url, record.licence.name)}${
          record.licence.forbids === undefined
            ? nothing
            : html`<br /><span class="muted">${msg('Not allowed:')} ${record.licence.forbids}</span>`
        }
      </dd>
      ${record.url === undefined ? nothing : html`<dt>${msg('More')}</dt><dd>${link(record.url, msg('The maker’s page'))}</dd>`}`;
  }

  #renderWindow(entry: ModelEntry): TemplateResult {
    const { device, runtime, engine } = this.state ?? {};
    const isLoaded = engine?.status === 'ready' && runtime?.running?.recordId === entry.record.id;
    return html`<alcove-context-window-field
      ${lazyElement(() => import('./context/context-window-field.ts'))}
      .entry=${entry}
      .device=${device}
      ?loaded=${isLoaded}
    ></alcove-context-window-field>`;
  }

  #renderVariant(entry: ModelEntry, isBest: boolean): TemplateResult {
    const { record, fit } = entry;
    const wait = canRun(fit) ? downloadLabel(fit.estimate) : undefined;
    const name =
      profileOf(record).local === undefined ? engineLabel(record) : `${record.quantization} · ${engineLabel(record)}`;
    if (entry.weights.status === 'stored') {
      return html`<alcove-model-card .entry=${entry} ?selected=${record.id === this.state?.selectedModelId}></alcove-model-card>
        ${this.#renderWindow(entry)}`;
    }
    return html`<section class="variant" aria-label=${record.id}>
      <header>
        <strong class="small">${name}</strong>
        ${isBest ? html`<span class="best">${msg('Best for this device')}</span>` : nothing}
      </header>
      ${renderFitBadge(fitLabel(fit, this.#errorMessages, record.contextWindow))}
      ${facts(variantFacts(record), html`<dt>${msg('Name')}</dt><dd><code>${record.id}</code></dd>`)}
      ${isBest ? this.#renderWindow(entry) : nothing}
      ${wait === undefined ? nothing : html`<p class="small muted">${wait}</p>`}
      <alcove-download .entry=${entry} ?quiet=${!isBest}></alcove-download>
    </section>`;
  }
}

function facts(lines: readonly Fact[], more: TemplateResult): TemplateResult {
  return html`<dl>${lines.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}${more}</dl>`;
}

function link(url: string, label: string): TemplateResult {
  return html`<a href=${url} target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer"
    >${label}<span class="visually-hidden"> ${msg('(opens in a new tab)')}</span></a
  >`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-page': ModelPage;
  }
}
