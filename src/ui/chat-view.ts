import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SessionState } from '../app/session-state.ts';
import { isAbortError, toAlcoveError } from '../errors.ts';
import { serverHost } from '../models/server-host.ts';
import { hasKnownModels } from '../storage/known-models.ts';
import { baseStyles } from './base.styles.ts';
import { chatViewStyles } from './chat-view.styles.ts';
import type { Composer } from './composer.ts';
import type { MakeRoomEvent, RoomChoice } from './context-choice.ts';
import type { ContextMeter } from './context-meter.ts';
import type { ConversationView } from './conversation-view.ts';
import { DraftController } from './draft-controller.ts';
import { emptyChat } from './empty-chat.ts';
import type { Describable } from './error-words.ts';
import { loadErrorWords } from './error-words-controller.ts';
import {
  type MessageActionEvent,
  ModelActionEvent,
  type NextStepEvent,
  type OwnTextEvent,
  type Panel,
  type PanelEvent,
  type SendEvent,
} from './events.ts';
import { KeepFocusController } from './keep-focus.ts';

import { leaves } from './leaves.ts';

import { performMessageAction } from './message-actions.ts';

import { performModelAction } from './model-actions.ts';
import { isFirstRun, isWrittenIn, selectedEntry } from './model-words.ts';
import { ScrollFollowController } from './scroll-follow.ts';
import type { SentenceAnnouncer } from './sentence-announcer.ts';
import type { SessionLike } from './session-like.ts';
import { standing } from './standing.ts';
import { SubscriptionController } from './subscription-controller.ts';
import { tokens } from './tokens.ts';
import { whenIdle } from './when-idle.ts';
import './composer.ts';
import './icon.ts';

const PANELS: Readonly<Record<Panel, { readonly title: () => string; readonly load: () => Promise<unknown> }>> = {
  models: { title: () => msg('Models'), load: () => import('./model-list.ts') },
  ledger: {
    title: () => msg('On this device'),
    load: () => import('./device-panel.ts'),
  },
  chat: { title: () => msg('This chat'), load: () => import('./chat-panel.ts') },
  branches: { title: () => msg('Branches'), load: () => import('./branches-panel.ts') },
};

/**
 * @summary The chat: one conversation with one model, everything that belongs to it, and nothing around it.
 * @csspart header
 * @csspart messages
 * @csspart composer
 * @event alcove-model-action Cancelable: what is asked of a model, before it is done.
 * @cssproperty --alcove-header-inset-start Room that the header leaves at its start, for a button of the page.
 * @cssproperty --alcove-header-inset-end
 */
@customElement('alcove-chat-view')
export class ChatView extends LitElement {
  static override readonly styles = [tokens, baseStyles, chatViewStyles];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private panel: Panel | undefined;
  @state() private sendError: Describable | undefined;
  @state() private outcome: { readonly error?: Describable; readonly said?: string } = {};
  @state() private hasDismissedMemory = false;
  /** The branch that was deleted last, while that can be undone. */
  @state() private deleted: { readonly chatId: string; readonly messageId: string } | undefined;
  /** The answer that failed for want of room, while it is asked what to do. */
  @state() private fullMessageId: string | undefined;

  readonly #scroll = new ScrollFollowController(this);
  readonly #drafts = new DraftController(
    this,
    () => this.session,
    () => this.#composer,
  );
  #announcer: SentenceAnnouncer | undefined;
  #shownChatId: string | undefined;
  #opener: HTMLElement | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
    new KeepFocusController(this, '.empty h2, alcove-composer');
  }

  /** Puts the cursor where a message is written. */
  override focus(): void {
    this.#composer?.focus();
  }

  get #conversation(): ConversationView | null {
    return this.renderRoot.querySelector<ConversationView>('alcove-conversation');
  }

  get #composer(): Composer | null {
    return this.renderRoot.querySelector<Composer>('alcove-composer');
  }

  /** What only a conversation needs comes after what a first message is typed into. */
  protected override firstUpdated(): void {
    // On its way while the catalogue is: nobody waits for it who has a model.
    if (!hasKnownModels()) void loadFirstRun();
    whenIdle(loadErrorWords);
    whenIdle(() => import('./notice.ts'));
    whenIdle(() => import('./conversation-view.ts'));
  }

  protected override willUpdate(): void {
    if (this.session?.state.chat?.activeLeafId !== undefined) void import('./conversation-view.ts');
    const chatId = this.session?.state.chat?.id;
    if (chatId === this.#shownChatId) return;
    this.#shownChatId = chatId;
    this.sendError = undefined;
    this.fullMessageId = undefined;
    this.#scroll.toEnd();
  }

  protected override updated(_: PropertyValues<this>): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroller');
    const messages = this.renderRoot.querySelector<HTMLElement>('.messages');
    if (scroller !== null) this.#scroll.follow(scroller, messages ?? undefined);
    this.#announce();
  }

  #announce(): void {
    const region = this.renderRoot.querySelector<HTMLElement>('[role="log"]');
    const { chat } = this.session?.state ?? {};
    if (region === null) return;
    const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
    if (last?.role !== 'assistant') return;
    if (this.#announcer === undefined) {
      if (last.status === 'streaming') void this.#loadAnnouncer(region, last.id);
    } else if (last.status !== 'streaming') this.#announcer.finish(last.id, last.text);
    else this.#announcer.update(last.id, last.text);
  }

  /** Fetched with the first answer. One that has ended by then is announced whole. */
  async #loadAnnouncer(region: HTMLElement, messageId: string): Promise<void> {
    const { SentenceAnnouncer } = await import('./sentence-announcer.ts');
    if (this.#announcer !== undefined) return;
    this.#announcer = new SentenceAnnouncer(region);
    this.#announcer.update(messageId, '');
    this.#announce();
  }

  #toEnd(): void {
    this.#conversation?.showEnd();
    this.#scroll.toEnd();
  }

  // What is asked for

  async #onSend({ text }: Pick<SendEvent, 'text'>, policy?: RoomChoice): Promise<void> {
    const composer = this.#composer;
    if (composer === null || this.session === undefined) return;
    this.sendError = undefined;
    composer.draft = '';
    this.#drafts.save();
    this.#toEnd();
    try {
      await this.session.send(text, policy);
    } catch (error) {
      // Nothing was changed: what was typed comes back, before what has been typed since.
      composer.draft = composer.draft === '' ? text : `${text}\n${composer.draft}`;
      this.#drafts.save();
      if (!isAbortError(error)) this.sendError = toAlcoveError(error);
    }
  }

  /** Goes on with what had no room: an answer that failed, or what stands in the composer. */
  async #onMakeRoom({ choice, isLasting }: MakeRoomEvent): Promise<void> {
    const { session, fullMessageId } = this;
    this.sendError = undefined;
    this.fullMessageId = undefined;
    if (session === undefined || choice === undefined) return;
    const { chat } = session.state;
    if (isLasting && chat !== undefined) session.rules.value?.setOwn(chat, { ...chat.settings, contextPolicy: choice });
    try {
      if (fullMessageId === undefined) await this.#onSend({ text: this.#composer?.draft ?? '' }, choice);
      else await session.makeRoom(fullMessageId, choice);
    } catch (error) {
      if (!isAbortError(error)) this.sendError = toAlcoveError(error);
    }
  }

  async #onMessageAction(event: MessageActionEvent): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const { action, messageId } = event;
    const chatId = session.state.chat?.id;
    this.sendError = undefined;
    if (action === 'show-branches') return this.#open('branches');
    const done = performMessageAction(session, event);
    if (action === 'fork') this.focus();
    if (action === 'select-branch') {
      this.#close();
      await done;
      await this.#conversation?.updateComplete;
      await this.#conversation?.showMessage(messageId);
    }
    this.sendError = await done;
    if (action === 'delete' && this.sendError === undefined && chatId !== undefined) {
      this.deleted = { chatId, messageId };
      void import('./toast.ts');
    }
  }

  async #saveChatAsFile(session: SessionLike): Promise<void> {
    const { chat } = session.state;
    if (chat === undefined) return;
    const [transfer, { saveFile }] = await Promise.all([session.openTransfer(), import('./save-file.ts')]);
    saveFile(`${chat.title || 'chat'}.json`, await transfer.exportChat(chat.id));
  }

  #undoDelete(): void {
    const { chatId, messageId } = this.deleted ?? {};
    this.deleted = undefined;
    if (chatId === undefined || messageId === undefined) return;
    void this.session?.openDialogue().then((dialogue) => dialogue.restore(chatId, messageId));
  }

  async #onModelAction(event: ModelActionEvent): Promise<void> {
    if (this.session === undefined) return;
    this.outcome = {};
    this.sendError = undefined;
    this.outcome = await performModelAction(this.session, event);
    if (event.action === 'select' && this.panel === 'models') this.#close();
  }

  #onOwnText(event: OwnTextEvent): void {
    const messages = [...(this.session?.state.chat?.messages.values() ?? [])];
    event.text = messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])).join('\n');
    event.stopPropagation();
  }

  #onPanel({ panel }: PanelEvent): void {
    if (panel === undefined) this.#close();
    else void this.#open(panel);
  }

  #onNextStep(event: NextStepEvent): void {
    const { step } = event;
    const modelId = this.session?.state.selectedModelId;
    if (step === 'choose-model' || step === 'free-space') void this.#open('models');
    else if (step === 'new-chat') this.session?.newChat();
    else if (step === 'reload-page') location.reload();
    else if (step === 'make-room') this.#askForRoom();
    else if (step === 'download' && modelId !== undefined) void this.session?.download(modelId).catch(() => {});
    else if (step === 'reopen-file' && modelId !== undefined) {
      void this.#onModelAction(new ModelActionEvent('reopen', modelId));
    } else return;
    event.stopPropagation();
    if (step !== 'make-room') this.sendError = undefined;
  }

  /** The last answer failed because the chat is longer than the model can read. */
  #askForRoom(): void {
    const { chat } = this.session?.state ?? {};
    const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
    this.fullMessageId = last?.id;
    this.sendError = last?.error;
  }

  async #open(panel: Panel): Promise<void> {
    const { activeElement } = this.shadowRoot ?? document;
    this.#opener = activeElement instanceof HTMLElement ? activeElement : undefined;
    this.outcome = {};
    await PANELS[panel].load();
    this.panel = panel;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.panel .icon-button')?.focus();
  }

  #close(): void {
    this.panel = undefined;
    void this.updateComplete.then(() => (this.#opener?.isConnected ? this.#opener.focus() : this.focus()));
  }

  #onPanelKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented) this.#close();
  }

  // What is shown

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined) return nothing;
    const { state } = session;
    return html`<div
      class="view"
      @alcove-model-action=${this.#onModelAction}
      @alcove-message-action=${this.#onMessageAction}
      @alcove-next-step=${this.#onNextStep}
      @alcove-panel=${this.#onPanel}
      @alcove-own-text=${this.#onOwnText}
    >
      <header class="bar" part="header" ?inert=${this.panel !== undefined}>${this.#renderHeader(state)}</header>
      <main class="scroller" ?inert=${this.panel !== undefined} aria-label=${msg('Conversation')}>
        <div class="column" part="messages">${this.#renderBody(state)}</div>
      </main>
      <footer class="foot column" ?inert=${this.panel !== undefined}>${this.#renderFoot(session)}</footer>
      ${this.panel === undefined ? nothing : this.#renderPanel(this.panel, session)}
      <div role="log" aria-live="polite" class="visually-hidden"></div>
      ${
        this.deleted === undefined
          ? nothing
          : html`<alcove-toast
            .message=${msg('Deleted, with all that followed.')}
            .action=${msg('Undo')}
            @alcove-toast-action=${this.#undoDelete}
            @alcove-toast-end=${() => {
              this.deleted = undefined;
            }}
          ></alcove-toast>`
      }
    </div>`;
  }

  #renderHeader(state: SessionState): TemplateResult {
    const entry = selectedEntry(state);
    const mark = leaves(state.selectedModelId, 'header');
    return html`<button
        type="button"
        class="button quiet model"
        title=${msg('Choose a model')}
        ?hidden=${state.models.length === 0}
        @click=${() => this.#open('models')}
      >
        <span>${entry?.record.name ?? msg('Models')}</span><alcove-icon name="chevron-down"></alcove-icon>
      </button>
      <button
        type="button"
        class="button quiet device"
        title=${msg('What this page has requested')}
        @click=${() => this.#open('ledger')}
      >
        ${
          mark === nothing
            ? html`<alcove-icon name="shield"></alcove-icon><span class="words"
          ><span class="long">${msg('On this device')}</span><span class="short" aria-hidden="true">${msg('On device')}</span></span
        >`
            : mark
        }
      </button>
      <button
        type="button"
        class="icon-button settings"
        aria-label=${msg('This chat')}
        title=${msg('Settings of this chat, and saving it')}
        ?hidden=${state.models.length === 0}
        @click=${() => this.#open('chat')}
      >
        <alcove-icon name="sliders"></alcove-icon>
      </button>`;
  }

  #renderBody(state: SessionState): TemplateResult | typeof nothing {
    if (state.start === 'starting' && hasKnownModels()) return html`<p class="visually-hidden">${msg('Opening')}</p>`;
    if (state.start === 'failed') {
      return html`<div class="empty"><alcove-notice .error=${state.startError}></alcove-notice></div>`;
    }
    if (state.chat?.activeLeafId !== undefined) {
      return html`<alcove-conversation
        class="messages"
        exportparts="message, user, assistant, markdown, statistics"
        .state=${state}
      ></alcove-conversation>`;
    }
    if (isFirstRun(state)) {
      void loadFirstRun();
      return html`<alcove-first-run exportparts="card, first-run" .state=${state}></alcove-first-run>`;
    }
    return emptyChat(selectedEntry(state)?.record, (phrase) => this.#suggest(phrase));
  }

  #suggest(phrase: string): void {
    const composer = this.#composer;
    if (composer === null) return;
    composer.draft = phrase;
    composer.focus();
  }

  #renderFoot(session: SessionLike): TemplateResult {
    const { state } = session;
    const { generation, chat } = state;
    const hasMessages = chat?.activeLeafId !== undefined;
    return html`${
      this.#scroll.isFollowing || !hasMessages
        ? nothing
        : html`<button
          type="button"
          class="icon-button to-end"
          aria-label=${msg('To the newest')}
          title=${msg('To the newest')}
          @click=${this.#toEnd}
        >
          <alcove-icon name="arrow-down"></alcove-icon>
        </button>`
    }
    ${standing(state, this.hasDismissedMemory, {
      dismissMemory: () => {
        this.hasDismissedMemory = true;
      },
      saveChat: () => this.#saveChatAsFile(session),
      session,
    })}
    ${this.panel === undefined && this.outcome.error !== undefined ? html`<alcove-notice .error=${this.outcome.error}></alcove-notice>` : nothing}
    ${this.#renderSendError()}
    ${leaves(state.selectedModelId, 'composer')}
    <alcove-composer
      exportparts="composer"
      ?generating=${isWrittenIn(state, chat?.id)}
      ?stopping=${generation.status === 'stopping' && generation.chatId === chat?.id}
      @input=${() => this.#onInput(session)}
      @alcove-send=${this.#onSend}
      @alcove-stop=${() => this.session?.stop()}
    ></alcove-composer>
    ${hasMessages ? this.#renderMeter(session) : nothing}`;
  }

  #renderSendError(): TemplateResult | typeof nothing {
    const { sendError } = this;
    if (sendError === undefined) return nothing;
    if (sendError.code !== 'context-full' && this.fullMessageId === undefined) {
      return html`<alcove-notice role="alert" .error=${sendError} tone="warning"></alcove-notice>`;
    }
    void import('./context-choice.ts');
    return html`<alcove-context-choice .error=${sendError} @alcove-make-room=${this.#onMakeRoom}></alcove-context-choice>`;
  }

  #renderMeter(session: SessionLike): TemplateResult {
    void import('./context-meter.ts');
    return html`<alcove-context-meter
      .session=${session}
      .chat=${session.state.chat}
      .entry=${selectedEntry(session.state)}
    ></alcove-context-meter>`;
  }

  #onInput(session: SessionLike): void {
    session.prepare();
    this.#drafts.save();
    this.renderRoot.querySelector<ContextMeter>('alcove-context-meter')?.follow?.(this.#composer?.draft ?? '');
  }

  #renderPanel(panel: Panel, session: SessionLike): TemplateResult {
    const leavesDevice = panel === 'ledger' && serverHost(session.state.selectedModelId) !== undefined;
    const title = leavesDevice ? msg('On your server') : PANELS[panel].title();
    return html`<section class="panel" role="dialog" aria-label=${title} @keydown=${this.#onPanelKeyDown}>
      <header>
        <h2>${title}</h2>
        <button type="button" class="icon-button" aria-label=${msg('Close')} title=${msg('Close')} @click=${this.#close}>
          <alcove-icon name="close"></alcove-icon>
        </button>
      </header>
      <div class="scroller">
        <div class="column">
          ${
            this.outcome.error === undefined
              ? nothing
              : html`<alcove-notice class="outcome" .error=${this.outcome.error} without-action></alcove-notice>`
          }
          ${this.outcome.said === undefined ? nothing : html`<p class="outcome" role="status">${this.outcome.said}</p>`}
          ${
            panel === 'models'
              ? html`<alcove-model-list exportparts="card" .state=${session.state}></alcove-model-list>`
              : panel === 'ledger'
                ? html`<alcove-device-panel .session=${session} .state=${session.state}></alcove-device-panel>`
                : panel === 'branches'
                  ? html`<alcove-branches .chat=${session.state.chat}></alcove-branches>`
                  : html`<alcove-chat-panel .session=${session}></alcove-chat-panel>`
          }
        </div>
      </div>
    </section>`;
  }
}

const loadFirstRun = (): Promise<unknown> => import('./first-run.ts');

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-view': ChatView;
  }
}
