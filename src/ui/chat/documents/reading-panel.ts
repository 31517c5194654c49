import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PassageOnPath } from '../../../chat/prompt/read-passages.ts';
import type { DocumentText } from '../../../documents/document-text.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { panelStyles } from '../../base/panel.styles.ts';
import { textButton } from '../../base/text-button.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatNumber } from '../../lib/format.ts';
import { type Documents, pageName, passageLabel } from './passages-read.ts';

/** Characters around a passage that are shown of a page: a text file is one page, of any length. */
const AROUND = 20_000;

/**
 * @summary The panel of what was read for an answer: the list of passages, or a document at one of them, with the passage
 *   marked.
 */
@customElement('alcove-reading-panel')
export class ReadingPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      ol,
      section {
        display: grid;
        gap: 8px;
      }

      .passage {
        display: grid;
        gap: 2px;
        inline-size: 100%;
        padding: 10px 14px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
        overflow-wrap: anywhere;
      }

      .passage:hover {
        border-color: var(--_accent);
      }

      .pages {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
      }

      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        line-height: 1.6;
      }

      mark {
        border-radius: 3px;
        background: color-mix(in srgb, var(--_accent) 22%, transparent);
        color: inherit;
      }

      @media (forced-colors: active) {
        mark {
          background: Mark;
          color: MarkText;
        }
      }
    `,
  ];

  @property({ attribute: false }) documents: Documents | undefined;

  @property({ attribute: false }) passages: readonly PassageOnPath[] = [];

  /** The passage that is shown in its document; undefined for the list of all. */
  @property({ type: Number }) number: number | undefined;

  /** Index of the page that is shown; undefined for that of the passage. */
  @state() private page: number | undefined;

  /** Of the document that is shown; `gone` where its file is no longer there. */
  @state() private text: DocumentText | 'gone' | undefined;

  #shown: string | undefined;

  get #passage(): PassageOnPath | undefined {
    return this.passages.find(({ passage }) => passage.number === this.number);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('number') || changed.has('passages')) this.page = undefined;
    const { sha256, name } = this.#passage?.document ?? {};
    if (sha256 === this.#shown) return;
    this.#shown = sha256;
    this.text = undefined;
    if (sha256 !== undefined && name !== undefined) void this.#read(sha256, name);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('text') || changed.has('number')) {
      this.renderRoot.querySelector('mark')?.scrollIntoView({ block: 'center', behavior: 'instant' });
    }
  }

  async #read(sha256: string, name: string): Promise<void> {
    const text = (await this.documents?.textOf(sha256, name).catch(() => undefined)) ?? 'gone';
    if (this.#shown === sha256) this.text = text;
  }

  override render(): TemplateResult {
    const shown = this.#passage;
    return shown === undefined ? this.#renderList() : this.#renderDocument(shown);
  }

  #renderList(): TemplateResult {
    if (this.passages.length === 0)
      return html`<p class="muted">${msg('Nothing of a document has been read in this chat.')}</p>`;
    return html`<p class="muted small">
        ${msg('The model was given these passages together with your question. Open one to see it in its document.')}
      </p>
      <ol>
        ${this.passages.map((one) => html`<li>${this.#renderPassage(one)}</li>`)}
      </ol>`;
  }

  #renderPassage({ document, passage }: PassageOnPath): TemplateResult {
    const tokens = formatNumber(passage.tokens);
    const facts = [
      pageName(passage),
      msg(str`≈ ${tokens} tokens`),
      passage.score === undefined ? '' : msg(str`score ${formatNumber(passage.score)}`),
    ];
    return html`<button type="button" class="passage" @click=${() => this.#show(passage.number)}>
      <span><span class="numbers">[${passage.number}]</span> <bdi>${document.name}</bdi></span>
      <span class="muted small">${facts.filter((fact) => fact !== '').join(' · ')}</span>
    </button>`;
  }

  #show(number: number | undefined): void {
    this.number = number;
  }

  #renderDocument(shown: PassageOnPath): TemplateResult {
    return html`<div class="pages">${textButton(msg('All passages that were read'), () => this.#show(undefined))}</div>
      <section aria-label=${passageLabel(shown)}>
        <h3><bdi>${shown.document.name}</bdi></h3>
        ${this.#renderText(shown)}
      </section>`;
  }

  #renderText({ document, passage }: PassageOnPath): TemplateResult | typeof nothing {
    const { text } = this;
    if (text === undefined) return nothing;
    if (text === 'gone') {
      return html`<p class="muted">${msg('The file is no longer on this device, so the passage cannot be shown.')}</p>`;
    }
    const at = this.page ?? passage.page;
    const page = text.pages[at];
    const { start, end } = at === passage.page ? passage : { start: 0, end: 0 };
    const whole = page?.text ?? '';
    const from = Math.max(0, start - AROUND);
    const to = Math.min(whole.length, end + AROUND);
    return html`${document.pages > 1 ? this.#renderPager(at, text.pages.length, page?.label ?? '') : nothing}
      <div class="text" dir="auto">${from > 0 ? '… ' : ''}${whole.slice(from, start)}${
        end > start ? html`<mark>${whole.slice(start, end)}</mark>` : nothing
      }${whole.slice(end, to)}${to < whole.length ? ' …' : ''}</div>`;
  }

  #renderPager(at: number, count: number, label: string): TemplateResult {
    const go = (page: number) => () => {
      this.page = page;
    };
    const place = msg(str`Page ${formatNumber(at + 1)} of ${formatNumber(count)}`);
    return html`<div class="pages">
      <span class="muted small" role="status">${/^\d+$/.test(label) || label === '' ? place : html`${place} · <bdi>${label}</bdi>`}</span>
      ${at > 0 ? textButton(msg('Previous page'), go(at - 1)) : nothing}
      ${at < count - 1 ? textButton(msg('Next page'), go(at + 1)) : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-reading-panel': ReadingPanel;
  }
}
