import { provide } from '@lit/context';
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { AlcoveError, abortError } from '../platform/errors.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry } from '../session/state/session-state.ts';
import { lazyElement } from '../ui/base/lazy-element.ts';
import { tokens } from '../ui/base/tokens.ts';
import { BeforeSendEvent, type ModelActionEvent } from '../ui/contract/events.ts';
import { direction, LocaleController, locale, localeLoading } from '../ui/lib/locale.ts';
import { whenIdle } from '../ui/lib/when-idle.ts';
import { performModelAction } from '../ui/models/model-actions.ts';
import { NO_VOICE_CONTROLS, type VoiceControls, voiceContext } from '../ui/voice/voice-context.ts';
import '../ui/chat/chat-view.ts';
import { alcoveChatStyles, registerTextSize } from './alcove-chat-element.styles.ts';
import { shownMessages } from './chat-message.ts';
import { DEFAULT_CATALOGUE_URL } from './default-catalogue.ts';
import { DownloadConsent, isAbsent } from './download-consent.ts';
import { AlcoveErrorEvent, AlcoveSendEvent } from './events.ts';
import { checkMessages, givenMessages } from './given-messages.ts';
import { containInternalEvents } from './internal-events.ts';
import { MethodCalls } from './method-calls.ts';
import type {
  ChatMessage,
  ChatMessageInput,
  ExportOptions,
  ImportResult,
  PastChats,
  SendOptions,
} from './public-types.ts';
import { SessionController } from './session-controller.ts';

/**
 * A chat with a language model that runs in the user's own browser. Nothing is downloaded before the user or the host
 * page has agreed; what the user types never leaves the device.
 *
 * All elements of one origin share the stored models and, while it runs, the one loaded model.
 *
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
 * @csspart chat - The chat.
 * @csspart header - The bar with the model and the privacy indicator.
 * @csspart messages - The column of messages.
 * @csspart message - One message.
 * @csspart user - A message of the user.
 * @csspart assistant - An answer.
 * @csspart composer - The field for the next message.
 * @csspart gate - The card that offers the download, shown while the model is not stored.
 * @csspart download - The download: its button, its progress.
 * @csspart problem - The message that is shown instead of a chat when the model is unknown.
 */
export class AlcoveChatElement extends LitElement {
  static override readonly styles = [tokens, alcoveChatStyles];

  /** Id of the model in the catalogue. Default: the model that the user used last, else the catalogue's first. */
  @property({ reflect: true }) model: string | undefined;

  /** URL of a catalogue.json. Default: the one beside this script. Ignored when `session` is set. */
  @property() catalogue: string | undefined;

  /** The session to show. Default: the element creates its own, and disposes it when it is removed from the page. */
  @property({ attribute: false }) session: Session | undefined;

  /**
   * Which voice controls the chat shows. Default: none.
   * @internal
   */
  @provide({ context: voiceContext })
  @property({ attribute: false })
  voice: VoiceControls = NO_VOICE_CONTROLS;

  /** The past chats, within the scope of the element. */
  readonly chats: PastChats = {
    list: () => this.#calls.call('later', (methods) => methods.listChats()),
    open: (id) => this.#calls.call('change', (methods) => methods.openChat(id)),
    delete: (id) => this.#calls.call('change', (methods) => methods.deleteChat(id)),
  };

  readonly #sessions = new SessionController(this, {
    given: () => this.session,
    key: () => this.catalogue ?? '',
    create: () =>
      this.createSession({ catalogueUrl: new URL(this.catalogue || DEFAULT_CATALOGUE_URL, document.baseURI).href }),
    follow: (session) => this.#follow(session),
  });
  readonly #consent = new DownloadConsent(this, () => this.#consentSession());
  readonly #calls = new MethodCalls({
    requireSession: () => this.#sessions.require(),
    onStarted: () => {
      this.#selectWantedModel();
      return this.#eventsReady;
    },
    wantedModel: () => this.#wantedModel,
    askForDownload: (entry) => {
      const session = this.#consentSession();
      if (session !== undefined) this.#consent.askOnce(session, entry);
    },
    beforeSend: (text) => {
      const event = new AlcoveSendEvent(text);
      if (!this.dispatchEvent(event)) throw abortError();
      return event.text;
    },
    report: (error) => this.#report(error),
  });
  /** Resolves when the session that is shown sends its events to the page. */
  #eventsReady: Promise<unknown> = Promise.resolve();
  /** The model that `model` has selected, or that the session does not have. */
  #selectedFor: { readonly session: Session; readonly model: string; readonly isListed: boolean } | undefined;
  /** What `messages` was set to, until the session has it. */
  #given: readonly ChatMessageInput[] | undefined;
  readonly #reported = new WeakSet<AlcoveError>();

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

  protected override willUpdate(): void {
    if (!this.isConnected) return;
    this.#sessions.require();
    this.#selectWantedModel();
  }

  /** Loads the error notice after the first view. */
  protected override firstUpdated(): void {
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
   * Adds the chats of a file to the past ones: Alcove's own format, and those of ChatGPT, Open WebUI and web-llm-chat.
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

  /** Focuses the composer. */
  override focus(): void {
    this.renderRoot.querySelector('alcove-chat-view')?.focus();
  }

  /**
   * Shows a message of the open chat on its branch.
   * @param query the search query; words that begin with one of its words are highlighted until the next click or input
   */
  async showMessage(id: string, query?: string): Promise<void> {
    await this.renderRoot.querySelector('alcove-chat-view')?.showMessage(id, query);
  }

  /** Makes the element's own session. */
  protected createSession(options: SessionOptions): Session {
    return new Session(options);
  }

  #follow(session: Session): () => void {
    let undo: (() => void) | undefined = () => {};
    this.#eventsReady = import('./session-events.ts').then(({ SessionEvents }) => {
      if (undo === undefined) return;
      const events = new SessionEvents(this, session, (error) => this.#report(error));
      undo = () => events.dispose();
    });
    return () => {
      undo?.();
      undo = undefined;
      this.#consent.forget();
    };
  }

  /** The session, if the element asks for consent in it; an app that sets `session` and no model asks in its own way. */
  #consentSession(): Session | undefined {
    const { session } = this.#sessions;
    if (session === undefined) return undefined;
    return this.#sessions.isOwn(session) || this.#wantedModel !== undefined ? session : undefined;
  }

  /** Selects the wanted model once the session lists it. */
  #selectWantedModel(): void {
    const { session } = this.#sessions;
    const model = this.#wantedModel;
    if (session === undefined || model === undefined) return;
    const isKnown = isListed(session, model);
    const done = this.#selectedFor?.session === session && this.#selectedFor.model === model;
    if (done && (this.#selectedFor?.isListed || !isKnown)) return;
    if (isKnown) session.models.select(model);
    // A failed start is reported by itself.
    else if (session.state.start !== 'ready') return;
    else this.#fault(new AlcoveError('model-unknown', `the catalogue has no model ${model}`));
    this.#selectedFor = { session, model, isListed: isKnown };
  }

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
    const asked = new AlcoveSendEvent(event.text);
    if (this.dispatchEvent(asked)) event.text = asked.text;
    else event.preventDefault();
  };

  /** Lit sets null for a removed attribute. */
  get #wantedModel(): string | undefined {
    return this.model || undefined;
  }

  #entry(): ModelEntry | undefined {
    const { state } = this.#sessions.session ?? {};
    return state && findModel(state, state.selectedModelId);
  }

  override render(): TemplateResult {
    return html`<div class="box">${this.#renderContents()}</div>`;
  }

  #renderContents(): TemplateResult | typeof nothing {
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
      exportparts="header, messages, composer, message, user, assistant, markdown, statistics"
      .session=${session}
    ></alcove-chat-view>`;
  }

  #renderGate(session: Session, entry: ModelEntry): TemplateResult {
    const answer = isAbsent(entry) ? this.#consent.answer(session, entry.record) : true;
    const offer = answer === undefined ? 'checking' : answer ? 'offered' : 'withheld';
    return html`<alcove-model-gate
      ${lazyElement(() => import('./model-gate.ts'))}
      lang=${locale()}
      dir=${direction()}
      exportparts="gate, download"
      .entry=${entry}
      .offer=${offer}
      @alcove-model-action=${(event: ModelActionEvent) => performModelAction(session, event)}
    ></alcove-model-gate>`;
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
