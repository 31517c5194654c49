import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { customElement } from '../lib/custom-element.ts';
import { formatSeconds } from '../lib/format.ts';
import './markdown-view.ts';

/**
 * @summary A model's reasoning, folded to one line with its duration. Opened, it shows the text as it streams; folded, it
 *   renders nothing of it.
 */
@customElement('alcove-reasoning')
export class ReasoningView extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
      margin-block-end: 8px;
      color: var(--_text-muted);
      font-size: var(--_text-s);
    }

    summary {
      inline-size: fit-content;
      padding-block: 4px;
      border-radius: 4px;
      cursor: pointer;
    }

    summary:focus-visible {
      outline: 2px solid var(--_accent);
      outline-offset: 2px;
    }

    .thoughts {
      margin-block: 4px 12px;
      padding-inline-start: 12px;
      border-inline-start: 2px solid var(--_border);
    }

    @media (pointer: coarse) {
      summary {
        padding-block: 10px;
      }
    }
  `;

  @property({ attribute: false }) text = '';

  @property({ type: Boolean }) streaming = false;

  /** Duration in ms; undefined where it was not measured. */
  @property({ attribute: false }) durationMs: number | undefined;

  @state() private isOpen = false;

  #onToggle(event: Event): void {
    this.isOpen = event.target instanceof HTMLDetailsElement && event.target.open;
  }

  #summary(): string {
    if (this.streaming) return msg('Thinking…');
    if (this.durationMs === undefined) return msg('Thinking');
    return msg(str`Thought for ${formatSeconds(Math.max(0.1, this.durationMs / 1_000))}`);
  }

  override render(): TemplateResult {
    return html`<details @toggle=${this.#onToggle}>
      <summary>${this.#summary()}</summary>
      ${
        this.isOpen
          ? html`<div class="thoughts"><alcove-markdown .text=${this.text} ?streaming=${this.streaming}></alcove-markdown></div>`
          : nothing
      }
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-reasoning': ReasoningView;
  }
}
