import { msg } from '@lit/localize';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { promptText } from '../../chat/prompt/prompt.ts';
import { TextRenderedEvent, UserMessagesRequestEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { saveFile } from '../lib/save-file.ts';
import { codeStyles } from './code/code.styles.ts';
import { fileNameFor } from './code/languages.ts';
import { codeOf } from './code-block.ts';
import { carriesData, repeatsUserText } from './links/exfiltration-check.ts';
import { isPress, setReady, targetOf } from './links/links.ts';
import { markdownStyles } from './markdown-view.styles.ts';
import { otherEnd } from './notes.ts';
import { PlainText } from './plain-text.ts';
import { copyRich } from './rich-text.ts';
import { searchHighlightStyles } from './search-highlight.styles.ts';
import { StreamingMarkdown } from './streaming-markdown.ts';

/** How long a button shows "Copied", in ms. */
const COPIED_MS = 2_000;

/**
 * @summary Renders an answer's Markdown, safely whatever the model wrote. It renders in the task that sets `text`, not in
 *   the frame's, which has enough work with style and layout.
 * @event alcove-text-rendered More of a streaming text was rendered.
 * @event alcove-user-messages-request Requests the user's messages in this chat, before a link is opened.
 */
@customElement('alcove-markdown')
export class MarkdownView extends LitElement {
  static override readonly styles = [markdownStyles, codeStyles, searchHighlightStyles];

  @property({ attribute: false }) text = '';

  @property({ type: Boolean }) streaming = false;

  @property({ type: Boolean }) source = false;

  #writer: StreamingMarkdown | undefined;
  #plain: PlainText | undefined;

  /**
   * Copies the answer as formatted text. Rejects where the browser does not allow it.
   * @param later further pieces of the answer, after this one
   */
  copyFormatted(later: readonly MarkdownView[] = []): Promise<void> {
    const pieces = [this, ...later];
    const containers = pieces.flatMap((piece) => piece.#container ?? []);
    return copyRich(containers, pieces.map(({ text }) => text).join('\n\n'));
  }

  /** Whether the whole text is rendered; a long text takes several frames. */
  get isSettled(): boolean {
    return this.#writer?.isSettled === true;
  }

  get #container(): HTMLElement | null {
    return this.renderRoot.querySelector('.formatted');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#writer?.dispose();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#write();
  }

  protected override firstUpdated(): void {
    const container = this.#container;
    if (container === null) return;
    this.#writer = new StreamingMarkdown(container, () => this.#tell());
    this.#write();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('text') || changed.has('streaming') || changed.has('source')) this.#write();
  }

  #write(): void {
    this.#writer?.update(this.text, !this.streaming);
    if (this.source) this.#writeSource();
    this.#tell();
  }

  #tell(): void {
    if (this.streaming) this.dispatchEvent(new TextRenderedEvent());
  }

  #writeSource(): void {
    const holder = this.renderRoot.querySelector('.source');
    if (holder === null) return;
    if (this.#plain === undefined || !this.#plain.update(this.text)) {
      holder.replaceChildren();
      this.#plain = new PlainText(holder);
      this.#plain.update(this.text);
    }
  }

  #onClick(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button !== null) this.#onButton(button);
    else this.#onLink(event);
  }

  /** The right button's `auxclick` comes with a `contextmenu`. */
  #onAuxClick(event: MouseEvent): void {
    if (event.button === 1) this.#onLink(event);
  }

  #onPointerDown(event: PointerEvent): void {
    const link = linkAt(event);
    if (link !== undefined && isPress(event)) setReady(link, this.#reasonToAsk(link) === undefined);
  }

  /** Makes Enter activate links without `href`. */
  #onKeyDown(event: KeyboardEvent): void {
    const link = linkAt(event);
    if (pressedKey(event) !== 'Enter' || link === undefined || link.hasAttribute('href')) return;
    event.preventDefault();
    link.click();
  }

  /** Lets the browser open a link or its menu, or asks the user first. */
  #onLink(event: MouseEvent): void {
    const link = linkAt(event);
    if (link === undefined) return;
    const reason = this.#reasonToAsk(link);
    setReady(link, reason === undefined);
    if (reason === undefined) return;
    event.preventDefault();
    void this.#ask(targetOf(link), reason === 'repeats');
  }

  #reasonToAsk(link: HTMLAnchorElement): 'repeats' | 'carries' | undefined {
    const request = new UserMessagesRequestEvent();
    this.dispatchEvent(request);
    const userText = request.messages.map(promptText).join('\n');
    if (repeatsUserText(targetOf(link), userText)) return 'repeats';
    return carriesData(targetOf(link)) ? 'carries' : undefined;
  }

  #onButton(button: HTMLButtonElement): void {
    const block = button.closest('.code');
    if (button.matches('.note-mark, .note-back')) this.#goToNote(button);
    else if (block === null) return;
    else if (button.matches('.copy')) void copyCode(button, block);
    else if (button.matches('.download')) downloadCode(block);
    else if (button.matches('.wrap')) toggleWrap(button, block);
  }

  #goToNote(button: Element): void {
    const end = this.#container === null ? undefined : otherEnd(this.#container, button);
    end?.scrollIntoView({ block: 'nearest' });
    end?.focus();
  }

  async #ask(href: string, repeats: boolean): Promise<void> {
    await import('./links/link-dialog.ts');
    const dialog = document.createElement('alcove-link-dialog');
    dialog.href = href;
    dialog.repeatsUserText = repeats;
    this.renderRoot.append(dialog);
    await dialog.show();
  }

  override render(): TemplateResult {
    return html`<div
        class="formatted"
        part="markdown"
        ?hidden=${this.source}
        @click=${this.#onClick}
        @auxclick=${this.#onAuxClick}
        @contextmenu=${this.#onLink}
        @pointerdown=${this.#onPointerDown}
        @keydown=${this.#onKeyDown}
      ></div>
      <div class="source" ?hidden=${!this.source}></div>`;
  }
}

/** The link under an event; undefined for one whose text is unfinished. */
function linkAt(event: Event): HTMLAnchorElement | undefined {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  return link === null || targetOf(link) === '' ? undefined : link;
}

async function copyCode(button: HTMLButtonElement, block: Element): Promise<void> {
  try {
    await navigator.clipboard.writeText(codeOf(block));
    say(button, msg('Copied'));
  } catch {
    say(button, msg('Not allowed'));
  }
}

function say(button: HTMLButtonElement, word: string): void {
  button.textContent = word;
  setTimeout(() => {
    button.textContent = msg('Copy');
  }, COPIED_MS);
}

/** Saves code as a file, which is created in the browser. */
function downloadCode(block: Element): void {
  const code = codeOf(block);
  const language = block.querySelector('.language')?.textContent ?? '';
  saveFile(fileNameFor(language, code), new Blob([code], { type: 'text/plain;charset=utf-8' }));
}

function toggleWrap(button: HTMLButtonElement, block: Element): void {
  const isOn = block.querySelector('pre')?.classList.toggle('wrapped') === true;
  button.setAttribute('aria-pressed', String(isOn));
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-markdown': MarkdownView;
  }
}
