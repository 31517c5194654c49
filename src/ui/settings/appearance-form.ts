import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import { type Appearance, AppearanceChangeEvent, applyAppearance, readAppearance } from './appearance-settings.ts';

/** Each language by its own name, for a user who cannot read the current one. */
const LANGUAGES: readonly (readonly [Appearance['language'], () => string])[] = [
  ['system', () => msg('System')],
  ['en', () => 'English'],
  ['de', () => 'Deutsch'],
  ['fr', () => 'Français'],
  ['es', () => 'Español'],
  ['pt', () => 'Português'],
  ['zh-Hans', () => '简体中文'],
  ['ja', () => '日本語'],
  ['ar', () => 'العربية'],
];

const THEMES: readonly (readonly [Appearance['theme'], () => string])[] = [
  ['system', () => msg('System')],
  ['light', () => msg('Light')],
  ['dark', () => msg('Dark')],
];

const CONTRASTS: readonly (readonly [Appearance['contrast'], () => string])[] = [
  ['system', () => msg('System')],
  ['more', () => msg('High')],
];

const TEXT_SIZES: readonly (readonly [Appearance['textSize'], () => string])[] = [
  ['small', () => msg('Small')],
  ['normal', () => msg('Normal')],
  ['large', () => msg('Large')],
  ['larger', () => msg('Larger')],
];

const ENTER_KEYS: readonly (readonly [Appearance['enterKey'], () => string])[] = [
  ['auto', () => msg('Automatic')],
  ['send', () => msg('Sends the message')],
  ['newline', () => msg('Starts a new line')],
];

/** @summary The app's language, theme, contrast, text size, and what Enter does. Changes apply at once. */
@customElement('alcove-appearance-form')
export class AppearanceForm extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      :host {
        gap: 24px;
      }

      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }

      legend {
        margin-block-end: 10px;
        padding: 0;
        font-size: var(--_text-s);
        font-weight: 650;
      }

      .choices {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 8px;
      }

      .language {
        max-inline-size: calc(20 * var(--_rem));
      }

      .language > span:first-child {
        font-weight: 650;
      }

      .choices label {
        display: inline-flex;
        align-items: center;
        min-block-size: 44px;
        padding-inline: 16px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
        font-size: var(--_text-s);
        cursor: pointer;
      }

      .choices label:hover {
        background: var(--_hover);
      }

      .choices label:has(:checked) {
        border-color: var(--_accent);
        background: var(--_accent-soft);
        box-shadow: inset 0 0 0 1px var(--_accent);
        font-weight: 600;
      }

      .choices label:has(:focus-visible) {
        outline: 2px solid var(--_accent);
        outline-offset: 2px;
      }

      p {
        margin-block-start: 8px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }

      input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }

      @media (forced-colors: active) {
        .choices label:has(:checked) {
          outline: 3px solid Highlight;
        }
      }
    `,
  ];

  @state() private settings: Appearance = readAppearance();

  #set(change: Partial<Appearance>): void {
    // The voice settings may have changed their part of the stored value meanwhile.
    this.settings = { ...readAppearance(), ...change };
    applyAppearance(this.settings);
    this.dispatchEvent(new AppearanceChangeEvent(this.settings));
  }

  override render(): TemplateResult {
    const { language, theme, contrast, textSize, enterKey } = this.settings;
    return html`<h2>${msg('Appearance')}</h2>
    ${this.#renderLanguage(language)}
    ${this.#renderChoice(msg('Theme'), 'theme', THEMES, theme, (value) => this.#set({ theme: value }))}
    ${this.#renderChoice(msg('Contrast'), 'contrast', CONTRASTS, contrast, (value) => this.#set({ contrast: value }))}
    ${this.#renderChoice(msg('Text size'), 'text-size', TEXT_SIZES, textSize, (value) => this.#set({ textSize: value }))}
    ${this.#renderChoice(msg('Enter key'), 'enter-key', ENTER_KEYS, enterKey, (value) => this.#set({ enterKey: value }), enterKeyHelp())}`;
  }

  #renderLanguage(chosen: Appearance['language']): TemplateResult {
    const choose = ({ target }: Event): void => {
      const language = LANGUAGES[(target as HTMLSelectElement).selectedIndex]?.[0];
      if (language !== undefined) this.#set({ language });
    };
    return html`<label class="field language">
      <span>${msg('Language')}</span>
      <select @change=${choose}>
        ${LANGUAGES.map(
          ([value, label]) => html`<option
            value=${value}
            lang=${value === 'system' ? nothing : value}
            ?selected=${value === chosen}
          >${label()}</option>`,
        )}
      </select>
    </label>`;
  }

  #renderChoice<Value extends string>(
    title: string,
    name: string,
    choices: readonly (readonly [Value, () => string])[],
    chosen: Value,
    choose: (value: Value) => void,
    help?: string,
  ): TemplateResult {
    return html`<fieldset>
      <legend>${title}</legend>
      <div class="choices">
        ${choices.map(
          ([value, label]) => html`<label>
            <input type="radio" name=${name} .checked=${value === chosen} @change=${() => choose(value)} />${label()}
          </label>`,
        )}
      </div>
      ${help === undefined ? nothing : html`<p>${help}</p>`}
    </fieldset>`;
  }
}

function enterKeyHelp(): string {
  return msg(
    'Automatic: Enter sends, except on touch screens, where it starts a new line. Shift+Enter always starts a new line, Ctrl+Enter always sends.',
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-appearance-form': AppearanceForm;
  }
}
