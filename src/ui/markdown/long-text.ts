import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { textButton } from '../base/text-button.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatNumber } from '../lib/format.ts';
import { PlainText } from './plain-text.ts';
import { searchHighlightStyles } from './search-highlight.styles.ts';

/** Characters of a long text that are shown until the user asks for the rest. */
const START_LENGTH = 2_000;

/**
 * @summary A very long plain text: its start, and the rest on demand, in pieces of which only those in view are laid out.
 */
@customElement('alcove-long-text')
export class LongText extends LitElement {
  static override readonly styles = [
    baseStyles,
    searchHighlightStyles,
    css`
      :host {
        overflow-wrap: anywhere;
      }

      .rest {
        white-space: pre-wrap;
      }

      .rest > span {
        display: block;
        content-visibility: auto;
        contain-intrinsic-size: auto 40rem;
      }

      .button {
        margin-block-start: 8px;
      }
    `,
  ];

  @property({ attribute: false }) text = '';

  @state() private isWhole = false;

  #plain: PlainText | undefined;

  /** Shows the whole text, if its start would end before this index. */
  showTo(at: number): void {
    if (at > START_LENGTH) this.isWhole = true;
  }

  protected override updated(_: PropertyValues<this>): void {
    const holder = this.renderRoot.querySelector('.text');
    if (holder === null) return;
    const shown = this.isWhole ? this.text : `${this.text.slice(0, START_LENGTH).trimEnd()}…`;
    if (this.#plain?.update(shown)) return;
    holder.replaceChildren();
    this.#plain = new PlainText(holder);
    this.#plain.update(shown);
  }

  override render(): TemplateResult {
    return html`<div class="text"></div>
      ${
        this.isWhole
          ? nothing
          : textButton(msg(str`Show all ${formatNumber(this.text.length)} characters`), () => {
              this.isWhole = true;
            })
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-long-text': LongText;
  }
}
