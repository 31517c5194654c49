import { msg, str } from '@lit/localize';
import { css, html, LitElement, noChange, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { type SettingsSupport, withSampling, withSettings } from '../../chat/settings/effective-settings.ts';
import { MOST_STOPS, type SamplingNumber } from '../../chat/settings/setting-limits.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural } from '../lib/plural.ts';
import type { SamplingNumberChangeEvent } from './sampling-number-field.ts';
import { settingLabels, valueLabel } from './setting-labels.ts';
import './sampling-number-field.ts';

/** The user changed a setting; sent when its field loses the focus, and when a slider is let go. */
export class SettingsChangeEvent extends Event {
  static readonly eventName = 'alcove-settings-change';
  readonly settings: ChatSettings;

  constructor(settings: ChatSettings) {
    super(SettingsChangeEvent.eventName);
    this.settings = settings;
  }
}

/** Settings that many users change come first; few users change the others. */
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
 * @summary The system prompt, sampling, reasoning and what happens when the context window is full; for one chat or all.
 *   An invalid value is not taken, and a message says why.
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
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 15 * var(--_rem)), 1fr));
        gap: 18px 24px;
        align-items: start;
      }

      textarea {
        min-block-size: calc(6.5 * var(--_rem));
        line-height: 1.5;
        resize: vertical;
      }

      .stops {
        min-block-size: calc(4 * var(--_rem));
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

  /** The values that apply where `settings` has none. */
  @property({ attribute: false }) inherited: ChatSettings = {};

  /** What the model's engine supports; undefined while no model is chosen: then every setting is enabled. */
  @property({ attribute: false }) support: SettingsSupport | undefined;

  /** The model's name, for messages about unsupported settings. */
  @property() model = '';

  /** Why the stop strings are not taken. */
  @state() private stopError: string | undefined;

  #change(settings: ChatSettings): void {
    this.settings = settings;
    this.dispatchEvent(new SettingsChangeEvent(settings));
  }

  #onStops(text: string): void {
    const stops = text
      .split('\n')
      .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'))
      .filter((line) => line !== '');
    if (stops.length > MOST_STOPS) {
      this.stopError = plural(MOST_STOPS, msg('one: At most # line. | other: At most # lines.'));
      return;
    }
    this.stopError = undefined;
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
          placeholder=${this.inherited.systemPrompt ?? msg('e.g. You are a helpful assistant. Leave empty for the model’s default.')}
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
    return html`<alcove-sampling-number-field
      .name=${name}
      .value=${this.settings.sampling?.[name]}
      .inherited=${this.inherited.sampling?.[name]}
      .standard=${this.support?.samplingDefaults?.[name]}
      .cannot=${this.#cannot(name, settingLabels(name).name)}
      @alcove-sampling-number-change=${({ value }: SamplingNumberChangeEvent) =>
        this.#change(withSampling(this.settings, { [name]: value }))}
    ></alcove-sampling-number-field>`;
  }

  #renderStops(): TemplateResult {
    const { name: label, help } = settingLabels('stop');
    const cannot = this.#cannot('stop', label);
    const wrong = this.stopError;
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
        .value=${wrong === undefined ? live(lines.join('\n')) : noChange}
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
          ? msg('Thinking cannot be turned on or off for this model.')
          : msg(str`Thinking cannot be turned on or off for ${this.model}.`);
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
              ? msg('The model’s default')
              : msg(str`Same as All chats: ${valueLabel('thinking', this.inherited)}`)
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
      ['fork', msg('Continue in a new chat with a summary')],
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
      <span class="help">${msg('The context window is how much the model can read at once. Alcove never drops messages without telling you.')}</span>
    </label>`;
  }

  #renderNotes(help: string, cannot: string | undefined, wrong: string | undefined): TemplateResult {
    return html`<span class="help ${cannot === undefined ? '' : 'cannot'}">${cannot ?? help}</span>
      ${wrong === undefined ? nothing : html`<span class="wrong" role="alert">${wrong}</span>`}`;
  }

  #cannot(name: SamplingNumber | 'stop', label: string): string | undefined {
    if (this.support === undefined || this.support.sampling.includes(name)) return undefined;
    const set = valueLabel(name, this.settings) || valueLabel(name, this.inherited);
    const who = this.model === '' ? msg('This model') : this.model;
    return set === ''
      ? msg(str`${who} does not support ${label}.`)
      : msg(str`${who} does not support ${label}. Your value, ${set}, is kept for other models.`);
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
