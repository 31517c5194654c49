import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import microphone from 'lucide-static/icons/mic.svg?raw';
import { baseStyles } from '../base/base.styles.ts';
import { iconOf } from '../base/icon.ts';
import { customElement } from '../lib/custom-element.ts';
import { localRecognition, type Recognition, recognitionAvailability } from './on-device.ts';
import '../base/icon.ts';

export class DictatedEvent extends Event {
  static readonly eventName = 'alcove-dictated';
  readonly text: string;

  constructor(text: string) {
    super(DictatedEvent.eventName);
    this.text = text;
  }

  /** Inserts the text at the cursor, with a space before it where needed. */
  insertInto(field: HTMLTextAreaElement | null | undefined): void {
    if (!field) return;
    const { selectionStart, selectionEnd, value } = field;
    const gap = selectionStart === 0 || /\s$/.test(value.slice(0, selectionStart)) ? '' : ' ';
    field.setRangeText(gap + this.text, selectionStart, selectionEnd, 'end');
    // Dictated text saves the draft like typed text.
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  }
}

/**
 * @summary Dictates a message; the browser recognises speech on the device.
 * @event alcove-dictated
 */
@customElement('alcove-dictation')
export class Dictation extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
      }

      .icon-button {
        border-radius: 10px;
      }

      .listening {
        background: var(--_danger-soft);
        color: var(--_danger);
      }
    `,
  ];

  @state() private status: 'idle' | 'listening' | 'refused' = 'idle';

  #recognition: Recognition | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#recognition?.abort();
  }

  async #toggle(): Promise<void> {
    if (this.#recognition !== undefined) {
      this.#recognition.stop();
      return;
    }
    // Availability may have changed since the user turned dictation on.
    if ((await recognitionAvailability()) !== 'available') {
      this.status = 'refused';
      return;
    }
    const recognition = localRecognition();
    recognition.addEventListener('result', (event) => this.#onResult(event));
    recognition.addEventListener('error', () => {
      this.status = 'refused';
    });
    recognition.addEventListener('end', () => {
      this.#recognition = undefined;
      if (this.status === 'listening') this.status = 'idle';
    });
    this.#recognition = recognition;
    this.status = 'listening';
    recognition.start();
  }

  #onResult(event: Event): void {
    const { results, resultIndex } = event as Event & {
      readonly results: SpeechRecognitionResultList;
      readonly resultIndex: number;
    };
    const transcripts = [...results]
      .slice(resultIndex)
      .filter(({ isFinal }) => isFinal)
      .map((result) => result[0]?.transcript ?? '');
    const text = transcripts.join(' ').trim();
    if (text !== '') this.dispatchEvent(new DictatedEvent(text));
  }

  override render(): TemplateResult {
    const label = {
      idle: msg('Dictate'),
      listening: msg('Stop listening'),
      refused: msg('Dictation is off: the browser did not allow it, or cannot recognise this language on this device'),
    }[this.status];
    return html`<button
      type="button"
      class="icon-button ${this.status}"
      aria-label=${label}
      title=${label}
      aria-pressed=${this.status === 'listening'}
      @click=${this.#toggle}
    >
      ${iconOf(microphone)}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-dictation': Dictation;
  }
  interface HTMLElementEventMap {
    'alcove-dictated': DictatedEvent;
  }
}
