import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { type SettingsSupport, withSampling, withSettings } from '../../chat/settings/effective-settings.ts';
import {
  isWithinLimits,
  MOST_STOPS,
  SAMPLING_LIMITS,
  type SamplingNumber,
} from '../../chat/settings/setting-limits.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { plural } from '../lib/plural.ts';
import { rangeLabel, settingLabels, valueLabel } from './setting-labels.ts';

/** The settings have been changed, each as soon as its field is left. */
export class SettingsChangeEvent extends Event {
  static readonly eventName = 'alcove-settings-change';
  readonly settings: ChatSettings;

  constructor(settings: ChatSettings) {
    super(SettingsChangeEvent.eventName);
    this.settings = settings;
  }
}

/** First what people change, then what few do. */
const COMMON: readonly SamplingNumber[] = ['temperature', 'maxTokens'];
const FURTHER: readonly SamplingNumber[] = [
  'topP',
  'topK',
  'minP',
  'repeatPenalty',
  'frequencyPenalty',
  'presencePenalty',
  'seed',
];

/**
 * @summary The system prompt, the sampling, thinking and what happens when the context window fills; for one chat or all.
 *   A value that is no value is said to be none, in words, and not taken.
 * @event alcove-settings-change
 */
@customElement('alcove-sampling-form')
export class SamplingForm extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    css`
      :host {
        display: grid;
        gap: 20px;
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr));
        gap: 18px 24px;
        align-items: start;
      }

      textarea {
        min-block-size: 6.5rem;
        line-height: 1.5;
        resize: vertical;
      }

      .stops {
        min-block-size: 4rem;
        font-family: var(--_font-mono);
        font-size: var(--_text-xs);
      }

      .help {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.45;
      }

      .cannot {
        color: var(--_warning);
      }

      .field:has(:disabled) > span:first-child {
        color: var(--_text-muted);
      }

      .field :disabled {
        background: var(--_surface-sunken);
        color: var(--_text-muted);
        cursor: not-allowed;
      }

      [aria-invalid='true'] {
        border-color: var(--_danger);
      }

      .value {
        display: flex;
        gap: 4px;
      }

      summary {
        inline-size: fit-content;
        min-block-size: 40px;
        padding-block: 8px;
        font-size: var(--_text-s);
        font-weight: 600;
        cursor: pointer;
      }

      details[open] summary {
        margin-block-end: 8px;
      }
    `,
  ];

  @property({ attribute: false }) settings: ChatSettings = {};

  /** What holds where `settings` say nothing. */
  @property({ attribute: false }) inherited: ChatSettings = {};

  /** What the model's engine can do; undefined while no model is chosen: then nothing is ruled out. */
  @property({ attribute: false }) support: SettingsSupport | undefined;

  /** The model's name, to say who cannot. */
  @property() model = '';

  /** Fields with what was typed into them and is no value. */
  @state() private wrong: ReadonlyMap<string, string> = new Map();

  #change(settings: ChatSettings): void {
    this.settings = settings;
    this.dispatchEvent(new SettingsChangeEvent(settings));
  }

  #setWrong(name: string, words: string | undefined): void {
    const wrong = new Map(this.wrong);
    if (words === undefined) wrong.delete(name);
    else wrong.set(name, words);
    this.wrong = wrong;
  }

  #onNumber(name: SamplingNumber, input: HTMLInputElement): void {
    const text = input.value.trim().replace(',', '.');
    // A number field gives '' for what is no number; its validity tells that from an empty one.
    const value = text === '' && !input.validity.badInput ? undefined : Number(text || Number.NaN);
    if (value !== undefined && !isWithinLimits(name, value)) {
      this.#setWrong(name, rangeLabel(name));
      return;
    }
    this.#setWrong(name, undefined);
    this.#change(withSampling(this.settings, { [name]: value }));
  }

  #onStops(text: string): void {
    const stops = text
      .split('\n')
      .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'))
      .filter((line) => line !== '');
    if (stops.length > MOST_STOPS) {
      this.#setWrong('stop', plural(MOST_STOPS, msg('one: At most # line. | other: At most # lines.')));
      return;
    }
    this.#setWrong('stop', undefined);
    this.#change(withSampling(this.settings, { stop: stops.length === 0 ? undefined : stops }));
  }

  override render(): TemplateResult {
    const { settings } = this;
    return html`<label class="field">
        <span>${msg('System prompt')}</span>
        <textarea
          name="systemPrompt"
          dir="auto"
          rows="4"
          .value=${live(settings.systemPrompt ?? '')}
          placeholder=${this.inherited.systemPrompt ?? msg('Who the model is, and how it shall answer. Empty: as it is by itself.')}
          @change=${({ target }: Event & { target: HTMLTextAreaElement }) =>
            this.#change(
              withSettings(settings, {
                systemPrompt: target.value.trim() === '' ? undefined : target.value,
                personaId: undefined,
              }),
            )}
        ></textarea>
      </label>
      <div class="pair">${COMMON.map((name) => this.#renderNumber(name))} ${this.#renderThinking()} ${this.#renderPolicy()}</div>
      <details ?open=${FURTHER.some((name) => settings.sampling?.[name] !== undefined) || settings.sampling?.stop !== undefined}>
        <summary>${msg('More about sampling')}</summary>
        <div class="pair">${FURTHER.map((name) => this.#renderNumber(name))} ${this.#renderStops()}</div>
      </details>`;
  }

  #renderNumber(name: SamplingNumber): TemplateResult {
    const { name: label, help } = settingLabels(name);
    const cannot = this.#cannot(name, label);
    const { least, most, step } = SAMPLING_LIMITS[name];
    const wrong = this.wrong.get(name);
    return html`<label class="field">
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
        aria-invalid=${wrong !== undefined}
        placeholder=${valueLabel(name, this.inherited) || msg('the model’s own')}
        .value=${wrong === undefined ? live(String(this.settings.sampling?.[name] ?? '')) : nothing}
        @change=${({ target }: Event & { target: HTMLInputElement }) => this.#onNumber(name, target)}
      />
      ${this.#renderNotes(help, cannot, wrong)}
    </label>`;
  }

  #renderStops(): TemplateResult {
    const { name: label, help } = settingLabels('stop');
    const cannot = this.#cannot('stop', label);
    const wrong = this.wrong.get('stop');
    const lines = (this.settings.sampling?.stop ?? []).map((stop) =>
      stop.replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
    );
    return html`<label class="field">
      <span>${label}</span>
      <textarea
        name="stop"
        class="stops"
        rows="2"
        spellcheck="false"
        ?disabled=${cannot !== undefined}
        aria-invalid=${wrong !== undefined}
        .value=${wrong === undefined ? live(lines.join('\n')) : nothing}
        @change=${({ target }: Event & { target: HTMLTextAreaElement }) => this.#onStops(target.value)}
      ></textarea>
      ${this.#renderNotes(help, cannot, wrong)}
    </label>`;
  }

  #renderThinking(): TemplateResult {
    const { name: label, help } = settingLabels('thinking');
    const cannot =
      this.support === undefined || this.support.thinkingSwitch
        ? undefined
        : this.model === ''
          ? msg('This model cannot be told whether to think.')
          : msg(str`${this.model} cannot be told whether to think.`);
    const { thinking } = this.settings;
    return html`<label class="field">
      <span>${label}</span>
      <select
        name="thinking"
        ?disabled=${cannot !== undefined}
        .value=${live(thinking === undefined ? '' : String(thinking))}
        @change=${({ target }: Event & { target: HTMLSelectElement }) =>
          this.#change(
            withSettings(this.settings, { thinking: target.value === '' ? undefined : target.value === 'true' }),
          )}
      >
        <option value="" ?selected=${thinking === undefined}>
          ${
            this.inherited.thinking === undefined
              ? msg('As the model does by itself')
              : msg(str`As for all chats: ${valueLabel('thinking', this.inherited)}`)
          }
        </option>
        <option value="true" ?selected=${thinking === true}>${msg('On')}</option>
        <option value="false" ?selected=${thinking === false}>${msg('Off')}</option>
      </select>
      ${this.#renderNotes(help, cannot, undefined)}
    </label>`;
  }

  #renderPolicy(): TemplateResult {
    const { contextPolicy } = this.settings;
    const choices = [
      ['ask', msg('Ask me')],
      ['summarise', msg('Summarise the oldest part')],
      ['fork', msg('Go on in a new chat, with a summary')],
    ] as const;
    const inherited = choices.find(([value]) => value === (this.inherited.contextPolicy ?? 'ask'))?.[1] ?? '';
    return html`<label class="field">
      <span>${msg('When the context window is full')}</span>
      <select
        name="contextPolicy"
        @change=${({ target }: Event & { target: HTMLSelectElement }) => {
          const chosen = choices.find(([value]) => value === target.value)?.[0];
          this.#change(withSettings(this.settings, { contextPolicy: chosen }));
        }}
      >
        <option value="" ?selected=${contextPolicy === undefined}>${inherited}</option>
        ${choices
          .filter(([, words]) => words !== inherited)
          .map(([value, words]) => html`<option value=${value} ?selected=${contextPolicy === value}>${words}</option>`)}
      </select>
      <span class="help">${msg('The context window is what the model reads at once. Nothing is ever left out of it silently.')}</span>
    </label>`;
  }

  #renderNotes(help: string, cannot: string | undefined, wrong: string | undefined): TemplateResult {
    return html`<span class="help ${cannot === undefined ? '' : 'cannot'}">${cannot ?? help}</span>
      ${wrong === undefined ? nothing : html`<span class="wrong" role="alert">${wrong}</span>`}`;
  }

  #cannot(name: SamplingNumber | 'stop', label: string): string | undefined {
    if (this.support === undefined || this.support.sampling.includes(name)) return undefined;
    const set = valueLabel(name, this.settings) || valueLabel(name, this.inherited);
    const who = this.model === '' ? msg('this model') : this.model;
    return set === ''
      ? msg(str`The engine of ${who} has no ${label}.`)
      : msg(str`The engine of ${who} has no ${label}: ${set} is kept for other models, and not used with this one.`);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-sampling-form': SamplingForm;
  }
  interface HTMLElementEventMap {
    'alcove-settings-change': SettingsChangeEvent;
  }
}
