import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { textButton } from '../base/text-button.ts';
import { customElement } from '../lib/custom-element.ts';
import { locale } from '../lib/locale.ts';
import {
  type Availability,
  installRecognition,
  localVoices,
  recognitionAvailability,
  spokenLanguage,
} from '../voice/on-device.ts';
import { type Appearance, AppearanceChangeEvent, applyAppearance, readAppearance } from './appearance-settings.ts';

/**
 * @summary Reading aloud and dictation. Both are off by default, and available only where the browser does them on the
 *   device.
 */
@customElement('alcove-voice-settings')
export class VoiceSettings extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        gap: 8px;
      }

      label {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        font-size: var(--_text-s);
        cursor: pointer;
      }

      p {
        padding-inline-start: calc(1.125 * var(--_rem) + 10px);
        font-size: var(--_text-s);
      }

      .button {
        margin-block-start: 8px;
      }
    `,
  ];

  @state() private settings = readAppearance();
  /** Number of voices on this device; undefined until the browser reports them. */
  @state() private voices: number | undefined;
  @state() private recognition: Availability | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void localVoices().then((voices) => {
      this.voices = voices.length;
    });
    void this.#checkRecognition();
  }

  async #checkRecognition(): Promise<void> {
    this.recognition = await recognitionAvailability();
  }

  #set(change: Partial<Appearance>): void {
    this.settings = { ...readAppearance(), ...change };
    applyAppearance(this.settings);
    this.dispatchEvent(new AppearanceChangeEvent(this.settings));
  }

  async #install(): Promise<void> {
    this.recognition = 'downloading';
    await installRecognition().catch(() => false);
    await this.#checkRecognition();
  }

  override render(): TemplateResult {
    const { readAloud, dictation } = this.settings;
    const canRead = this.voices !== undefined && this.voices > 0;
    const canDictate = this.recognition === 'available';
    return html`<h2>${msg('Voice')}</h2>
      <label>
        <input
          type="checkbox"
          .checked=${readAloud === 'on' && canRead}
          ?disabled=${!canRead}
          @change=${() => this.#set({ readAloud: readAloud === 'on' ? 'off' : 'on' })}
        />
        ${msg('Show a button that reads answers aloud')}
      </label>
      <p class="muted">${this.#voicesLabel()}</p>
      <label>
        <input
          type="checkbox"
          .checked=${dictation === 'on' && canDictate}
          ?disabled=${!canDictate}
          @change=${() => this.#set({ dictation: dictation === 'on' ? 'off' : 'on' })}
        />
        ${msg('Show a button to dictate messages')}
      </label>
      <p class="muted">
        ${this.#recognitionLabel()}
        ${
          this.recognition === 'downloadable'
            ? html`<br />${textButton(msg('Download speech recognition'), this.#install)}`
            : nothing
        }
      </p>`;
  }

  #voicesLabel(): string {
    if (this.voices === undefined) return msg('Asking the browser…');
    return this.voices === 0
      ? msg('This browser has no voice that works on this device. Voices that send the text elsewhere are not used.')
      : msg('Spoken on this device. Only voices that do not send the text elsewhere are used.');
  }

  #recognitionLabel(): string {
    const language = languageName(spokenLanguage());
    switch (this.recognition) {
      case undefined:
        return msg('Asking the browser…');
      case 'available':
        return msg(str`Recognised on this device (${language}). Your voice is not sent anywhere.`);
      case 'downloadable':
        return msg(
          str`To dictate in ${language}, the browser first downloads a speech model from its maker. Your voice then stays on this device.`,
        );
      case 'downloading':
        return msg('The browser is downloading speech recognition.');
      case 'unavailable':
        return msg(
          str`This browser does not recognise ${language} on this device. It would send your voice to its maker, so dictation stays off.`,
        );
    }
  }
}

function languageName(tag: string): string {
  return new Intl.DisplayNames([locale()], { type: 'language' }).of(tag) ?? tag;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-voice-settings': VoiceSettings;
  }
}
