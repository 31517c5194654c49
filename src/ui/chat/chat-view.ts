import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { activePath } from '../../chat/tree.ts';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { hasStoredModels } from '../../storage/weights/stored-model-ids.ts';
import { baseStyles } from '../base/base.styles.ts';
import { chatFrameStyles } from '../base/chat-frame.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { tokens } from '../base/tokens.ts';
import { type ChatOptions, chatSlot, NO_OPTIONS } from '../contract/chat-options.ts';
import {
  BeforeSendEvent,
  type ComposerSendEvent,
  MessageActionEvent,
  ModelActionEvent,
  type NextStepEvent,
  type Panel,
  type PanelEvent,
  PlaceChangeEvent,
  type ToolAnswerEvent,
  type UserMessagesRequestEvent,
} from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import { loadErrorMessages } from '../errors/error-messages-controller.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import type { PasteRejectedEvent } from '../lib/paste-limit.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import { whenIdle } from '../lib/when-idle.ts';
import { performModelAction } from '../models/model-actions.ts';
import { isFirstRun, isWrittenIn, selectedEntry } from '../models/model-labels.ts';
import { remoteBadge } from '../privacy/remote-badge-lazy.ts';
import { ANSWERS, AnnounceController, DOWNLOADS } from './announce-controller.ts';
import { AutoscrollController } from './autoscroll-controller.ts';
import { blockingNotice } from './blocking-notice.ts';
import { chatHeader } from './chat-header.ts';
import { chatViewStyles } from './chat-view.styles.ts';
import type { Composer } from './composer.ts';
import type { ContextMeter } from './context-meter.ts';
import type { ConversationView, ReadingPlace } from './conversation-view.ts';
import { emptyChat } from './empty-chat.ts';
import { performMessageAction } from './message-actions.ts';
import { panelView } from './panel.ts';
import { PanelController } from './panel-controller.ts';
import { DraftController } from './sending/draft-controller.ts';
import { SendController } from './sending/send-controller.ts';
import { UndoDeleteController } from './undo-delete-controller.ts';
import '../base/view-icons.ts';
import '../models/first-run.ts';
import './composer.ts';

/**
 * @summary The chat: one conversation with its header, composer and panels.
 * @csspart header
 * @csspart messages
 * @csspart composer
 * @event alcove-model-action Cancelable: the user asks for an action on a model.
 * @cssproperty --alcove-header-inset-start Space that the header leaves at its start, for a button of the page.
 * @cssproperty --alcove-header-inset-end
 */
@customElement('alcove-chat-view')
export class ChatView extends LitElement {
  static override readonly styles = [tokens, baseStyles, chatFrameStyles, chatViewStyles];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** What a page that shows the chat decides about this view. */
  @property({ attribute: false }) options: ChatOptions = NO_OPTIONS;

  /** The chat is the main content of its page, as in the app. */
  @property({ attribute: false }) isMain = false;

  /** Another chat is being read, to be shown. */
  @property({ attribute: false }) isOpening = false;

  @state() private result: ActionResult = {};
  /** The menu of the header's model is open. */
  @state() private isChoosingModel = false;
  @state() private hasDismissedMemory = false;

  @query('alcove-composer') private readonly composer?: Composer | null;
  @query('alcove-conversation') private readonly conversation?: ConversationView | null;
  @query('alcove-context-meter') private readonly contextMeter?: ContextMeter | null;
  @query('.scroller') private readonly scroller?: HTMLElement | null;
  @query('.messages') private readonly messages?: HTMLElement | null;

  readonly #scroll = new AutoscrollController(this);
  readonly #drafts = new DraftController(
    this,
    () => this.session,
    () => this.composer ?? undefined,
    (): readonly string[] => this.#sending.queued,
  );
  readonly #sending = new SendController(this, {
    session: () => this.session,
    composer: () => this.composer ?? undefined,
    drafts: this.#drafts,
    onSend: () => {
      this.result = {};
      this.#toEnd();
    },
  });
  readonly #panels = new PanelController(this);
  readonly #undoDelete = new UndoDeleteController(this, () => this.session);
  #shownChatId: string | undefined;
  /** Where the user has a keyboard, and a model to write to. A touch keyboard would cover the page. */
  readonly #beginsWithTyping = hasStoredModels() && matchMedia('(hover: hover) and (pointer: fine)').matches;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
    new AnnounceController(this, () => this.session, ANSWERS);
    new AnnounceController(this, () => this.session, DOWNLOADS);
    new FocusRestoreController(this, '.empty h2, alcove-composer');
  }

  override focus(): void {
    this.composer?.focus();
  }

  /** The text in the composer. */
  get draft(): string {
    return this.composer?.draft ?? '';
  }

  /** Resolves when the composer is rendered; at once if there is none. */
  get composerReady(): Promise<unknown> {
    return Promise.resolve(this.composer?.updateComplete);
  }

  /** Continues with the text, the selection and the focus of a composer that was shown before this view. */
  takeOver(composer: Composer | null | undefined): void {
    const { session } = this;
    if (!composer || session === undefined) return;
    this.composer?.takeOver(composer);
    if (this.draft !== '') this.#onInput(session);
  }

  /** Sends a text, as if the user had done it. @param text default: that in the composer */
  send(text: string = this.draft): void {
    if (text.trim() !== '') void this.#sending.send(text);
  }

  open(panel: Panel): void {
    void this.#open(panel);
  }

  /** Shows a message of the open chat on its branch, and focuses it. @param query whose words are highlighted */
  async showMessage(id: string, query?: string): Promise<void> {
    const { session } = this;
    const chat = session?.state.chat;
    if (session === undefined || chat?.messages.has(id) !== true) return;
    if (!activePath(chat).some((message) => message.id === id)) await session.generation.selectBranch(id);
    await this.#toMessage(id, query);
  }

  /** Does what a shortcut asks for: opens a question for editing, or generates another answer to it. */
  async actOnMessage(action: 'edit' | 'regenerate', messageId: string): Promise<void> {
    if (action === 'regenerate') return this.#onMessageAction(new MessageActionEvent(action, messageId));
    await this.#toMessage(messageId);
    await this.conversation?.editMessage(messageId);
  }

  async #toMessage(id: string, query?: string): Promise<void> {
    await customElements.whenDefined('alcove-conversation');
    await this.updateComplete;
    this.#scroll.leave();
    await this.conversation?.updateComplete;
    await this.conversation?.showMessage(id, query);
  }

  /** Puts text into the message field, below what the user has typed, and saves it as a draft. */
  async fill(text: string): Promise<void> {
    await this.updateComplete;
    await this.#drafts.shown;
    const { composer } = this;
    if (!composer) return;
    composer.addToDraft(text);
    this.#drafts.save();
  }

  /** Replaces the text in the message field, and saves it as a draft. */
  write(text: string): void {
    const { composer } = this;
    if (!composer) return;
    composer.draft = text;
    this.#drafts.save();
    composer.focus();
  }

  /** Where the user is reading; undefined at the end of the chat. */
  get readingPlace(): ReadingPlace | undefined {
    return this.#scroll.isAwayFromEnd ? this.conversation?.readingPlace : undefined;
  }

  /** Scrolls to where the user was reading. */
  async showPlace(place: ReadingPlace): Promise<void> {
    await customElements.whenDefined('alcove-conversation');
    await this.updateComplete;
    this.#scroll.leave();
    await this.conversation?.updateComplete;
    await this.conversation?.showPlace(place);
  }

  openPanel(panel: Panel): Promise<void> {
    return this.#open(panel);
  }

  closePanel(): void {
    this.#panels.close();
  }

  /** Closes the panel where something else takes the focus. */
  leavePanel(): void {
    this.#panels.leave();
  }

  /** Loads what only a conversation needs after the first view, so that the user can type sooner. */
  protected override firstUpdated(): void {
    whenIdle(loadErrorMessages);
    whenIdle(() => import('../errors/notice.ts'));
    whenIdle(() => import('./conversation-view.ts'));
  }

  protected override willUpdate(): void {
    const chatId = this.session?.state.chat?.id;
    if (chatId === this.#shownChatId) return;
    this.#shownChatId = chatId;
    // A panel of the last chat shall not cover this one. In the list of past chats the user may have deleted the open one.
    if (this.#panels.panel !== 'chats' && !this.#panels.isBeside) this.#panels.leave();
    this.#sending.leave();
    this.#scroll.toEnd();
  }

  protected override updated(_: PropertyValues<this>): void {
    if (this.scroller) this.#scroll.follow(this.scroller, this.messages ?? undefined);
  }

  #toEnd(): void {
    this.conversation?.showEnd();
    this.#scroll.toEnd();
  }

  // Event handlers

  #onSend({ text }: ComposerSendEvent): void {
    // The text stays in the field: it is meant for the chat that is being read.
    if (this.isOpening) return;
    void this.#sending.send(text);
  }

  async #onMessageAction(event: MessageActionEvent): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const { action, messageId } = event;
    const text = this.#textToSend(session, event);
    if (text === undefined) return;
    const chatId = session.state.chat?.id;
    this.#sending.error = undefined;
    if (action === 'show-branches') return this.#open('branches');
    const done = performMessageAction(session, { action, messageId, text });
    if (action === 'fork') this.focus();
    if (action === 'select-branch') {
      this.#panels.close();
      await done;
      await this.#toMessage(messageId);
    }
    const error = await done;
    if (action === 'edit' && error !== undefined) this.#sending.failEdit(error, messageId, text);
    else this.#sending.error = error;
    if (action === 'delete' && error === undefined && chatId !== undefined) {
      this.#undoDelete.offer({ chatId, messageId });
    }
  }

  /** The text of an action. For an edited question: what the host makes of it, or undefined if it may not be sent. */
  #textToSend({ state }: SessionLike, { action, messageId, text }: MessageActionEvent): string | undefined {
    if (action !== 'edit' || state.chat?.messages.get(messageId)?.role !== 'user') return text;
    const asked = new BeforeSendEvent(text);
    return this.dispatchEvent(asked) ? asked.text : undefined;
  }

  async #onModelAction(event: ModelActionEvent): Promise<void> {
    if (this.session === undefined) return;
    this.result = {};
    this.#sending.error = undefined;
    this.result = await performModelAction(this.session, event);
    if (event.action === 'chat') {
      this.#panels.leave();
      await this.updateComplete;
      this.focus();
    } else if (event.action === 'select' && this.#panels.panel === 'models') this.#panels.close();
  }

  #onUserMessagesRequest(event: UserMessagesRequestEvent): void {
    const messages = [...(this.session?.state.chat?.messages.values() ?? [])];
    event.messages = messages.filter(({ role }) => role === 'user');
    event.stopPropagation();
  }

  #onToolAnswer({ callId, answer }: ToolAnswerEvent): void {
    void this.session?.generation.answerToolCall(callId, answer);
  }

  #onPanel({ panel }: PanelEvent): void {
    if (panel === undefined) this.#panels.close();
    else void this.#open(panel);
  }

  #onNextStep(event: NextStepEvent): void {
    const { step } = event;
    const modelId = this.session?.state.selectedModelId;
    if (step === 'choose-model' || step === 'free-space') void this.#open('models');
    else if (step === 'new-chat') this.session?.chats.new();
    else if (step === 'reload-page') location.reload();
    else if (step === 'make-room') this.#sending.askAboutFullContext();
    else if (step === 'save-text') this.#sending.saveRefused();
    else if (step === 'download' && modelId !== undefined) void this.session?.models.download(modelId).catch(() => {});
    else if (step === 'reopen-file' && modelId !== undefined) {
      void this.#onModelAction(new ModelActionEvent('reopen', modelId));
    } else return;
    event.stopPropagation();
    if (step !== 'make-room') this.#sending.error = undefined;
  }

  async #open(panel: Panel): Promise<void> {
    this.result = {};
    const { onAllModels } = this.options;
    if (panel === 'models' && onAllModels !== undefined) onAllModels();
    else await this.#panels.open(panel);
  }

  async #openFiles(): Promise<void> {
    const { onModelFiles } = this.options;
    const { pickModelFiles } = await import('../models/source-actions.ts');
    try {
      onModelFiles?.(await pickModelFiles());
    } catch (error) {
      if (!isAbortError(error)) this.result = { error: toAlcoveError(error) };
    }
  }

  // Rendering

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined) return nothing;
    const { state } = session;
    const { panel, isBeside } = this.#panels;
    const isCovered = panel !== undefined && !isBeside;
    return html`<div
      class=${isBeside ? 'view beside' : 'view'}
      @alcove-model-action=${this.#onModelAction}
      @alcove-message-action=${this.#onMessageAction}
      @alcove-next-step=${this.#onNextStep}
      @alcove-tool-answer=${this.#onToolAnswer}
      @alcove-panel=${this.#onPanel}
      @alcove-user-messages-request=${this.#onUserMessagesRequest}
      @alcove-paste-rejected=${({ text }: PasteRejectedEvent) => this.#sending.refuse(text)}
    >
      <header class=${state.models.length === 0 ? 'bar waiting' : 'bar'} part="header" ?inert=${isCovered}>
        ${chatHeader(state, this.options, {
          onOpen: (asked) => void this.#open(asked),
          onChooseModel: () => {
            this.isChoosingModel = true;
          },
        })}
      </header>
      <div class="scroller" role=${this.isMain ? 'main' : 'region'} ?inert=${isCovered} aria-label=${msg('Conversation')} @scrollend=${() => this.dispatchEvent(new PlaceChangeEvent())}>
        <div class="column" part="messages">${this.#renderBody(state)}</div>
      </div>
      <footer class="foot column" ?inert=${isCovered}>${this.#renderFoot(session)}</footer>
      ${this.isChoosingModel ? this.#renderPicker(state) : nothing}
      ${panel === undefined ? nothing : panelView(panel, session, this.result, () => this.#panels.close())}
      <div role="log" aria-live="polite" class="visually-hidden"></div>
      <div role="status" class="visually-hidden downloads"></div>
      ${this.#undoDelete.render()}
    </div>`;
  }

  #renderPicker(state: SessionState): TemplateResult {
    return html`<alcove-model-picker
      ${lazyElement(() => import('../models/menu/choose-model.ts'))}
      .state=${state}
      .anchor=${this.renderRoot.querySelector<HTMLElement>('.bar .model') ?? undefined}
      .openFile=${this.options.onModelFiles === undefined ? undefined : () => void this.#openFiles()}
      @close=${() => {
        this.isChoosingModel = false;
      }}
    ></alcove-model-picker>`;
  }

  #renderBody(state: SessionState): TemplateResult | typeof nothing {
    if (this.isOpening || (state.start === 'starting' && hasStoredModels()))
      return html`<p class="visually-hidden">${msg('Opening')}</p>`;
    if (state.start === 'failed') {
      return html`<div class="empty"><alcove-notice .error=${state.startError}></alcove-notice></div>`;
    }
    if (state.chat?.activeLeafId !== undefined) {
      return html`<alcove-conversation
        ${lazyElement(() => import('./conversation-view.ts'))}
        class="messages"
        exportparts="message, user, assistant, markdown, statistics"
        .state=${state}
        ?readonly=${this.#isReadonly}
        >${chatSlot(this.options, 'message-actions', { into: 'message-actions' })}</alcove-conversation
      >`;
    }
    if (isFirstRun(state)) {
      return html`<alcove-first-run
        exportparts="card, first-run"
        .state=${state}
      ></alcove-first-run>`;
    }
    return emptyChat(
      selectedEntry(state)?.record,
      this.#isReadonly ? { ...this.options, starters: [] } : this.options,
      (starter) => void this.#sending.send(starter),
      this.isMain ? () => void this.#open('chat') : undefined,
    );
  }

  get #isReadonly(): boolean {
    return this.options.isDisabled === true || this.options.isReadonly === true;
  }

  #renderFoot(session: SessionLike): TemplateResult {
    const { state } = session;
    const hasMessages = state.chat?.activeLeafId !== undefined;
    return html`${
      this.#scroll.isAwayFromEnd && hasMessages
        ? iconButton('arrow-down', msg('Scroll to the latest'), this.#toEnd, { classes: 'to-end' })
        : nothing
    }
    ${blockingNotice(state, this.hasDismissedMemory, {
      dismissMemory: () => {
        this.hasDismissedMemory = true;
      },
      saveChat: () => void import('../history/save-chat.ts').then(({ saveOpenChat }) => saveOpenChat(session)),
      session,
    })}
    ${this.#panels.panel === undefined && this.result.error !== undefined ? html`<alcove-notice .error=${this.result.error}></alcove-notice>` : nothing}
    ${this.#sending.render()}
    ${remoteBadge(state.selectedModelId, 'composer')}
    ${
      hasSystemPrompt(state)
        ? html`<alcove-persona-chip ${lazyElement(() => import('./sending/beside-composer.ts'))} .state=${state}></alcove-persona-chip>`
        : nothing
    }
    ${this.options.isReadonly ? nothing : this.#renderComposer(session)}
    <div class="below">
      ${hasMessages ? this.#renderMeter(session) : nothing}
      ${state.tools.length === 0 || this.options.isReadonly ? nothing : html`<alcove-tools-chip ${lazyElement(() => import('./tools/tool-views.ts'))} .tools=${state.tools}></alcove-tools-chip>`}
    </div>
    ${chatSlot(this.options, 'footer')}`;
  }

  #renderComposer(session: SessionLike): TemplateResult {
    const { state } = session;
    const { chat, generation } = state;
    return html`<alcove-composer
      exportparts="composer, field, send, stop"
      .placeholder=${this.options.placeholder ?? ''}
      .enterKey=${this.options.enterKey ?? 'auto'}
      ?disabled=${this.options.isDisabled}
      ?autofocus=${this.isMain && this.#beginsWithTyping}
      ?generating=${isWrittenIn(state, chat?.id)}
      ?stopping=${generation.status === 'stopping' && generation.chatId === chat?.id}
      @input=${() => this.#onInput(session)}
      @alcove-composer-send=${this.#onSend}
      @alcove-composer-stop=${() => void this.session?.generation.stop()}
      >${chatSlot(this.options, 'composer-start', { into: 'start' })}
      ${chatSlot(this.options, 'composer-end', { into: 'end' })}</alcove-composer
    >`;
  }

  #renderMeter(session: SessionLike): TemplateResult {
    return html`<alcove-context-meter
      part="meter"
      ${lazyElement(() => import('./context-meter.ts'))}
      .preferences=${session.state.preferences}
      .chat=${session.state.chat}
      .entry=${selectedEntry(session.state)}
      .tools=${session.state.tools}
      .readAttached=${this.options.readAttached}
    ></alcove-context-meter>`;
  }

  #onInput(session: SessionLike): void {
    session.models.prepare();
    this.#drafts.save();
    this.contextMeter?.follow?.(this.composer?.draft ?? '');
  }
}

/** Whether the user has set what the model reads before the chat; the instructions of a page are the page's own matter. */
function hasSystemPrompt({ chat, preferences }: SessionState): boolean {
  const own = chat === undefined ? preferences?.forNext : chat.settings;
  return Boolean(own?.systemPrompt ?? preferences?.forAll.systemPrompt);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-view': ChatView;
  }
}
