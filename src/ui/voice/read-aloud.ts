import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import speaker from 'lucide-static/icons/volume-2.svg?raw';
import { baseStyles } from '../base/base.styles.ts';
import { iconOf } from '../base/icon.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatLocale, locale } from '../lib/locale.ts';
import { speakable } from '../lib/sentence-announcer.ts';
import { localVoices, voiceFor } from './on-device.ts';
import '../base/icon.ts';

/** @summary A button that reads an answer aloud with a voice of the device, and stops it. */
@customElement('alcove-read-aloud')
export class ReadAloud extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
      }

      .icon-button {
        inline-size: calc(2.25 * var(--_rem));
        block-size: calc(2.25 * var(--_rem));
        font-size: calc(0.875 * var(--_rem));
      }
    `,
  ];

  @property({ attribute: false }) text = '';

  @state() private status: 'silent' | 'speaking' | 'no-voice' = 'silent';

  /** Number of the current reading; a new reading ends the one before. */
  #reading = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.status === 'speaking') this.#stop();
  }

  #stop(): void {
    this.#reading += 1;
    speechSynthesis.cancel();
    this.status = 'silent';
  }

  async #toggle(): Promise<void> {
    if (this.status === 'speaking') {
      this.#stop();
      return;
    }
    const voice = voiceFor(this.text, await localVoices(), formatLocale());
    if (voice === undefined) {
      this.status = 'no-voice';
      return;
    }
    speechSynthesis.cancel();
    this.status = 'speaking';
    this.#reading += 1;
    const reading = this.#reading;
    // One sentence at a time: some browsers cut a long utterance off.
    const sentences = [...new Intl.Segmenter(locale(), { granularity: 'sentence' }).segment(speakable(this.text))];
    for (const { segment } of sentences) {
      if (segment.trim() !== '') await speakSentence(segment, voice);
      if (reading !== this.#reading) return;
    }
    this.status = 'silent';
  }

  override render(): TemplateResult {
    const label = {
      silent: msg('Read aloud'),
      speaking: msg('Stop reading'),
      'no-voice': msg('This device has no voice for this language'),
    }[this.status];
    return html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${this.#toggle}>
      ${this.status === 'speaking' ? html`<alcove-icon name="stop"></alcove-icon>` : iconOf(speaker)}
    </button>`;
  }
}

function speakSentence(text: string, voice: SpeechSynthesisVoice): Promise<void> {
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = () => resolve();
    utterance.onerror = () => resolve();
    speechSynthesis.speak(utterance);
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-read-aloud': ReadAloud;
  }
}
