import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { customElement } from '../lib/custom-element.ts';
import { formatSeconds } from '../lib/format.ts';
import './markdown-view.ts';

/**
 * @summary A model's reasoning, folded to one line: its end while it streams, then its duration. Opened, it shows the whole
 *   text as it streams.
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

    .last {
      display: block;
      max-inline-size: 100%;
      overflow: hidden;
      font-style: italic;
      text-overflow: ellipsis;
      white-space: nowrap;
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
      ${this.streaming && !this.isOpen ? html`<span class="last" dir="auto" aria-hidden="true">${lastWords(this.text)}</span>` : nothing}
      ${
        this.isOpen
          ? html`<div class="thoughts"><alcove-markdown .text=${this.text} ?streaming=${this.streaming}></alcove-markdown></div>`
          : nothing
      }
    </details>`;
  }
}

/** Characters of the line that is shown while the model thinks. */
const LAST_CHARACTERS = 90;

/** The end of a text, from the beginning of its last line or of a word, without the marks of Markdown. */
function lastWords(text: string): string {
  const line =
    text
      .trimEnd()
      .slice(-4 * LAST_CHARACTERS)
      .split('\n')
      .at(-1) ?? '';
  const plain = line.replace(/[#*_`>]+/g, '').trim();
  return plain.length <= LAST_CHARACTERS ? plain : `… ${plain.slice(-LAST_CHARACTERS).replace(/^\S*\s/, '')}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-reasoning': ReasoningView;
  }
}
