import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { fillPrompt, type SavedPrompt, variablesOf } from '../../chat/settings/saved-prompt.ts';
import { fold } from '../../models/catalogue/browse.ts';
import { baseStyles } from '../base/base.styles.ts';
import { dialogStyles } from '../base/dialog.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { quietButton } from '../base/text-button.ts';
import type { ChatView } from '../chat/chat-view.ts';
import { customElement } from '../lib/custom-element.ts';
import { listStep } from '../lib/list-step.ts';
import { locale } from '../lib/locale.ts';
import { pressedKey } from '../lib/pressed-key.ts';

const CLIPBOARD = 'clipboard';

/**
 * @summary The prompts whose names begin with what was typed after a slash, above the message field, which keeps the focus:
 *   arrow keys choose, Enter or Tab takes, Escape closes. A prompt with variables asks for them first.
 * @event close The user took a prompt or wants none.
 */
@customElement('alcove-slash-menu')
export class SlashMenu extends LitElement {
  static override readonly styles = [
    baseStyles,
    dialogStyles,
    formStyles,
    css`
      .menu {
        position: fixed;
        z-index: 2;
        max-block-size: min(18 * var(--_rem), 50dvb);
        padding: 6px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
        overflow-y: auto;
        background: var(--_surface-raised);
        box-shadow: var(--_shadow);
        font-size: var(--_text-s);
      }

      [role='option'] {
        display: flex;
        align-items: center;
        gap: 12px;
        min-block-size: 44px;
        padding-inline: 10px;
        border-radius: var(--_radius);
        cursor: pointer;
      }

      [role='option'][aria-selected='true'] {
        background: var(--_accent-soft);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }

      [role='option'] strong {
        flex: none;
        max-inline-size: 60%;
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
      }

      [role='option'] span {
        min-inline-size: 0;
        overflow: hidden;
        color: var(--_text-muted);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .none {
        padding: 8px 10px;
      }

      dialog form {
        display: grid;
        gap: 14px;
        padding: 20px;
        overflow-y: auto;
      }

      dialog h2 {
        font-size: var(--_text-m);
        font-weight: 650;
      }

      .end {
        justify-content: flex-end;
      }

      @media (forced-colors: active) {
        [role='option'][aria-selected='true'] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) view: ChatView | undefined;

  @property({ attribute: false }) prompts: readonly SavedPrompt[] = [];

  /** What was typed after the slash. */
  @property() typed = '';

  @state() private index = 0;
  /** The prompt whose variables are asked for. */
  @state() private filling: SavedPrompt | undefined;
  @state() private clipboardError = '';

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  #listensTo: ChatView | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.#position);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.#position);
    this.#listensTo?.removeEventListener('keydown', this.#onKeyDown, true);
    this.#listensTo = undefined;
  }

  get #matches(): readonly SavedPrompt[] {
    const typed = fold(this.typed);
    return this.prompts.filter(({ name }) => fold(name).startsWith(typed));
  }

  /** There are no prompts, and the user has typed only the slash. */
  get #isHinting(): boolean {
    return this.prompts.length === 0 && this.typed === '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('typed')) this.index = 0;
    if (this.#listensTo === this.view) return;
    this.#listensTo?.removeEventListener('keydown', this.#onKeyDown, true);
    this.#listensTo = this.view;
    // Before the composer, which would send the message.
    this.view?.addEventListener('keydown', this.#onKeyDown, true);
  }

  protected override updated(): void {
    const { dialog } = this;
    if (dialog && !dialog.open) dialog.showModal();
    this.#position();
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Puts the list above the composer. */
  readonly #position = (): void => {
    const list = this.renderRoot.querySelector<HTMLElement>('.menu');
    const composer = this.view?.renderRoot.querySelector('alcove-composer')?.getBoundingClientRect();
    if (list === null || composer === undefined) return;
    list.style.left = `${composer.left}px`;
    list.style.width = `${composer.width}px`;
    list.style.bottom = `${innerHeight - composer.top + 6}px`;
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const matches = this.#matches;
    const key = pressedKey(event);
    if (key === undefined || this.filling !== undefined || event.shiftKey) return;
    const next = listStep(key, this.index, matches.length);
    if (key === 'Escape' && (matches.length > 0 || this.#isHinting)) this.#close();
    else if (matches.length === 0) return;
    else if (next !== undefined) this.index = next;
    else if (key === 'Enter' || key === 'Tab') this.#take(matches[this.index]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #take(prompt: SavedPrompt | undefined): void {
    if (prompt === undefined) return;
    if (askedVariables(prompt).length > 0) this.filling = prompt;
    else this.#write(prompt, {});
  }

  #write({ text }: SavedPrompt, values: Readonly<Record<string, string>>): void {
    const date = new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(Date.now());
    this.dialog?.close();
    this.view?.write(fillPrompt(text, { date, ...values }));
    this.#close();
  }

  #close(): void {
    this.filling = undefined;
    this.dispatchEvent(new Event('close'));
  }

  #onSubmit(event: SubmitEvent, prompt: SavedPrompt): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const entries = [...new FormData(event.target)].map(([name, value]) => [name, String(value)] as const);
    this.#write(prompt, Object.fromEntries(entries));
  }

  /** Reads the clipboard when the user asks for it; the browser may ask too. */
  async #readClipboard(): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>(`textarea[name="${CLIPBOARD}"]`);
    try {
      const text = await navigator.clipboard.readText();
      if (field !== null) field.value = text;
      this.clipboardError = '';
    } catch {
      this.clipboardError = msg('The browser did not allow reading the clipboard. Paste the text here.');
    }
    field?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.filling !== undefined) return this.#renderForm(this.filling);
    const matches = this.#matches;
    if (this.#isHinting) {
      return html`<div class="menu"><p class="none">
        ${msg('No prompts yet. Save a text that you use often, then type / and its name to insert it.')}
        <a href="#settings/prompts">${msg('Add prompts')}</a>
      </p></div>`;
    }
    const chosen = matches[this.index];
    if (chosen === undefined) return nothing;
    return html`<div class="menu" role="listbox" aria-label=${msg('Prompts')}>
        ${matches.map(
          (prompt, index) => html`<div
            role="option"
            aria-selected=${index === this.index}
            @pointermove=${() => {
              this.index = index;
            }}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#take(prompt)}
          >
            <strong dir="auto">/${prompt.name}</strong><span dir="auto">${prompt.text}</span>
          </div>`,
        )}
      </div>
      <p class="visually-hidden" role="status">${msg(str`${chosen.name}, ${this.index + 1} of ${matches.length}`)}</p>`;
  }

  #renderForm(prompt: SavedPrompt): TemplateResult {
    return html`<dialog aria-label=${prompt.name} @close=${this.#close}>
      <form @submit=${(event: SubmitEvent) => this.#onSubmit(event, prompt)}>
        <h2 dir="auto">/${prompt.name}</h2>
        ${askedVariables(prompt).map((name) => (name === CLIPBOARD ? this.#renderClipboard() : renderVariable(name)))}
        <div class="controls end">
          ${quietButton(msg('Cancel'), () => this.dialog?.close())}
          <button type="submit" class="button primary">${msg('Insert')}</button>
        </div>
      </form>
    </dialog>`;
  }

  #renderClipboard(): TemplateResult {
    return html`<label class="field">
        <span>${msg('Clipboard')}</span>
        <textarea name=${CLIPBOARD} rows="3" dir="auto"></textarea>
      </label>
      <div class="controls">
        <button type="button" class="button" @click=${this.#readClipboard}>${msg('Read the clipboard')}</button>
        <span class="small" role="status">${this.clipboardError}</span>
      </div>`;
  }
}

/** The variables that the user is asked for. */
function askedVariables({ text }: SavedPrompt): readonly string[] {
  return variablesOf(text).filter((name) => name !== 'date');
}

function renderVariable(name: string): TemplateResult {
  return html`<label class="field">
    <span dir="auto">${name}</span>
    <textarea name=${name} rows="1" dir="auto"></textarea>
  </label>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-slash-menu': SlashMenu;
  }
}
