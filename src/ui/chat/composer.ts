import { consume } from '@lit/context';
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { OtherPart } from '../../chat/message-parts.ts';
import { baseStyles } from '../base/base.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import type { EnterKey } from '../contract/chat-options.ts';
import { ComposerSendEvent, ComposerStopEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { sendsWithEnter, TouchPointerController } from '../lib/enter-key.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { rejectLongPaste } from '../lib/paste-limit.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import type { DictatedEvent } from '../voice/dictation.ts';
import { NO_VOICE_CONTROLS, type VoiceControls, voiceContext } from '../voice/voice-context.ts';
import '../base/icon.ts';

/** Whether the browser grows the field itself; Firefox does not. */
const growsByItself = CSS.supports('field-sizing', 'content');

/**
 * @summary The composer. Enter sends, or starts a new line, see `enterKey`; Shift+Enter always starts a new line, Ctrl+Enter
 *   (or Cmd) always sends. Enter inside an input method does neither.
 * @event alcove-composer-send
 * @event alcove-composer-stop
 * @slot start - Before the field.
 * @slot end - Between the field and the button.
 * @csspart composer
 * @csspart field
 * @csspart send
 * @csspart stop
 */
@customElement('alcove-composer')
export class Composer extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: 4px;
        padding: 6px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
      }

      form:focus-within {
        border-color: var(--_accent);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }

      textarea {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 40px;
        max-block-size: min(40cqb, 20 * var(--_rem));
        padding: 7px 10px;
        border: 0;
        outline: 0;
        background: none;
        line-height: 1.5;
        resize: none;
        field-sizing: content;
      }

      textarea:focus-visible {
        outline: 0;
      }

      @media (forced-colors: active) {
        form:focus-within {
          outline: 2px solid Highlight;
        }

        :is(.send:enabled, .stop) {
          forced-color-adjust: none;
          border-color: Highlight;
          background: Highlight;
          color: HighlightText;
        }
      }

      textarea::placeholder {
        color: var(--_text-muted);
        opacity: 1;
      }

      /* Without a text "auto" means left to right. */
      textarea:placeholder-shown {
        direction: inherit;
      }

      button {
        border-radius: 10px;
      }

      .send,
      .stop {
        background: var(--_accent);
        color: var(--_on-accent);
      }

      :is(.send, .stop):hover {
        background: color-mix(in oklab, var(--_accent), var(--_text) 14%);
        color: var(--_on-accent);
      }

      .send:disabled {
        background: var(--_hover);
        color: var(--_text-muted);
        opacity: 1;
      }

      .stop svg {
        fill: currentcolor;
      }

      @media (pointer: coarse) {
        textarea {
          min-block-size: 44px;
          padding-block: 9px;
        }
      }
    `,
  ];

  /** An answer is being generated; a button stops it. */
  @property({ type: Boolean }) generating = false;

  /** Default: the interface's own. */
  @property() placeholder = '';

  /** Nothing can be typed or sent. */
  @property({ type: Boolean }) disabled = false;

  /** The user has stopped the answer, and the engine has not ended yet. */
  @property({ type: Boolean }) stopping = false;

  /** The files of the message, as far as they are stored. What shows them is in the slot `start`. */
  @property({ attribute: false }) attached: readonly OtherPart[] = [];

  @property({ attribute: false }) enterKey: EnterKey = 'auto';

  @consume({ context: voiceContext, subscribe: true })
  @state()
  private voice: VoiceControls = NO_VOICE_CONTROLS;

  @state() private hasText = false;

  @query('textarea') private readonly field?: HTMLTextAreaElement | null;

  constructor() {
    super();
    new FocusRestoreController(this, 'textarea');
    new TouchPointerController(this);
  }

  override focus(): void {
    this.field?.focus();
  }

  get draft(): string {
    return this.field?.value ?? '';
  }

  set draft(text: string) {
    if (this.field) this.field.value = text;
    this.#onInput();
  }

  /** Adds a text below what the user has typed. */
  addToDraft(text: string): void {
    this.draft = this.draft === '' ? text : `${this.draft}\n\n${text}`;
  }

  /** Takes the place of another composer: its text, its selection, and its focus. */
  takeOver({ field: other }: Composer): void {
    const { field } = this;
    if (!field || !other) return;
    if (other.value !== '') {
      field.value = other.value;
      field.setSelectionRange(other.selectionStart, other.selectionEnd);
      this.#onInput();
      field.scrollTop = other.scrollTop;
    }
    if (other.matches(':focus')) field.focus({ preventScroll: true });
  }

  #onInput(): void {
    const { field } = this;
    if (!field) return;
    this.hasText = field.value.trim() !== '';
    if (growsByItself) return;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${field.scrollHeight}px`;
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (pressedKey(event) !== 'Enter' || event.shiftKey) return;
    if (!sendsWithEnter(this.enterKey) && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#send();
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    this.#send();
  }

  get #isEmpty(): boolean {
    return !this.hasText && this.attached.length === 0;
  }

  /** The button is not `disabled` while the answer stops: a disabled button loses the focus. */
  #stop(): void {
    if (!this.stopping) this.dispatchEvent(new ComposerStopEvent());
  }

  #send(): void {
    if (this.disabled || this.#isEmpty) return;
    this.dispatchEvent(new ComposerSendEvent(this.draft));
  }

  override render(): TemplateResult {
    return html`<form part="composer" @submit=${this.#onSubmit}>
      <slot name="start"></slot>
      <textarea
        part="field"
        rows="1"
        dir="auto"
        aria-label=${msg('Message')}
        placeholder=${this.placeholder || msg('Message')}
        ?disabled=${this.disabled}
        ?autofocus=${this.autofocus}
        enterkeyhint=${sendsWithEnter(this.enterKey) ? 'send' : 'enter'}
        autocomplete="off"
        @beforeinput=${rejectLongPaste}
        @input=${this.#onInput}
        @keydown=${this.#onKeyDown}
      ></textarea>
      ${
        this.voice.dictation && !this.disabled
          ? html`<alcove-dictation ${lazyElement(() => import('../voice/dictation.ts'))} @alcove-dictated=${(event: DictatedEvent) => event.insertInto(this.field)}></alcove-dictation>`
          : nothing
      }
      <slot name="end"></slot>
      ${
        this.generating
          ? iconButton('stop', msg('Stop'), this.#stop, { classes: 'stop', part: 'stop', isDisabled: this.stopping })
          : nothing
      }
      ${
        this.generating && this.#isEmpty
          ? nothing
          : html`<button class="icon-button send" part="send" aria-label=${msg('Send')} title=${msg('Send')} ?disabled=${this.#isEmpty || this.disabled}>
            <alcove-icon name="arrow-up"></alcove-icon>
          </button>`
      }
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-composer': Composer;
  }
}
