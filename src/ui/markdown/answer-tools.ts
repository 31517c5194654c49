import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import source from 'lucide-static/icons/code-xml.svg?raw';
import formatted from 'lucide-static/icons/file-type.svg?raw';
import { baseStyles } from '../base.styles.ts';
import { iconOf } from '../icon.ts';

/** How long "Copied" stands on a button. */
const COPIED_MS = 2_000;

/**
 * @summary What can be done with an answer's formatting: copy it as formatted text, or see what the model wrote.
 * @event alcove-copy-formatted Its `done` is what the copying comes to.
 * @event alcove-toggle-source
 */
@customElement('alcove-answer-tools')
export class AnswerTools extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
      }

      .icon-button {
        inline-size: 2.25rem;
        block-size: 2.25rem;
        font-size: 0.875rem;
      }

      .icon-button[aria-pressed='true'] {
        color: var(--_accent-text);
      }
    `,
  ];

  /** The answer is shown as it was written. */
  @property({ type: Boolean }) pressed = false;

  /** Copies the answer as formatted text. */
  @property({ attribute: false }) copyFormatted: (() => Promise<void>) | undefined;

  @state() private outcome: string | undefined;

  async #copy(): Promise<void> {
    try {
      await this.copyFormatted?.();
      this.outcome = msg('Copied');
    } catch {
      this.outcome = msg('Not allowed');
    }
    setTimeout(() => {
      this.outcome = undefined;
    }, COPIED_MS);
  }

  #toggle(): void {
    this.dispatchEvent(new Event('alcove-toggle-source'));
  }

  override render(): TemplateResult {
    const copyLabel = this.outcome ?? msg('Copy as formatted text');
    const sourceLabel = msg('As it was written');
    return html`<button type="button" class="icon-button" aria-label=${copyLabel} title=${copyLabel} @click=${this.#copy}>
        ${iconOf(formatted)}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label=${sourceLabel}
        title=${sourceLabel}
        aria-pressed=${this.pressed}
        @click=${this.#toggle}
      >
        ${iconOf(source)}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-answer-tools': AnswerTools;
  }
}
