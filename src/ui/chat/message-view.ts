import { consume } from '@lit/context';
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { type AnswerPiece, answerPieces, attachmentsOf } from '../../chat/answer-pieces.ts';
import type { Message } from '../../chat/conversation.ts';
import { canContinue } from '../../chat/edits.ts';
import { hashesOf, type OtherPart, otherParts, reasoningMsOf, reasoningOf, textOf } from '../../chat/message-parts.ts';
import type { PassageOnPath } from '../../chat/prompt/read-passages.ts';
import type { ToolQuestion } from '../../session/state/session-state.ts';
import type { MenuAction } from '../base/action-menu.ts';
import { baseStyles } from '../base/base.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { textButton } from '../base/text-button.ts';
import { MessageActionEvent, type NextStepEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { searchHighlightStyles } from '../markdown/search-highlight.styles.ts';
import { remoteBadge } from '../privacy/remote-badge-lazy.ts';
import { NO_VOICE_CONTROLS, type VoiceControls, voiceContext } from '../voice/voice-context.ts';
import { answerEnd } from './answer-end.ts';
import type { StoredFilePart } from './attach/attached-file.ts';
import type { EditEndEvent } from './message/message-editor.ts';
import { renderPartChips } from './message/part-chips.ts';
import { siblingPager } from './message/sibling-pager.ts';
import { messageStyles } from './message-view.styles.ts';
import { renderStatistics } from './statistics.ts';
import '../base/action-menu.ts';
import '../errors/notice.ts';

/** Markdown is loaded with the first answer; typing a message does not need it. */
let markdownLoad: Promise<unknown> | undefined;

/** From this many characters on, a question is folded to its start: it was probably pasted. */
const LONG_QUESTION_CHARACTERS = 8_000;

/** How long a button shows the result of copying, in ms. */
const COPIED_MS = 2_000;

/**
 * @summary One message, as the user typed it or as the model generates it, with its actions.
 * @event alcove-message-action
 * @event alcove-next-step Of a failed answer; "try again" becomes a message action.
 * @slot actions - Beside the actions of the message.
 * @csspart message
 */
@customElement('alcove-message')
export class MessageView extends LitElement {
  static override readonly styles = [baseStyles, searchHighlightStyles, messageStyles];

  @property({ attribute: false }) message: Message | undefined;

  /** Ids of this message and its siblings, oldest first. */
  @property({ attribute: false, hasChanged: (ids: unknown, before: unknown) => String(ids) !== String(before) })
  siblingIds: readonly string[] = [];

  /** Name of the model that generated the message. */
  @property({ attribute: false }) modelName: string | undefined;

  /** What the answer waits for before its first token: "Loading the model, 45 %". */
  @property() waiting = '';

  /** What the model was given of documents for this answer. */
  @property({ attribute: false, hasChanged: areOther }) passages: readonly PassageOnPath[] = [];

  /** Reads those documents. */
  @property({ attribute: false }) documents: SessionLike['chats']['documents'] | undefined;

  /** Reads the files of the message. */
  @property({ attribute: false }) files: SessionLike['chats']['files'] | undefined;

  /** The call of a tool that the user is asked about. */
  @property({ attribute: false }) question: ToolQuestion | undefined;

  /** The last message of the conversation; its actions are always visible. */
  @property({ type: Boolean }) last = false;

  /** An answer is being generated in this chat; another one cannot start. */
  @property({ type: Boolean }) busy = false;

  @property({ type: Boolean }) branched = false;

  /** The answer is written; the model is being tested with a question of the app. */
  @property({ type: Boolean }) testing = false;

  /** The user can read and copy the message, and not change the chat. */
  @property({ type: Boolean }) readonly = false;

  @consume({ context: voiceContext, subscribe: true })
  @state()
  private voice: VoiceControls = NO_VOICE_CONTROLS;

  @state() private isEditing = false;
  @state() private showsStatistics = false;
  /** The result of the last copy, while it is shown. */
  @state() private copying: 'copied' | 'refused' | undefined;
  @state() private showsSource = false;
  @state() private hasMarkdown = customElements.get('alcove-markdown') !== undefined;
  #copyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    // Pressed buttons disappear when another answer starts.
    new FocusRestoreController(this, 'article');
  }

  /** Focuses the article inside: a focusable host would remove its contents from the Tab order. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('article')?.focus(options);
  }

  override willUpdate(): void {
    this.toggleAttribute('question', this.message?.role === 'user');
    if (this.hasMarkdown || this.message === undefined) return;
    const text = textOf(this.message);
    const needsMarkdown = text !== '' || reasoningOf(this.message) !== '';
    if (this.message.role === 'user' ? text.length < LONG_QUESTION_CHARACTERS : !needsMarkdown) return;
    markdownLoad ??= import('../markdown/answer-parts.ts');
    markdownLoad.then(
      () => {
        this.hasMarkdown = true;
      },
      () => {
        // Offline, and not yet cached by the service worker: the plain text stays; the next message tries again.
        markdownLoad = undefined;
      },
    );
  }

  /** Whether the chat cannot be changed now. */
  get #isFixed(): boolean {
    return this.busy || this.readonly;
  }

  #act(action: MessageActionEvent['action'], messageId: string, text?: string): void {
    this.dispatchEvent(new MessageActionEvent(action, messageId, text));
  }

  /** Shows the message in a field, and focuses it. */
  async startEditing(): Promise<void> {
    await import('./message/message-editor.ts');
    this.isEditing = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('alcove-message-editor')?.focus();
  }

  async #onEditEnd({ text }: EditEndEvent, message: Message): Promise<void> {
    this.isEditing = false;
    if (text !== undefined && text !== textOf(message)) this.#act('edit', message.id, text);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.edit')?.focus();
  }

  async #copy(write: () => Promise<void> | undefined): Promise<void> {
    try {
      await write();
      this.copying = 'copied';
    } catch {
      this.copying = 'refused';
    }
    clearTimeout(this.#copyTimer);
    this.#copyTimer = setTimeout(() => {
      this.copying = undefined;
    }, COPIED_MS);
  }

  #onStep(event: NextStepEvent): void {
    if (event.step !== 'try-again' || this.message === undefined) return;
    event.stopPropagation();
    this.#act('regenerate', this.message.id);
  }

  override render(): TemplateResult | typeof nothing {
    const { message } = this;
    if (message === undefined) return nothing;
    return html`<article tabindex="-1" part="message ${message.role}" aria-busy=${message.status === 'streaming'}>
      ${this.#renderContent(message)}
      ${this.isEditing ? nothing : this.#renderActions(message)}
      ${
        this.showsStatistics && message.statistics !== undefined
          ? renderStatistics(message.statistics, this.modelName, message)
          : nothing
      }
    </article>`;
  }

  #renderContent(message: Message): TemplateResult {
    switch (message.role) {
      case 'user':
        return html`<h2 class="visually-hidden">${msg('You')}</h2>
          ${this.#renderAttached(message)}
          ${this.isEditing ? this.#renderEditor(message) : this.#renderQuestion(textOf(message))}`;
      case 'assistant':
        return html`<h2 class="who">${this.modelName ?? msg('Model')}${
          message.editedFrom === undefined ? nothing : html` <span>· ${msg('edited by you')}</span>`
        }${remoteBadge(message.modelId, 'answer')}</h2>
          ${this.isEditing ? this.#renderEditor(message) : this.#renderAnswer(message)}`;
      case 'summary':
        return html`<details class="summary">
          <summary>${msg('Summary: for the model, it replaces the messages above')}</summary>
          ${this.#renderAnswer(message)}
        </details>`;
    }
  }

  #renderAttached(message: Message): readonly (TemplateResult | typeof nothing)[] {
    const parts = otherParts(message);
    const isShown = this.files !== undefined;
    const stored = isShown ? parts.filter(isStoredFile) : [];
    return [
      renderPartChips(isShown ? parts.filter((part) => !isStoredFile(part)) : parts),
      stored.length === 0
        ? nothing
        : html`<alcove-message-files
          ${lazyElement(() => import('./attach/attach-views.ts'))}
          .parts=${stored}
          .files=${this.files}
        ></alcove-message-files>`,
    ];
  }

  /** @param text empty if the message is files alone */
  #renderQuestion(text: string): TemplateResult | typeof nothing {
    if (text === '') return nothing;
    if (text.length < LONG_QUESTION_CHARACTERS) return html`<div class="question" dir="auto">${text}</div>`;
    return this.hasMarkdown ? html`<alcove-long-text class="question" .text=${text}></alcove-long-text>` : html``;
  }

  #renderEditor(message: Message): TemplateResult {
    return html`<alcove-message-editor
      .text=${textOf(message)}
      ?question=${message.role === 'user'}
      ?with-files=${message.role === 'user' && hashesOf(message).length > 0}
      @alcove-edit-end=${(event: EditEndEvent) => this.#onEditEnd(event, message)}
    ></alcove-message-editor>`;
  }

  #renderAnswer(message: Message): TemplateResult {
    const isStreaming = message.status === 'streaming';
    return html`${renderPartChips(attachmentsOf(message))}
    ${answerPieces(message)?.map((piece, index, { length }) => this.#renderPiece(piece, message, index === length - 1)) ?? this.#renderWhole(message)}
    ${isStreaming && this.waiting !== '' ? html`<p class="waiting numbers"><span class="pulse"></span>${this.waiting}</p>` : nothing}
    ${this.#renderEnd(message)}
    ${
      this.passages.length === 0 || isStreaming
        ? nothing
        : html`<alcove-what-was-read
          ${lazyElement(() => import('./documents/document-views.ts'))}
          .passages=${this.passages}
          .documents=${this.documents}
        ></alcove-what-was-read>`
    }
    ${
      message.status === 'failed' && message.error !== undefined
        ? html`<alcove-notice .error=${message.error} ?without-action=${!this.last} @alcove-next-step=${this.#onStep}></alcove-notice>`
        : nothing
    }`;
  }

  /** Reasoning and text of an answer in which no tool was called. */
  #renderWhole(message: Message): readonly (TemplateResult | typeof nothing)[] {
    const isStreaming = message.status === 'streaming';
    const text = textOf(message);
    const reasoning = reasoningOf(message);
    return [
      reasoning === '' ? nothing : renderReasoning(reasoning, reasoningMsOf(message), isStreaming && text === ''),
      text === '' ? nothing : this.#renderText(text, isStreaming),
    ];
  }

  #renderPiece(piece: AnswerPiece, { id, status }: Message, isLast: boolean): TemplateResult {
    const isWritten = status === 'streaming' && isLast;
    if (piece.type === 'text') return this.#renderText(piece.text, isWritten);
    if (piece.type === 'reasoning') return renderReasoning(piece.text, piece.durationMs, isWritten);
    const { call, result } = piece;
    return html`<alcove-tool-call
      ${lazyElement(() => import('./tools/tool-views.ts'))}
      .call=${call}
      .result=${result}
      ?active=${status === 'streaming'}
      ?asked=${this.question?.messageId === id && this.question.callId === call.id}
    ></alcove-tool-call>`;
  }

  /** Says why an answer is incomplete or empty, and offers to continue it. */
  #renderEnd(message: Message): TemplateResult {
    const { status, continued } = message;
    const end = answerEnd(message);
    const note =
      continued === 'by-asking' && status !== 'streaming'
        ? msg('Continued. This model cannot continue text directly, so it was asked to: the join may be visible.')
        : undefined;
    return html`${note === undefined ? nothing : html`<p class="stopped">${note}</p>`}
    ${end === undefined ? nothing : html`<p class="stopped">${end}</p>`}
    ${
      canContinue(message) && !this.#isFixed
        ? html`<button type="button" class="button continue" @click=${() => this.#act('continue', message.id)}>
          ${msg('Continue the answer')}
        </button>`
        : nothing
    }`;
  }

  #renderText(text: string, isStreaming: boolean): TemplateResult {
    return this.hasMarkdown
      ? html`<alcove-markdown
        exportparts="markdown"
        .text=${text}
        ?streaming=${isStreaming}
        ?source=${this.showsSource}
      ></alcove-markdown>`
      : html`<div class="plain" dir="auto">${text}</div>`;
  }

  #renderActions(message: Message): TemplateResult {
    if (message.status === 'streaming') {
      return html`<div class="actions">${this.testing ? this.#renderTest(message) : nothing}</div>`;
    }
    const isAnswer = message.role === 'assistant';
    const text = textOf(message);
    return html`<div
      class="actions ${this.#keepsActions(message) ? '' : 'at-rest'}"
    >
      ${this.siblingIds.length > 1 ? siblingPager(message, this.siblingIds, this.busy, (...asked) => this.#act(...asked)) : nothing}
      ${text === '' ? nothing : this.#renderCopy(text)}
      ${
        isAnswer && text !== '' && this.voice.readAloud
          ? html`<alcove-read-aloud ${lazyElement(() => import('../voice/read-aloud.ts'))} .text=${text}></alcove-read-aloud>`
          : nothing
      }
      ${
        isAnswer && !this.#isFixed
          ? iconButton('rotate', msg('Answer again'), () => this.#act('regenerate', message.id))
          : nothing
      }
      ${
        this.#isFixed || message.role === 'summary'
          ? nothing
          : iconButton('pencil', msg('Edit'), this.startEditing, { classes: 'edit' })
      }
      ${
        message.statistics === undefined
          ? nothing
          : iconButton('info', msg('Statistics'), this.#toggleStatistics, { isExpanded: this.showsStatistics })
      }
      <slot name="actions"></slot>
      ${this.#renderMenu(this.#menu(message))}
    </div>`;
  }

  /** Late, because most tests are over by then. */
  #renderTest({ id }: Message): TemplateResult {
    return html`<span class="test" role="status">
      ${msg('Testing this model once with a question whose answer is known: at most 5 s')}
      ${textButton(msg('Skip the test'), () => this.#act('skip-test', id))}
    </span>`;
  }

  /** Whether the actions have a place of their own: they show which version this is, or end the chat. */
  #keepsActions({ role }: Message): boolean {
    return this.siblingIds.length > 1 || this.showsStatistics || (this.last && role !== 'user');
  }

  /** The copy button. It also shows the result of a copy from the menu. */
  #renderCopy(text: string): TemplateResult {
    const results = { copied: msg('Copied'), refused: msg('Not allowed') };
    const result = this.copying === undefined ? '' : results[this.copying];
    const icon = this.copying === 'copied' ? 'check' : this.copying === 'refused' ? 'alert' : 'copy';
    return html`${iconButton(icon, result || msg('Copy'), () => this.#copy(() => navigator.clipboard.writeText(text)))}
      <span role="status" class="visually-hidden">${result}</span>`;
  }

  #renderMenu(actions: MenuAction[]): TemplateResult | typeof nothing {
    if (actions.length === 0) return nothing;
    return html`<alcove-menu class="icon-button" label=${msg('More')} .actions=${actions}></alcove-menu>`;
  }

  #menu(message: Message): MenuAction[] {
    const { id } = message;
    return [
      ...(message.role === 'assistant' && textOf(message) !== '' && this.hasMarkdown ? this.#formatActions() : []),
      ...(this.readonly ? [] : [{ label: msg('New chat from here'), icon: 'fork', act: () => this.#act('fork', id) }]),
      ...(this.branched
        ? [{ label: msg('All branches'), icon: 'branch', act: () => this.#act('show-branches', id) }]
        : []),
      ...(this.#isFixed
        ? []
        : [
            {
              label: msg('Delete from here'),
              icon: 'trash',
              isDangerous: true as const,
              act: () => this.#act('delete', id),
            },
          ]),
    ];
  }

  #formatActions(): MenuAction[] {
    return [
      {
        label: msg('Copy as formatted text'),
        icon: 'formatted',
        act: () => this.#copy(() => this.#copyFormatted()),
      },
      {
        label: this.showsSource ? msg('Show formatted') : msg('Show source'),
        icon: 'source',
        act: () => {
          this.showsSource = !this.showsSource;
        },
      },
    ];
  }

  /** All pieces of an answer that called tools. */
  #copyFormatted(): Promise<void> | undefined {
    const [first, ...later] = this.renderRoot.querySelectorAll('alcove-markdown');
    return first?.copyFormatted(later);
  }

  #toggleStatistics(): void {
    this.showsStatistics = !this.showsStatistics;
  }
}

/** A text that the page has added is in the message itself. */
function isStoredFile(part: OtherPart): part is StoredFilePart {
  return 'sha256' in part && part.sha256 !== undefined && !('text' in part);
}

function areOther(passages: readonly PassageOnPath[], before: readonly PassageOnPath[] = []): boolean {
  return passages.length !== before.length || passages.some(({ passage }, at) => passage !== before[at]?.passage);
}

function renderReasoning(text: string, durationMs: number | undefined, isStreaming: boolean): TemplateResult {
  return html`<alcove-reasoning .text=${text} .durationMs=${durationMs} ?streaming=${isStreaming}></alcove-reasoning>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-message': MessageView;
  }
}
