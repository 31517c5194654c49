/**
 * All that a host page sees of the element, with its documentation, from which the manifest is made. That is why this file
 * is long; what the members do is in the files beside it.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { MessagePart } from '../chat/message-parts.ts';
import type { EngineId } from '../models/model-record.ts';
import { type AlcoveError, abortError } from '../platform/errors.ts';
import { DEFAULT_CATALOGUE_URL } from '../session/models/default-catalogue.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry } from '../session/state/session-state.ts';
import { lazyElement } from '../ui/base/lazy-element.ts';
import { tokens } from '../ui/base/tokens.ts';
import { CHAT_SLOTS, type ChatOptions, chatSlot, NO_OPTIONS } from '../ui/contract/chat-options.ts';
import { BeforeSendEvent, type ModelActionEvent } from '../ui/contract/events.ts';
import { direction, LocaleController, locale, localeLoading } from '../ui/lib/locale.ts';
import { whenIdle } from '../ui/lib/when-idle.ts';
import { performModelAction } from '../ui/models/model-actions.ts';
import '../ui/base/icon.ts';
import '../ui/chat/chat-view.ts';
import { alcoveChatStyles, registerTextSize } from './alcove-chat-element.styles.ts';
import { shownMessages } from './chat-message.ts';
import type { Outgoing } from './chat-methods.ts';
import { checkProperty, JSON_ATTRIBUTE, listOf, wordOf } from './check-properties.ts';
import { DownloadConsent, isAbsent } from './download-consent.ts';
import { AlcoveErrorEvent, AlcoveSendEvent } from './events.ts';
import { type FormValueKind, formValue } from './form-value.ts';
import { checkMessages, givenMessages } from './given-messages.ts';
import { historyScope, OpenChat } from './history-scope.ts';
import { containInternalEvents } from './internal-events.ts';
import { LayoutController } from './layout-controller.ts';
import { MethodCalls } from './method-calls.ts';
import type {
  AlcoveChatProperties,
  ChatMessage,
  ChatMessageInput,
  ExportOptions,
  ImportResult,
  PastChats,
  SendOptions,
} from './public-types.ts';
import { SessionController } from './session-controller.ts';
import { SessionProperties } from './session-properties.ts';
import { ShownController } from './shown-controller.ts';
import { SlotController } from './slot-controller.ts';

/** The slots of the chat; that of the consent is on the card before it. */
const VIEW_SLOTS = CHAT_SLOTS.filter((slot) => slot !== 'consent');

/**
 * A chat with a language model that runs in the user's own browser. Nothing is downloaded before the user or the host
 * page has agreed; what the user types never leaves the device.
 *
 * All elements of one origin share the stored models and, while it runs, the one loaded model.
 *
 * @tagname alcove-chat
 * @summary A private chat with a language model that runs in this browser.
 *
 * @event {AlcoveReadyEvent} alcove-ready - The models and the chats are listed; the element takes messages.
 * @event {AlcoveProgressEvent} alcove-progress - Bytes of a download, or of a load into memory.
 * @event {DownloadConsentEvent} alcove-download-consent - Before a download that the user has not agreed to.
 *   Cancelable: `preventDefault()` keeps the element from asking and from downloading; `allow()` starts the download.
 * @event {AlcoveSendEvent} alcove-send - Before a message is sent. Cancelable; its `text` can be changed.
 * @event {AlcoveDeltaEvent} alcove-delta - The answer in the open chat has grown.
 * @event {AlcoveMessageEvent} alcove-message - A message of the open chat is there: a question, or a whole answer.
 * @event {AlcoveStopEvent} alcove-stop - An answer was stopped.
 * @event {AlcoveErrorEvent} alcove-error - Something failed; `error.code` says what.
 * @event {AlcoveModelChangeEvent} alcove-model-change - Another model is selected.
 * @event {AlcoveOpenEvent} alcove-open - The panel or the bubble's dialog was opened.
 * @event {AlcoveCloseEvent} alcove-close - It was closed.
 *
 * @cssproperty --alcove-color-scheme - `light`, `dark` or `light dark`. Default: the page's `color-scheme`.
 * @cssproperty --alcove-surface - Background of the chat.
 * @cssproperty --alcove-surface-raised - Background of buttons, cards and the composer.
 * @cssproperty --alcove-text - Colour of text.
 * @cssproperty --alcove-text-muted - Colour of secondary text.
 * @cssproperty --alcove-border - Colour of borders.
 * @cssproperty --alcove-accent - Colour of the primary action and of the focus outline.
 * @cssproperty --alcove-on-accent - Colour of text on the accent.
 * @cssproperty --alcove-font - Font family of text.
 * @cssproperty --alcove-font-mono - Font family of code.
 * @cssproperty [--alcove-font-size=1.0625em] - Size of the text of messages, a length; all other text follows. An `em` is the size that
 *   the user has chosen in the browser, 16px by default, and not the page's.
 * @cssproperty [--alcove-radius=8px] - Radius of corners.
 * @cssproperty [--alcove-column=748px] - Maximum width of the column of text.
 *
 * @cssproperty [--alcove-bubble-inset=20px] - Distance of the bubble from the edges of the window.
 * @cssproperty [--alcove-bubble-size=56px] - Width and height of the bubble.
 * @cssproperty [--alcove-bubble-layer=1000] - `z-index` of the bubble. Its dialog is above everything.
 * @cssproperty [--alcove-dialog-width=400px] - Width of the bubble's dialog, where the window is wide enough.
 * @cssproperty [--alcove-dialog-height=600px] - Height of the bubble's dialog.
 *
 * @slot header - At the start of the header.
 * @slot welcome - In place of the greeting of an empty chat.
 * @slot starters - In place of the starters.
 * @slot consent - On the card that offers the download, above its button.
 * @slot message-actions - Beside the actions of the last answer.
 * @slot composer-start - In the composer, before the field.
 * @slot composer-end - In the composer, after the field.
 * @slot footer - Below the composer.
 *
 * @cssstate open - The panel or the bubble's dialog is open.
 *
 * @csspart chat - The chat.
 * @csspart header - The bar with the model and the privacy indicator.
 * @csspart heading - The title in the header.
 * @csspart greeting - What an empty chat says to the user.
 * @csspart starters - The list of starters.
 * @csspart starter - One starter.
 * @csspart bubble - The button of the layout `bubble`.
 * @csspart dialog - The dialog that it opens.
 * @csspart messages - The column of messages.
 * @csspart message - One message.
 * @csspart user - A message of the user.
 * @csspart assistant - An answer.
 * @csspart composer - The field for the next message.
 * @csspart gate - The card that offers the download, shown while the model is not stored.
 * @csspart download - The download: its button, its progress.
 * @csspart problem - The message that is shown instead of a chat when the model is unknown.
 */
export class AlcoveChatElement extends LitElement implements AlcoveChatProperties {
  /** The element takes part in forms: see `name`, `formValue` and `value`. */
  static readonly formAssociated = true;

  static override readonly styles = [tokens, alcoveChatStyles];

  /** Id of the model in the catalogue. Default: the model that the user used last, else the user chooses. */
  @property({ reflect: true }) model: string | undefined;

  /** Ids of the models that the user may choose from, as JSON in the attribute. Default: all of the catalogue. */
  @property({ converter: JSON_ATTRIBUTE }) models: readonly string[] | undefined;

  /** URL of a catalogue.json. Default: the one beside this script. Ignored when `session` is set. */
  @property() catalogue: string | undefined;

  /** Offers only the models of one engine. Default: all. */
  @property() engine: EngineId | undefined;

  /** Instructions for the model, before the user's own system prompt. The user does not see them. */
  @property() instructions: string | undefined;

  /** Text of the page that the model reads with a message, marked as the page's. Cut to half of the context window. */
  @property() context: string | undefined;

  /** CSS selector of elements of the page whose visible text is read, like `context`, when a message is sent. */
  @property({ attribute: 'context-selector' }) contextSelector: string | undefined;

  /** Title in the header. */
  @property() heading: string | undefined;

  /** What an empty chat says to the user. */
  @property() greeting: string | undefined;

  /** First messages that the user sends with a click, as JSON in the attribute. */
  @property({ converter: JSON_ATTRIBUTE }) starters: readonly string[] | undefined;

  /** Placeholder of the composer. */
  @property() placeholder: string | undefined;

  /**
   * Which chats the user finds again: `none`; those of this `page` (its address without the fragment), of its `path`
   * (without the query too), of the `origin`, or of any other key, such as the id of a user. Default `origin`.
   * Read when the element starts. Ignored when `session` is set.
   */
  @property() history: string | undefined;

  /** `memory` keeps chats until the page is left, and writes none to the disk. Default `kept`. Ignored when `session` is set. */
  @property() storage: 'kept' | 'memory' | undefined;

  /** Default: as `--alcove-color-scheme` says. */
  @property({ reflect: true }) theme: 'auto' | 'light' | 'dark' | undefined;

  /**
   * `full` fills the element's box; a `panel` does too and can be closed; a `bubble` is a button in the corner of the
   * window, which opens a dialog and loads nothing before that. Default `full`.
   */
  @property({ reflect: true }) layout: 'full' | 'panel' | 'bubble' | undefined;

  /** Loads the selected model as soon as it is stored, rather than when the user starts to type. */
  @property({ type: Boolean, attribute: 'auto-load' }) autoLoad = false;

  /** Name of the element's value in a form. Default: it has none. */
  @property({ reflect: true }) name: string | undefined;

  /** What a form gets: the last `answer`, or the `conversation` as a JSON array of `{ role, content }`. Default `answer`. */
  @property({ attribute: 'form-value' }) formValue: FormValueKind | undefined;

  /** The user can type and change nothing; methods still work. */
  @property({ type: Boolean, reflect: true }) disabled = false;

  /** The user can read the chat and not write in it: there is no composer. Methods still work. */
  @property({ type: Boolean, reflect: true }) readonly = false;

  /** The session to show. Default: the element creates its own, and disposes it when it is removed from the page. */
  @property({ attribute: false }) session: Session | undefined;

  readonly #internals = this.attachInternals();

  /** The past chats, within the scope of the element. */
  readonly chats: PastChats = {
    list: () => this.#calls.call('later', (methods) => methods.listChats()),
    open: (id) => this.#calls.call('change', (methods) => methods.openChat(id)),
    delete: (id) => this.#calls.call('change', (methods) => methods.deleteChat(id)),
  };

  readonly #sessions = new SessionController(this, {
    given: () => this.session,
    key: () => JSON.stringify([this.catalogue || '', this.history || '', this.storage || '']),
    create: () => this.#createSession(),
    recallChat: () => this.#openChat?.read(),
    follow: (session) => this.#follow(session),
  });
  readonly #consent = new DownloadConsent(this, () => this.#consentSession());
  readonly #layout = new LayoutController(this, () => wordOf('layout', this.layout) ?? 'full', this.#internals.states);
  readonly #shown = new ShownController(this);
  readonly #calls = new MethodCalls({
    requireSession: () => this.#sessions.require(),
    onStarted: () => {
      this.#applyProperties();
      return this.#eventsReady;
    },
    wantedModel: () => this.#wantedModel,
    askForDownload: (entry) => {
      const session = this.#consentSession();
      if (session !== undefined) this.#consent.askOnce(session, entry);
    },
    beforeSend: (text) => this.#beforeSend(text),
    report: (error) => this.#report(error),
  });
  readonly #slots = new SlotController(this);
  readonly #properties = new SessionProperties();
  /** The chat to open again after a reload; undefined in a session of the page. */
  #openChat: OpenChat | undefined;
  #hasPastChats = true;
  #isFormDisabled = false;
  #options: ChatOptions = NO_OPTIONS;
  /** Resolves when the session that is shown sends its events to the page. */
  #eventsReady: Promise<unknown> = Promise.resolve();
  /** What `messages` was set to, until the session has it. */
  #given: readonly ChatMessageInput[] | undefined;
  readonly #reported = new WeakSet<AlcoveError>();
  #hasShownView = false;

  constructor() {
    super();
    registerTextSize();
    new LocaleController(this);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    containInternalEvents(root);
    root.addEventListener(BeforeSendEvent.eventName, this.#onBeforeSend);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  /** Waits for the page's language before the first render. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await localeLoading();
    return super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    for (const name of changed.keys()) this.#check(name);
    if (!this.isConnected || !this.#layout.isNeeded || !this.#shown.hasBeenShown) return;
    if (!isSecureContext) return;
    this.#sessions.require();
    this.#applyProperties();
    this.#options = this.#chatOptions();
    if (this.name) this.#internals.setFormValue(this.value);
  }

  protected override updated(): void {
    if (this.#hasShownView || (isSecureContext && this.#sessions.session === undefined)) return;
    this.#hasShownView = true;
    // After the first view.
    whenIdle(() => import('../ui/errors/notice.ts'));
  }

  // Methods

  /**
   * Loads a model into memory before the first message needs it. If it is not stored, the promise waits until the user, or
   * the page with `allow()`, has agreed to the download and the download is complete.
   * @param model becomes the element's `model`. Default: `model`, else the selected one, else what suits the device
   * @throws AlcoveError `model-unknown`, why the download or the load failed, or why the model cannot run here; AbortError
   *   if the download was cancelled or another model was chosen
   */
  load(model?: string): Promise<void> {
    if (model !== undefined) this.model = model;
    return this.#calls.call('later', (methods) => methods.load());
  }

  /**
   * Sends a message in the open chat, or in a new one, as if the user had typed it.
   * @returns the answer when it has ended; a stopped one has the status `stopped`
   * @throws AlcoveError `engine-busy` while an answer in the chat is generated, `prompt-empty`, `model-unknown`,
   *   `model-missing` if the model is not stored, `context-full`, or why the answer failed; AbortError if a listener of
   *   `alcove-send` prevented it
   */
  send(text: string, options?: SendOptions): Promise<ChatMessage> {
    return this.#calls.call('later', (methods) => methods.send(text, options));
  }

  /** Stops the answer in the open chat, and keeps its text. Resolves when it has ended, also if there is none. */
  stop(): Promise<void> {
    return this.#calls.call('now', (methods) => methods.stop());
  }

  /** Answers the last question again. The answer so far stays as another branch. Errors as in `send`. */
  regenerate(): Promise<ChatMessage> {
    return this.#calls.call('later', (methods) => methods.regenerate());
  }

  /** Deletes the open chat, and shows an empty one. */
  clear(): Promise<void> {
    return this.#calls.call('change', (methods) => methods.clear());
  }

  /** Shows an empty chat. The chat before it stays among the past ones, and an answer in it is generated to its end. */
  newChat(): Promise<void> {
    return this.#calls.call('change', (methods) => methods.newChat());
  }

  /** Frees the memory of the loaded model, and stops all answers. The next message loads it again. */
  unload(): Promise<void> {
    return this.#calls.call('now', (methods) => methods.unload());
  }

  /** Makes a file of the open chat, or of all chats. */
  export(options: ExportOptions = {}): Promise<Blob> {
    return this.#calls.call('later', (methods) => methods.export(options));
  }

  /**
   * Adds the chats of a file to the past ones: Alcove's own format, and all that the chat page imports (docs/chat-format.md).
   * @throws AlcoveError `import-unreadable`
   */
  import(file: Blob | string): Promise<ImportResult> {
    return this.#calls.call('change', (methods) => methods.import(file));
  }

  /**
   * The messages of the open chat, oldest first; a new array after each change. Setting it opens a new chat with these
   * messages; an empty array opens an empty chat.
   * @throws TypeError if it is set to something else
   */
  get messages(): readonly ChatMessage[] {
    return this.#given === undefined ? shownMessages(this.#sessions.session?.state.chat) : givenMessages(this.#given);
  }

  set messages(messages: readonly ChatMessageInput[]) {
    const given = checkMessages(messages);
    this.#given = given;
    const set = this.#calls.call('change', async (methods) => {
      if (this.#given === given) this.#given = undefined;
      await methods.setMessages(given);
    });
    set.catch(() => {});
  }

  /** Opens the panel or the bubble's dialog, and focuses the composer. */
  open(): Promise<void> {
    return this.#layout.open();
  }

  /** Closes the panel or the bubble's dialog; an answer is generated to its end. Does nothing in the layout `full`. */
  close(): Promise<void> {
    return this.#layout.close();
  }

  /** Focuses the composer; of a closed bubble, its button. */
  override focus(): void {
    const selector = this.#layout.isOpen ? 'alcove-chat-view' : '.bubble';
    this.shadowRoot?.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Makes the element's own session. */
  protected createSession(options: SessionOptions): Session {
    return new Session(options);
  }

  #createSession(): Session {
    const scope = historyScope(this.history || undefined, wordOf('storage', this.storage));
    const { chatDatabaseName, keepsChats = true } = scope;
    this.#openChat = new OpenChat(scope);
    this.#hasPastChats = scope.hasPastChats;
    const catalogueUrl = new URL(this.catalogue || DEFAULT_CATALOGUE_URL, document.baseURI).href;
    return this.createSession({
      catalogueUrl,
      keepsChats,
      ...(chatDatabaseName !== undefined && { chatDatabaseName }),
    });
  }

  #follow(session: Session): () => void {
    let undo: (() => void) | undefined = () => {};
    this.#eventsReady = import('./session-events.ts').then(({ SessionEvents }) => {
      if (undo === undefined) return;
      const events = new SessionEvents(this, session, (error) => this.#report(error));
      undo = () => events.dispose();
    });
    const undoOpenChat = this.#sessions.isOwn(session) ? this.#openChat?.follow(session) : undefined;
    return () => {
      undo?.();
      undo = undefined;
      undoOpenChat?.();
      this.#consent.forget();
    };
  }

  /** The session, if the element asks for consent in it; an app that sets `session` and no model asks in its own way. */
  #consentSession(): Session | undefined {
    const { session } = this.#sessions;
    if (session === undefined) return undefined;
    return this.#sessions.isOwn(session) || this.#wantedModel !== undefined ? session : undefined;
  }

  /** Tells the session what the properties say about it. */
  #applyProperties(): void {
    const { session } = this.#sessions;
    if (session === undefined) return;
    const { autoLoad } = this;
    const unknown = this.#properties.apply(session, {
      model: this.#wantedModel,
      models: listOf(this.models),
      engine: wordOf('engine', this.engine),
      instructions: this.instructions || undefined,
      autoLoad,
    });
    if (unknown !== undefined) this.#fault(unknown);
  }

  #check(name: PropertyKey): void {
    const error = checkProperty(name, Reflect.get(this, name));
    if (error !== undefined) this.#fault(error);
  }

  #chatOptions(): ChatOptions {
    const { heading, greeting, placeholder, disabled, readonly } = this;
    const options = {
      heading: heading || undefined,
      greeting: greeting || undefined,
      placeholder: placeholder || undefined,
      starters: listOf(this.starters),
      isDisabled: disabled || this.#isFormDisabled,
      isReadonly: readonly,
      slots: this.#slots.filled,
      hasPastChats: this.#hasPastChats,
      onClose: this.#layout.canClose ? this.#onClose : undefined,
    };
    // The same object while nothing has changed, so that the chat is not drawn again for it.
    const names = Object.keys(options) as (keyof typeof options)[];
    return names.every((name) => this.#options[name] === options[name]) ? this.#options : options;
  }

  readonly #onClose = (): void => void this.close();

  /** Sends `alcove-error`, once for each error. */
  #report(error: AlcoveError): void {
    if (this.#reported.has(error)) return;
    this.#reported.add(error);
    this.dispatchEvent(new AlcoveErrorEvent(error));
  }

  /** Reports a mistake of the page, to its developer too. */
  #fault(error: AlcoveError): void {
    console.error('<alcove-chat>', error.message);
    this.#report(error);
  }

  readonly #onBeforeSend = (event: Event): void => {
    if (!(event instanceof BeforeSendEvent)) return;
    try {
      Object.assign(event, this.#beforeSend(event.text));
    } catch {
      event.preventDefault();
    }
  };

  /** @throws AbortError if the page prevents the message */
  #beforeSend(text: string): Outgoing {
    const event = new AlcoveSendEvent(text);
    if (!this.dispatchEvent(event)) throw abortError();
    return { text: event.text, attached: this.#pageContext() };
  }

  async #pageContext(): Promise<readonly MessagePart[]> {
    const { context, contextSelector } = this;
    const state = this.#sessions.session?.state;
    if (state === undefined || (!context && !contextSelector)) return [];
    const { pageContext } = await import('./page-context.ts');
    const isValid = checkProperty('contextSelector', contextSelector) === undefined;
    const source = {
      text: context ?? '',
      selector: isValid ? (contextSelector ?? '') : '',
      chat: this,
      name: msg(str`This page: ${document.title || location.pathname}`),
    };
    return pageContext(source, state.chat, this.#entry()?.record.contextWindow ?? 0);
  }

  /** Lit sets null for a removed attribute. */
  get #wantedModel(): string | undefined {
    return this.model || undefined;
  }

  #entry(): ModelEntry | undefined {
    const { state } = this.#sessions.session ?? {};
    return state && findModel(state, state.selectedModelId);
  }

  /** The form around the element. */
  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  /** The value in a form: see `formValue`. Null in an empty chat. */
  get value(): string | null {
    return formValue(this.messages, wordOf('formValue', this.formValue) ?? 'answer');
  }

  /** A `fieldset` around the element was disabled or enabled. @internal */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isFormDisabled = isDisabled;
    this.requestUpdate();
  }

  /** The form was reset: an empty chat is shown, and the one before it stays among the past ones. @internal */
  formResetCallback(): void {
    if (this.#sessions.session !== undefined) void this.newChat();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.layout === 'bubble') return this.#renderBubble();
    return this.#layout.isOpen ? this.#renderBox() : nothing;
  }

  #renderBubble(): TemplateResult {
    const { isOpen, isNeeded } = this.#layout;
    const label = isOpen ? msg('Close the chat') : msg('Open the chat');
    return html`<button
        type="button"
        class="bubble"
        part="bubble"
        lang=${locale()}
        aria-label=${label}
        title=${label}
        aria-haspopup="dialog"
        aria-expanded=${isOpen}
        @click=${() => (isOpen ? this.close() : this.open())}
      >
        <alcove-icon name=${isOpen ? 'chevron-down' : 'message'}></alcove-icon>
      </button>
      <div
        class="dialog"
        part="dialog"
        role="dialog"
        popover="manual"
        lang=${locale()}
        dir=${direction()}
        aria-label=${this.heading || msg('Chat')}
        @keydown=${this.#layout.onKeyDown}
      >
        ${isNeeded ? this.#renderBox() : nothing}
      </div>`;
  }

  #renderBox(): TemplateResult {
    return html`<div class="box">${this.#renderContents()}</div>`;
  }

  #renderContents(): TemplateResult | typeof nothing {
    if (!isSecureContext) {
      const error = { code: 'insecure-context', data: {} };
      return html`<alcove-notice part="problem" .error=${error}></alcove-notice>`;
    }
    const { session } = this.#sessions;
    if (session === undefined) return nothing;
    const { state } = session;
    const model = this.#wantedModel;
    if (model !== undefined && !isListed(session, model) && state.start !== 'failed') {
      if (state.start === 'starting') return nothing;
      return html`<p part="problem" role="alert">${msg(str`The catalogue has no model called “${model}”.`)}</p>`;
    }
    const entry = this.#entry();
    const isBegun = state.chat?.activeLeafId !== undefined;
    if (entry !== undefined && this.#consentSession() === session && entry.weights.status !== 'stored' && !isBegun) {
      return this.#renderGate(session, entry);
    }
    return html`<alcove-chat-view
      lang=${locale()}
      dir=${direction()}
      part="chat"
      exportparts="header, heading, messages, greeting, starters, starter, composer, message, user, assistant, markdown, statistics"
      .session=${session}
      .options=${this.#options}
      >${VIEW_SLOTS.map((slot) => chatSlot(this.#options, slot, { into: slot }))}</alcove-chat-view
    >`;
  }

  #renderGate(session: Session, entry: ModelEntry): TemplateResult {
    const answer = isAbsent(entry) ? this.#consent.answer(session, entry.record) : true;
    const offer = answer === undefined ? 'checking' : answer ? 'offered' : 'withheld';
    return html`<alcove-model-gate
      ${lazyElement(() => import('./model-gate.ts'))}
      lang=${locale()}
      dir=${direction()}
      ?inert=${this.disabled}
      exportparts="gate, download"
      .entry=${entry}
      .offer=${offer}
      .inMemory=${session.state.storage.models === 'memory'}
      @alcove-model-action=${(event: ModelActionEvent) => performModelAction(session, event)}
      >${chatSlot(this.#options, 'consent')}</alcove-model-gate
    >`;
  }
}

function isListed({ state }: Session, modelId: string): boolean {
  return findModel(state, modelId) !== undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat': AlcoveChatElement;
  }
}
