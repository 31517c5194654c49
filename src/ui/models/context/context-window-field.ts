import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { DeviceReport } from '../../../models/device.ts';
import { profileOf } from '../../../models/engines/engine-profiles.ts';
import { usualContextWindow } from '../../../models/fit/context-window.ts';
import { canRun, type FitEstimate } from '../../../models/fit/fit-result.ts';
import { type WindowChoice, type WindowChoices, windowChoices } from '../../../models/fit/window-choices.ts';
import type { ModelEntry } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { formStyles } from '../../base/form.styles.ts';
import { textButton } from '../../base/text-button.ts';
import { ModelActionEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatBytes } from '../../lib/format.ts';
import { plural, sentences } from '../../lib/plural.ts';
import { contextSize } from './context-size.ts';
import '../../base/icon.ts';

/**
 * @summary How many tokens a model reads at once: a slider up to what it was trained for and this device holds, with the memory
 *   that this takes.
 * @event alcove-model-action `set-context-window`, when the slider is let go.
 */
@customElement('alcove-context-window-field')
export class ContextWindowField extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 12px;
      }

      .name {
        font-weight: 600;
      }

      input[type='range'] {
        min-block-size: 0;
        margin: 0;
        padding: 0;
        block-size: calc(1.5 * var(--_rem));
        border: 0;
        background: none;
        accent-color: var(--_accent);
      }

      @media (pointer: coarse) {
        input[type='range'] {
          min-block-size: 44px;
        }
      }

      .fit {
        display: flex;
        gap: 8px;
      }

      .fit alcove-icon {
        flex: none;
        margin-block-start: 2px;
        color: var(--_success);
        font-size: var(--_rem);
      }

      .doubtful alcove-icon {
        color: var(--_warning);
      }

      .help {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.45;
      }
    `,
  ];

  @property({ attribute: false }) entry: ModelEntry | undefined;

  @property({ attribute: false }) device: DeviceReport | undefined;

  /** Whether a change makes the engine load the model again. */
  @property({ type: Boolean }) loaded = false;

  /** What the slider shows until the choice is in the entry. */
  @state() private dragged: WindowChoice | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('entry')) this.dragged = undefined;
  }

  #choose(contextWindow: number | undefined): void {
    if (this.entry === undefined) return;
    this.dispatchEvent(new ModelActionEvent('set-context-window', this.entry.record.id, { contextWindow }));
  }

  override render(): TemplateResult | typeof nothing {
    const { entry, device } = this;
    const engine = entry && profileOf(entry.record).local;
    if (entry === undefined || engine === undefined || device === undefined || !canRun(entry.fit)) return nothing;
    const { record, fit } = entry;
    const { contextWindow } = fit.estimate;
    const offer = windowChoices(record, engine, device, contextWindow);
    const usual = usualContextWindow(record, engine, device);
    return html`<div class="field">
      ${this.#renderSlider(offer, fit.estimate)}
      <span class="help">${sentences(
        msg('How much of a chat the model sees at once. A larger window takes more memory.'),
        limitLabel(offer, record.trainedContextWindow),
        this.loaded && offer.choices.length > 1 ? msg('After a change the model is loaded again.') : '',
      )}</span>
      ${
        contextWindow === usual
          ? nothing
          : html`<div>${textButton(msg(str`Use the default: ${contextSize(usual)}`), () => this.#choose(undefined))}</div>`
      }
    </div>`;
  }

  #renderSlider({ choices }: WindowChoices, { contextWindow, budgetBytes }: FitEstimate): TemplateResult {
    const shown = this.dragged ?? choices.find(({ tokens }) => tokens >= contextWindow) ?? choices.at(-1);
    if (shown === undefined) return html``;
    const numbers = [contextSize(shown.tokens), msg(str`${formatBytes(shown.memoryBytes)} of memory`)];
    const name = msg('Context window');
    const words = fitWords(shown, budgetBytes);
    return html`<span class="head">
        <span class="name">${name}</span>
        <output class="numbers">${numbers.join(' · ')}</output>
      </span>
      ${
        choices.length === 1
          ? nothing
          : html`<input
            type="range"
            aria-label=${name}
            min="0"
            max=${choices.length - 1}
            step="1"
            aria-valuetext=${[plural(shown.tokens, msg('one: # token | other: # tokens')), numbers[1], words].join(', ')}
            .value=${live(String(choices.findIndex(({ tokens }) => tokens === shown.tokens)))}
            @input=${({ target }: Event & { target: HTMLInputElement }) => {
              this.dragged = choices[Number(target.value)];
            }}
            @change=${() => this.#choose(this.dragged?.tokens ?? contextWindow)}
          />`
      }
      <span class="fit ${shown.fit}"
        ><alcove-icon name=${shown.fit === 'doubtful' ? 'alert' : 'circle-check'}></alcove-icon>${words}</span
      >`;
  }
}

function fitWords({ fit }: WindowChoice, budgetBytes: number): string {
  switch (fit) {
    case 'comfortable':
      return msg('Fits comfortably');
    case 'tight':
      return msg('Fits, with little memory to spare');
    case 'doubtful':
      return msg(str`May not fit: only ${formatBytes(budgetBytes)} are sure to be available`);
  }
}

function limitLabel({ choices, limit }: WindowChoices, trainedContextWindow = 0): string {
  const trained = contextSize(trainedContextWindow);
  const most = contextSize(choices.at(-1)?.tokens ?? 0);
  switch (limit) {
    case 'trained':
      return msg(str`This model was trained for at most ${trained}.`);
    case 'memory':
      return msg(str`It was trained for ${trained}, but this device has memory for ${most} at most.`);
    case 'binding':
      return msg(str`It was trained for ${trained}, but this graphics card accepts buffers for ${most} at most.`);
    case 'unknown':
      return msg('What more would take is not known for this model, so its window cannot be changed.');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-context-window-field': ContextWindowField;
  }
}
