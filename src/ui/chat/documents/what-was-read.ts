import { msg } from '@lit/localize';
import { css, html, LitElement, type nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { PassageOnPath } from '../../../chat/prompt/read-passages.ts';
import type { NumberedPassage } from '../../../documents/retrieval/quoted-documents.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { PanelEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { plural } from '../../lib/plural.ts';
import { markReferences, referenceStyles } from './mark-references.ts';
import { type Documents, passageLabel, withTexts } from './passages-read.ts';

/** Stands for a file's name in a plural message, which the name itself could break. */
const NAME = '{name}';

/**
 * @summary What the model has read of documents for an answer, below it. Makes links of the numbers of passages in the answer,
 *   and marks quotes that are in no passage.
 * @event alcove-panel
 */
@customElement('alcove-what-was-read')
export class WhatWasRead extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin-block-start: 8px;
      }

      button {
        min-block-size: var(--_target, 28px);
        padding: 2px 0;
        border: 0;
        background: none;
        color: var(--_text-muted);
        font: inherit;
        font-size: var(--_text-xs);
        cursor: pointer;
        text-align: start;
        text-decoration: underline;
        text-underline-offset: 0.2em;
        overflow-wrap: anywhere;
      }

      button:hover {
        color: var(--_text);
      }
    `,
  ];

  /** In the prompt for the answer. */
  @property({ attribute: false }) passages: readonly PassageOnPath[] = [];

  @property({ attribute: false }) documents: Documents | undefined;

  #texts: readonly NumberedPassage[] | undefined;
  /** Markdown is rendered in steps, and code again when it is coloured. */
  readonly #renders = new MutationObserver(() => this.#mark());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#renders.disconnect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#mark();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('passages') || changed.has('documents')) void this.#read();
  }

  async #read(): Promise<void> {
    const { passages, documents } = this;
    const texts = await (documents && withTexts(passages, documents))?.catch(() => undefined);
    if (passages !== this.passages) return;
    this.#texts = texts;
    this.#mark();
  }

  #mark(): void {
    const texts = this.#texts;
    const { parentElement: message } = this;
    this.#renders.disconnect();
    if (texts === undefined || message === null) return;
    // Markdown is loaded with the first answer, and may come later.
    this.#renders.observe(message, { childList: true });
    const marks = { link: (number: number) => this.#link(number), notFound: msg('Not found in the document') };
    for (const { shadowRoot, updateComplete } of message.querySelectorAll('alcove-markdown')) {
      const answer = shadowRoot?.querySelector('.formatted');
      if (shadowRoot == null || answer == null) {
        void updateComplete.then(() => this.#mark());
        continue;
      }
      const sheet = referenceStyles.styleSheet;
      if (sheet !== undefined && !shadowRoot.adoptedStyleSheets.includes(sheet))
        shadowRoot.adoptedStyleSheets.push(sheet);
      markReferences(answer, texts, marks);
      this.#renders.observe(answer, { childList: true, subtree: true });
    }
  }

  #link(number: number): HTMLElement | undefined {
    const found = this.passages.find(({ passage }) => passage.number === number);
    if (found === undefined) return undefined;
    const link = document.createElement('button');
    link.type = 'button';
    link.className = 'passage-link';
    link.textContent = `[${number}]`;
    link.setAttribute('aria-label', passageLabel(found));
    link.title = passageLabel(found);
    link.addEventListener('click', () => this.#open(number));
    return link;
  }

  #open(number?: number): void {
    this.dispatchEvent(new PanelEvent('reading', false, { passages: this.passages, number }));
  }

  override render(): TemplateResult | typeof nothing {
    const byDocument = Map.groupBy(this.passages, ({ document }) => document.sha256);
    return html`${[...byDocument.values()].map(
      (passages) => html`<button type="button" @click=${() => this.#open()}>${summaryOf(passages)}</button>`,
    )}`;
  }
}

/** "All 14 pages of report.pdf were read". */
function summaryOf(passages: readonly PassageOnPath[]): TemplateResult | string {
  const whole = passages.find(({ document }) => document.isWhole)?.document;
  const { name = '' } = whole ?? passages[0]?.document ?? {};
  const words =
    whole === undefined
      ? plural(
          passages.length,
          msg('one: # passage of {name} was read | other: # passages of {name} were read', { desc: '{name}: a file' }),
        )
      : plural(
          whole.pages,
          msg('one: All of {name} was read | other: All # pages of {name} were read', { desc: '{name}: a file' }),
        );
  const [before, after = ''] = words.split(NAME);
  return html`${before}<bdi>${name}</bdi>${after}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-what-was-read': WhatWasRead;
  }
}
