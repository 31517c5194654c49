import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { activePath } from '../../chat/tree.ts';
import { whenIdle } from '../../platform/when-idle.ts';
import { once } from '../../session/state/deferred-methods.ts';
import { hasStoredModels } from '../../storage/weights/stored-model-ids.ts';
import { baseStyles } from '../base/base.styles.ts';
import { chatFrameStyles } from '../base/chat-frame.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { tokens } from '../base/tokens.ts';
import { type ChatOptions, chatSlot, NO_OPTIONS } from '../contract/chat-options.ts';
import {
  type ComposerSendEvent,
  MessageActionEvent,
  ModelActionEvent,
  type NextStepEvent,
  type Panel,
  type PanelEvent,
  PlaceChangeEvent,
  type ReadingSubject,
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
import { performModelAction } from '../models/model-actions.ts';
import { isWrittenIn } from '../models/model-labels.ts';
import { remoteBadge } from '../privacy/remote-badge-lazy.ts';
import { ANSWERS, AnnounceController, DOWNLOADS } from './announce-controller.ts';
import { blockingNotice } from './blocking-notice.ts';
import { chatBody } from './chat-body.ts';
import { chatHeader } from './chat-header.ts';
import { chatViewStyles } from './chat-view.styles.ts';
import type { Composer } from './composer.ts';
import type { ReadingPlace } from './conversation-view.ts';
import type { MessageActionController } from './message-action-controller.ts';
import { ModelMenuController } from './model-menu-controller.ts';
import { PanelController } from './panel-controller.ts';
import { ReadingController } from './reading-controller.ts';
import { aboveComposer, belowComposer } from './sending/around-composer.ts';
import type { ContextMeter } from './sending/context-meter.ts';
import { DraftController } from './sending/draft-controller.ts';
import { SendController } from './sending/send-controller.ts';
import '../base/view-icons.ts';
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
  @state() private hasDismissedMemory = false;

  @query('alcove-composer') private readonly composer?: Composer | null;
  @query('alcove-context-meter') private readonly contextMeter?: ContextMeter | null;
  @query('.scroller') private readonly scroller?: HTMLElement | null;
  @query('.messages') private readonly messages?: HTMLElement | null;

  readonly #reading = new ReadingController(this);
  readonly #drafts = new DraftController(
    this,
    () => this.session,
    () => this.composer ?? undefined,
    () => this.#sending.queued,
  );
  readonly #sending = new SendController(this, {
    session: () => this.session,
    composer: () => this.composer ?? undefined,
    drafts: this.#drafts,
    onSend: () => {
      this.result = {};
      this.#reading.toEnd();
    },
  });
  readonly #panels = new PanelController(this);
  readonly #modelMenu = new ModelMenuController(this, (result) => {
    this.result = result;
  });
  #actions: MessageActionController | undefined;
  /** With the first action that the user asks for. */
  readonly #loadActions = once(async () => {
    const { MessageActionController } = await import('./message-action-controller.ts');
    const session = (): SessionLike | undefined => this.session;
    const context = { session, panels: this.#panels, reading: this.#reading, sending: this.#sending };
    this.#actions = new MessageActionController(this, context);
  });
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
    if (text.trim() !== '' || this.composer?.attached.length) void this.#sending.send(text);
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
    await this.#reading.showMessage(id, query);
  }

  /** Does what a shortcut asks for: opens a question for editing, or generates another answer to it. */
  actOnMessage(action: 'edit' | 'regenerate', messageId: string): Promise<void> {
    if (action === 'edit') return this.#reading.editMessage(messageId);
    return this.#onMessageAction(new MessageActionEvent(action, messageId));
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
    return this.#reading.place;
  }

  /** Scrolls to where the user was reading. */
  showPlace(place: ReadingPlace): Promise<void> {
    return this.#reading.showPlace(place);
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
    whenIdle(() => import('./conversation-view.ts'));
  }

  protected override willUpdate(): void {
    const chatId = this.session?.state.chat?.id;
    if (chatId === this.#shownChatId) return;
    this.#shownChatId = chatId;
    // A panel of the last chat shall not cover this one. In the list of past chats the user may have deleted the open one.
    if (this.#panels.panel !== 'chats' && !this.#panels.isBeside) this.#panels.leave();
    this.#sending.leave();
    this.#reading.begin();
  }

  protected override updated(_: PropertyValues<this>): void {
    if (this.scroller) this.#reading.follow(this.scroller, this.messages ?? undefined);
  }

  // Event handlers

  #onSend({ text }: ComposerSendEvent): void {
    // The text stays in the field: it is meant for the chat that is being read.
    if (this.isOpening) return;
    void this.#sending.send(text);
  }

  async #onModelAction(event: ModelActionEvent): Promise<void> {
    if (this.session === undefined) return;
    this.result = {};
    this.#sending.error = undefined;
    this.result = await performModelAction(this.session, event);
    if (event.action === 'chat') await this.#toComposer();
    else if (event.action === 'select' && this.#panels.panel === 'models') this.#panels.close();
  }

  async #toComposer(): Promise<void> {
    this.#panels.leave();
    await this.updateComplete;
    this.focus();
  }

  #onUserMessagesRequest(event: UserMessagesRequestEvent): void {
    const messages = [...(this.session?.state.chat?.messages.values() ?? [])];
    event.messages = messages.filter(({ role }) => role === 'user');
    event.stopPropagation();
  }

  #onToolAnswer({ callId, answer }: ToolAnswerEvent): void {
    void this.session?.generation.answerToolCall(callId, answer);
  }

  #onPanel({ panel, isDone, subject }: PanelEvent): void {
    if (isDone) void this.#toComposer();
    else if (panel === undefined) this.#panels.close();
    else void this.#open(panel, subject);
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

  async #open(panel: Panel, subject?: ReadingSubject): Promise<void> {
    this.result = {};
    const { onAllModels } = this.options;
    if (panel === 'models' && onAllModels !== undefined) onAllModels();
    else await this.#panels.open(panel, subject);
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
          onChooseModel: this.#modelMenu.open,
        })}
      </header>
      <div class="scroller" role=${this.isMain ? 'main' : 'region'} ?inert=${isCovered} aria-label=${msg('Conversation')} @scrollend=${() => this.dispatchEvent(new PlaceChangeEvent())}>
        <div class="column" part="messages">${chatBody(state, this.options, {
          isOpening: this.isOpening,
          isReadonly: this.#isReadonly,
          offersPersonas: this.isMain,
          send: (starter) => void this.#sending.send(starter),
          session,
        })}</div>
      </div>
      <footer class="foot column" ?inert=${isCovered}>${this.#renderFoot(session)}</footer>
      ${this.#modelMenu.render(state)}
      ${this.#panels.render(session, this.result)}
      <div role="log" aria-live="polite" class="visually-hidden"></div>
      <div role="status" class="visually-hidden downloads"></div>
      ${this.#actions?.undoDelete.render()}
    </div>`;
  }

  readonly #onMessageAction = async (event: MessageActionEvent): Promise<void> => {
    await this.#loadActions();
    return this.#actions?.perform(event);
  };

  get #isReadonly(): boolean {
    return this.options.isDisabled === true || this.options.isReadonly === true;
  }

  #renderFoot(session: SessionLike): TemplateResult {
    const { state } = session;
    const hasMessages = state.chat?.activeLeafId !== undefined;
    return html`${
      this.#reading.isAwayFromEnd && hasMessages
        ? iconButton('arrow-down', msg('Scroll to the latest'), this.#reading.toEnd, { classes: 'to-end' })
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
    ${aboveComposer(session)}
    ${this.options.isReadonly ? nothing : this.#renderComposer(session)}
    ${belowComposer(session, this.options)}
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
      >${
        this.options.hasAttachments
          ? html`<alcove-attach slot="start" ${lazyElement(() => import('./attach/attach-views.ts'))}></alcove-attach>`
          : nothing
      }
      ${chatSlot(this.options, 'composer-start', { into: 'start' })}
      ${chatSlot(this.options, 'composer-end', { into: 'end' })}</alcove-composer
    >`;
  }

  #onInput(session: SessionLike): void {
    session.models.prepare();
    this.#drafts.save();
    if (this.composer) this.contextMeter?.follow?.(this.composer);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-view': ChatView;
  }
}
