import { msg, str } from '@lit/localize';
import { css, html, LitElement, noChange, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { isWithinLimits, SAMPLING_LIMITS, type SamplingNumber } from '../../chat/settings/setting-limits.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatNumber } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { rangeLabel, settingLabels, unsetLabel } from './setting-labels.ts';

/** The user changed a number, or reset it: then it is undefined, and the next level applies. */
export class SamplingNumberChangeEvent extends Event {
  static readonly eventName = 'alcove-sampling-number-change';
  readonly value: number | undefined;

  constructor(value: number | undefined) {
    super(SamplingNumberChangeEvent.eventName);
    this.value = value;
  }
}

/** The range of a slider, where that of the number is too wide for one. A seed and a length have no slider. */
const SLIDER_MOST: Partial<Readonly<Record<SamplingNumber, number>>> = { topK: 100 };
const WITHOUT_SLIDER: readonly SamplingNumber[] = ['seed', 'maxTokens'];

/**
 * @summary One sampling parameter: the number that applies, with a slider, and how it differs from the model's default.
 *   An invalid number is not taken, and a message says why.
 * @event alcove-sampling-number-change
 */
@customElement('alcove-sampling-number-field')
export class SamplingNumberField extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    css`
      label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        font-weight: 600;
      }

      input[type='number'] {
        flex: none;
        inline-size: calc(7 * var(--_rem));
        text-align: end;
      }

      .differs input[type='number'] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
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

      .unset input[type='range'] {
        opacity: 0.5;
      }

      .help,
      .note {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.45;
      }

      .note {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
        color: var(--_text);
      }

      .note .button {
        margin-block: -4px;
        color: var(--_accent-text);
        font-size: inherit;
      }

      .cannot {
        color: var(--_warning);
      }

      .field:has(:disabled) label {
        color: var(--_text-muted);
      }

      .field :disabled {
        background: var(--_surface-sunken);
        color: var(--_text-muted);
        cursor: not-allowed;
      }

      input[aria-invalid='true'] {
        border-color: var(--_danger);
      }
    `,
  ];

  @property() name: SamplingNumber = 'temperature';

  /** Set here; undefined if the next level applies. */
  @property({ attribute: false }) value: number | undefined;

  /** Set for all chats. */
  @property({ attribute: false }) inherited: number | undefined;

  /** What the model uses by itself; undefined while that is not known. */
  @property({ attribute: false }) standard: number | undefined;

  /** Why the engine cannot follow this parameter. */
  @property({ attribute: false }) cannot: string | undefined;

  @state() private isWrong = false;

  #onNumber(input: HTMLInputElement): void {
    const text = input.value.trim().replace(',', '.');
    // A number field has the value '' for invalid input; `validity` distinguishes it from an empty field.
    const value = text === '' && !input.validity.badInput ? undefined : Number(text || Number.NaN);
    this.isWrong = value !== undefined && !isWithinLimits(this.name, value);
    if (!this.isWrong) this.#change(value);
  }

  #onSlide(slider: HTMLInputElement): void {
    this.isWrong = false;
    const number = this.renderRoot.querySelector<HTMLInputElement>('[type="number"]');
    if (number) number.value = slider.value;
  }

  #change(value: number | undefined): void {
    this.dispatchEvent(new SamplingNumberChangeEvent(value));
    // Also when the value stays: the field may show something else.
    this.requestUpdate();
  }

  /** The model's value applies again, also where another is set for all chats. */
  #reset(): void {
    this.isWrong = false;
    this.#change(this.inherited === undefined || this.inherited === this.standard ? undefined : this.standard);
  }

  override render(): TemplateResult {
    const { name, value, inherited, standard, cannot, isWrong } = this;
    const { name: label, help } = settingLabels(name);
    const { least, most, step } = SAMPLING_LIMITS[name];
    const shown = value ?? inherited ?? standard;
    const isDifferent = shown !== standard;
    const slider = SLIDER_MOST[name] ?? most;
    return html`<div class="field ${shown === undefined ? 'unset' : ''} ${isDifferent ? 'differs' : ''}">
      <label>
        <span>${label}</span>
        <input
          name=${name}
          type="number"
          inputmode=${least < 0 ? 'text' : step === 1 ? 'numeric' : 'decimal'}
          min=${least}
          max=${most}
          step="any"
          autocomplete="off"
          ?disabled=${cannot !== undefined}
          aria-invalid=${isWrong}
          aria-description=${cannot ?? help}
          placeholder=${unsetLabel(name)}
          .value=${isWrong ? noChange : live(String(shown ?? ''))}
          @change=${({ target }: Event & { target: HTMLInputElement }) => this.#onNumber(target)}
        />
      </label>
      ${
        WITHOUT_SLIDER.includes(name)
          ? nothing
          : html`<input
            type="range"
            aria-label=${label}
            aria-valuetext=${shown === undefined ? unsetLabel(name) : nothing}
            min=${least}
            max=${slider}
            step=${step}
            ?disabled=${cannot !== undefined}
            .value=${live(String(shown ?? (least + slider) / 2))}
            @input=${({ target }: Event & { target: HTMLInputElement }) => this.#onSlide(target)}
            @change=${({ target }: Event & { target: HTMLInputElement }) => this.#onNumber(target)}
          />`
      }
      <span class="help ${cannot === undefined ? '' : 'cannot'}">${cannot ?? help}</span>
      ${isDifferent && cannot === undefined ? this.#renderDifference(label) : nothing}
      ${isWrong ? html`<span class="wrong" role="alert">${rangeLabel(name)}</span>` : nothing}
    </div>`;
  }

  #renderDifference(label: string): TemplateResult {
    const { value, inherited, standard } = this;
    const note = sentences(
      value === undefined ? msg('Set for all chats.') : '',
      standard === undefined ? '' : msg(str`The model’s default is ${formatNumber(standard, 3)}.`),
      value !== undefined && standard === undefined && inherited !== undefined
        ? msg(str`For all chats it is ${formatNumber(inherited, 3)}.`)
        : '',
    );
    const canReset = value !== undefined || standard !== undefined;
    return html`<span class="note"
      >${note}
      ${
        canReset
          ? html`<button type="button" class="button quiet" aria-label=${msg(str`Reset ${label}`)} @click=${this.#reset}>
            ${msg('Reset')}
          </button>`
          : nothing
      }</span
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-sampling-number-field': SamplingNumberField;
  }
  interface HTMLElementEventMap {
    'alcove-sampling-number-change': SamplingNumberChangeEvent;
  }
}
