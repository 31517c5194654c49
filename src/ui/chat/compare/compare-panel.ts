import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { serverHost } from '../../../models/catalogue/server-host.ts';
import type { ModelEntry, SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { panelStyles } from '../../base/panel.styles.ts';
import { textButton } from '../../base/text-button.ts';
import { PanelEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';
import { plural } from '../../lib/plural.ts';
import { canAnswer } from '../../models/menu/picker-items.ts';
import { sizeLabel } from '../../models/model-labels.ts';

/** More columns would be too narrow to read. */
const MOST_MODELS = 3;

/**
 * @summary The panel in which the user chooses two or three models that answer the next message side by side.
 * @event alcove-panel
 */
@customElement('alcove-compare-panel')
export class ComparePanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      ul {
        display: grid;
        gap: 4px;
        margin-inline: -12px;
      }

      label {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 12px;
        min-block-size: 48px;
        padding: 6px 12px;
        border-radius: var(--_radius);
        cursor: pointer;
      }

      label:hover {
        background: var(--_hover);
      }

      label:has(:disabled) {
        color: var(--_text-muted);
        cursor: default;
      }

      label bdi {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Replaced with every change, which updates the panel. */
  @property({ attribute: false }) state: SessionState | undefined;

  /** In the order in which they were chosen. */
  @state() private chosen: readonly string[] | undefined;

  protected override willUpdate(_: PropertyValues<this>): void {
    const { compared, selectedModelId, models = [] } = this.state ?? {};
    const isSelectable = models.some((entry) => entry.record.id === selectedModelId && canAnswer(entry));
    this.chosen ??= compared ?? (isSelectable && selectedModelId !== undefined ? [selectedModelId] : []);
  }

  #toggle(modelId: string): void {
    const { chosen = [] } = this;
    this.chosen = chosen.includes(modelId) ? chosen.filter((id) => id !== modelId) : [...chosen, modelId];
  }

  #compare(): void {
    void this.session?.generation.compareNext(this.chosen);
    this.dispatchEvent(new PanelEvent(undefined, true));
  }

  override render(): TemplateResult | typeof nothing {
    const { state, chosen = [] } = this;
    if (state === undefined) return nothing;
    const entries = state.models.filter(canAnswer);
    if (entries.length < 2) {
      return html`<p class="muted">${msg('To compare, you need two models that can answer.')}</p>
        <div>${textButton(msg('All models'), () => this.dispatchEvent(new PanelEvent('models')), 'primary')}</div>`;
    }
    return html`<p class="muted small">
        ${msg('Choose two or three. They answer your next message one after another, and you see the answers side by side.')}
      </p>
      <ul role="group" aria-label=${msg('Models to compare')}>
        ${entries.map((entry) => html`<li>${this.#renderModel(entry, chosen)}</li>`)}
      </ul>
      <div>
        <button type="button" class="button primary" ?disabled=${chosen.length < 2} @click=${this.#compare}>
          ${chosen.length < 2 ? msg('Compare') : plural(chosen.length, msg('one: Compare # model | other: Compare # models'))}
        </button>
      </div>`;
  }

  #renderModel({ record }: ModelEntry, chosen: readonly string[]): TemplateResult {
    const isChosen = chosen.includes(record.id);
    const host = serverHost(record.id);
    return html`<label>
      <input
        type="checkbox"
        .checked=${isChosen}
        ?disabled=${!isChosen && chosen.length >= MOST_MODELS}
        @change=${() => this.#toggle(record.id)}
      />
      <bdi>${record.name}</bdi>
      <span class="muted small numbers">${host === undefined ? (sizeLabel(record) ?? '') : msg(str`On ${host}`)}</span>
    </label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-compare-panel': ComparePanel;
  }
}
