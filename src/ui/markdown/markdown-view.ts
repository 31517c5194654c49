import { msg } from '@lit/localize';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { codeOf } from './code-block.ts';
import { markdownStyles } from './markdown-view.styles.ts';
import { StreamingMarkdown } from './streaming-markdown.ts';

/** How long "Copied" stands on a button. */
const COPIED_MS = 2_000;

/**
 * @summary An answer as formatted text, safe whatever the model wrote, drawn at most once a frame while it grows.
 */
@customElement('alcove-markdown')
export class MarkdownView extends LitElement {
  static override readonly styles = markdownStyles;

  /** The whole text so far. */
  @property({ attribute: false }) text = '';

  /** Set while more text may come. */
  @property({ type: Boolean }) streaming = false;

  #writer: StreamingMarkdown | undefined;
  #frame: number | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cancelFrame();
    this.#writer?.dispose();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#write();
  }

  protected override firstUpdated(): void {
    const container = this.renderRoot.querySelector('div');
    if (container === null) return;
    this.#writer = new StreamingMarkdown(container);
    this.#write();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('text') && !changed.has('streaming')) return;
    this.#frame ??= requestAnimationFrame(() => this.#write());
  }

  #write(): void {
    this.#cancelFrame();
    this.#writer?.update(this.text, !this.streaming);
  }

  #cancelFrame(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #onClick(event: Event): void {
    if (!(event.target instanceof HTMLButtonElement) || !event.target.matches('.copy')) return;
    const button = event.target;
    const block = button.closest('.code');
    if (block === null) return;
    navigator.clipboard.writeText(codeOf(block)).then(
      () => say(button, msg('Copied')),
      () => say(button, msg('Not allowed')),
    );
  }

  override render(): TemplateResult {
    return html`<div part="markdown" @click=${this.#onClick}></div>`;
  }
}

function say(button: HTMLButtonElement, word: string): void {
  button.textContent = word;
  setTimeout(() => {
    button.textContent = msg('Copy');
  }, COPIED_MS);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-markdown': MarkdownView;
  }
}
