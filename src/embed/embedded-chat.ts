import { msg, str } from '@lit/localize';
import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { MessagePart } from '../chat/message-parts.ts';
import { promptText } from '../chat/prompt/prompt.ts';
import { type AlcoveError, abortError } from '../platform/errors.ts';
import { DEFAULT_CATALOGUE_URL } from '../session/models/default-catalogue.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry } from '../session/state/session-state.ts';
import { lazyElement } from '../ui/base/lazy-element.ts';
import { CHAT_SLOTS, type ChatOptions, chatSlot } from '../ui/contract/chat-options.ts';
import type { ModelActionEvent } from '../ui/contract/events.ts';
import { direction, loadAllWords, locale } from '../ui/lib/locale.ts';
import { performModelAction } from '../ui/models/model-actions.ts';
import '../ui/chat/chat-view.ts';
import { shownMessages } from './chat-message.ts';
import type { Outgoing } from './chat-methods.ts';
import { checkProperty, listOf, wordOf } from './check-properties.ts';
import { ComposerText } from './composer-text.ts';
import { DownloadConsent, isAbsent } from './download-consent.ts';
import { AlcoveSendEvent } from './events.ts';
import { historyScope, OpenChat } from './history-scope.ts';
import type { Callee } from './method-calls.ts';
import { EXPORTED_PARTS } from './parts.ts';
import type { AlcoveChatProperties, ChatMessage } from './public-types.ts';
import { SessionController } from './session-controller.ts';
import { SessionProperties } from './session-properties.ts';
import type { ToolMethods } from './tools/tool-methods.ts';

/** The slots of the chat; that of the consent is on the card before it. */
const VIEW_SLOTS = CHAT_SLOTS.filter((slot) => slot !== 'consent');

/** The element, as its chat sees it. */
export interface EmbeddedChatElement extends LitElement, Readonly<AlcoveChatProperties> {
  readonly session: Session | undefined;
}

export interface EmbeddedChatHost {
  readonly element: EmbeddedChatElement;
  /** The element's own session; undefined for the usual one. */
  createSession(options: SessionOptions): Session | undefined;
  readonly tools: ToolMethods;
  /** Sends `alcove-error`, once for each error. */
  report(error: AlcoveError): void;
  /** Reports a mistake of the page, to its developer too. */
  fault(error: AlcoveError): void;
}

/** What an element shows of its session; while it is `nothing` or `gate`, it shows the shell. */
export type Content = 'nothing' | 'problem' | 'gate' | 'view';

/** What an element does with its session: it follows the properties, asks for consent, sends events, and shows the chat. */
export class EmbeddedChat implements Callee {
  readonly #host: EmbeddedChatHost;
  readonly #element: EmbeddedChatElement;
  readonly #sessions: SessionController;
  readonly #consent: DownloadConsent;
  readonly #properties = new SessionProperties();
  readonly #composerText: ComposerText;
  /** The chat to open again after a reload; undefined in a session of the page. */
  #openChat: OpenChat | undefined;
  #usesPageTools = false;
  /** Resolves when the session that is shown sends its events to the page. */
  #eventsReady: Promise<unknown> = Promise.resolve();

  /** Loads the interface's language first. */
  static async open(host: EmbeddedChatHost): Promise<EmbeddedChat> {
    await loadAllWords();
    return new EmbeddedChat(host);
  }

  private constructor(host: EmbeddedChatHost) {
    this.#host = host;
    const { element } = host;
    this.#element = element;
    this.#sessions = new SessionController(element, {
      given: () => element.session,
      key: () => JSON.stringify([element.catalogue || '', element.history || '', element.storage || '']),
      create: () => this.#createSession(),
      recallChat: () => this.#openChat?.read(),
      follow: (session) => this.#follow(session),
    });
    this.#composerText = new ComposerText(element);
    this.#consent = new DownloadConsent(element, () => this.#consentSession());
  }

  get session(): Session | undefined {
    return this.#sessions.session;
  }

  /** The messages of the open chat, oldest first. */
  get messages(): readonly ChatMessage[] {
    return shownMessages(this.session?.state.chat);
  }

  /** The session to show now; begins one if there is none. @throws AlcoveError `insecure-context` */
  requireSession(): { readonly session: Session; readonly ended: Promise<never> } {
    return this.#sessions.require();
  }

  /** Ends the own session: the chat is elsewhere. */
  releaseSession(): void {
    this.#sessions.release();
  }

  /** Called once the session has started, before a method runs. Resolves when the page receives its events. */
  onStarted(): Promise<unknown> {
    this.applyProperties();
    return this.#eventsReady;
  }

  /** Lit sets null for a removed attribute. */
  wantedModel(): string | undefined {
    return this.#element.model || undefined;
  }

  askForDownload(entry: ModelEntry): void {
    const session = this.#consentSession();
    if (session !== undefined) this.#consent.askOnce(session, entry);
  }

  fill(text: string): void {
    this.#composerText.add(text);
  }

  /** @throws AbortError if the page prevents the message */
  beforeSend(text: string): Outgoing {
    const event = new AlcoveSendEvent(text);
    if (!this.#element.dispatchEvent(event)) throw abortError();
    return { text: event.text, attached: this.#pageContext() };
  }

  /** What the model would read of the page with the next message. */
  async attachedText(): Promise<string> {
    return promptText({ parts: await this.#pageContext() });
  }

  /** Tells the session what the properties say about it. */
  applyProperties(): void {
    const { session } = this;
    if (session === undefined) return;
    const { models, engine, instructions, autoLoad = false } = this.#element;
    const unknown = this.#properties.apply(session, {
      model: this.wantedModel(),
      models: listOf(models),
      engine: wordOf('engine', engine),
      instructions: instructions || undefined,
      autoLoad,
    });
    if (unknown !== undefined) this.#host.fault(unknown);
    const { usePageTools = false } = this.#element;
    if (usePageTools !== this.#usesPageTools) session.tools.changed();
    this.#usesPageTools = usePageTools;
  }

  #createSession(): Session {
    const { history, storage, catalogue } = this.#element;
    const scope = historyScope(history || undefined, wordOf('storage', storage));
    const { chatDatabaseName, keepsChats = true } = scope;
    this.#openChat = new OpenChat(scope);
    const catalogueUrl = new URL(catalogue || DEFAULT_CATALOGUE_URL, document.baseURI).href;
    const options = { catalogueUrl, keepsChats, ...(chatDatabaseName !== undefined && { chatDatabaseName }) };
    return this.#host.createSession(options) ?? new Session(options);
  }

  #follow(session: Session): () => void {
    let undo: (() => void) | undefined = () => {};
    this.#eventsReady = import('./session-events.ts').then(({ SessionEvents }) => {
      if (undo === undefined) return;
      const events = new SessionEvents(this.#element, session, (error) => this.#host.report(error));
      undo = () => events.dispose();
    });
    const { tools } = this.#host;
    const undoTools = session.tools.add(() => tools.list(this.#element.usePageTools ?? false));
    tools.onChange = () => session.tools.changed();
    const undoOpenChat = this.#sessions.isOwn(session) ? this.#openChat?.follow(session) : undefined;
    return () => {
      undo?.();
      undo = undefined;
      undoTools();
      tools.leave();
      undoOpenChat?.();
      this.#consent.forget();
    };
  }

  /** The session, if the element asks for consent in it; an app that sets `session` and no model asks in its own way. */
  #consentSession(): Session | undefined {
    const { session } = this;
    if (session === undefined) return undefined;
    return this.#sessions.isOwn(session) || this.wantedModel() !== undefined ? session : undefined;
  }

  async #pageContext(): Promise<readonly MessagePart[]> {
    const { context, contextSelector } = this.#element;
    const state = this.session?.state;
    if (state === undefined || (!context && !contextSelector)) return [];
    const { pageContext } = await import('./page-context.ts');
    const isValid = checkProperty('contextSelector', contextSelector) === undefined;
    const source = {
      text: context ?? '',
      selector: isValid ? (contextSelector ?? '') : '',
      chat: this.#element,
      name: msg(str`This page: ${document.title || location.pathname}`),
    };
    return pageContext(source, state.chat, this.#entry()?.record.contextWindow ?? 0);
  }

  #entry(): ModelEntry | undefined {
    const { state } = this.session ?? {};
    return state && findModel(state, state.selectedModelId);
  }

  /** @param ignoresGate the user has asked for something that needs no model */
  content(ignoresGate: boolean): Content {
    const { session } = this;
    if (session === undefined || session.state.start === 'starting') return 'nothing';
    const { state } = session;
    const model = this.wantedModel();
    if (model !== undefined && findModel(state, model) === undefined && state.start !== 'failed') return 'problem';
    const entry = this.#entry();
    const isStored = entry === undefined || entry.weights.status === 'stored';
    const isBegun = state.chat?.activeLeafId !== undefined;
    return isStored || isBegun || ignoresGate || this.#consentSession() !== session ? 'view' : 'gate';
  }

  renderProblem(): TemplateResult {
    const model = this.wantedModel() ?? '';
    return html`<p part="problem" role="alert">${msg(str`The catalogue has no model called “${model}”.`)}</p>`;
  }

  /** @param isCovered the shell is still shown */
  renderView(options: ChatOptions, isCovered: boolean): TemplateResult {
    return html`<alcove-chat-view
      class=${isCovered ? 'covered' : ''}
      lang=${locale()}
      dir=${direction()}
      part="chat"
      exportparts=${EXPORTED_PARTS}
      .session=${this.session}
      .options=${options}
      >${VIEW_SLOTS.map((slot) => chatSlot(options, slot, { into: slot }))}</alcove-chat-view
    >`;
  }

  /** The card that offers the download, for the slot `gate` of the shell. */
  renderGate(options: ChatOptions): TemplateResult | typeof nothing {
    const { session } = this;
    const entry = this.#entry();
    if (session === undefined || entry === undefined) return nothing;
    const answer = isAbsent(entry) ? this.#consent.answer(session, entry.record) : true;
    const offer = answer === undefined ? 'checking' : answer ? 'offered' : 'withheld';
    return html`<alcove-model-gate
      ${lazyElement(() => import('./model-gate.ts'))}
      slot="gate"
      ?inert=${this.#element.disabled}
      exportparts="gate, download"
      .entry=${entry}
      .offer=${offer}
      .inMemory=${session.state.storage.models === 'memory'}
      @alcove-model-action=${(event: ModelActionEvent) => performModelAction(session, event)}
      >${chatSlot(options, 'consent')}</alcove-model-gate
    >`;
  }
}
