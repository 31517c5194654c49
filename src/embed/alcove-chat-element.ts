import { provide } from '@lit/context';
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { canRun } from '../models/fit/fit-result.ts';
import { Session } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';
import type { ModelEntry } from '../session/state/session-state.ts';
import { lazyElement } from '../ui/base/lazy-element.ts';
import { tokens } from '../ui/base/tokens.ts';
import { ModelActionEvent, NextStepEvent } from '../ui/contract/events.ts';
import { direction, LocaleController, locale, localeLoading } from '../ui/lib/locale.ts';
import { whenIdle } from '../ui/lib/when-idle.ts';
import { performModelAction } from '../ui/models/model-actions.ts';
import { NO_VOICE_CONTROLS, type VoiceControls, voiceContext } from '../ui/voice/voice-context.ts';
import '../ui/chat/chat-view.ts';
import { alcoveChatStyles, registerTextSize } from './alcove-chat-element.styles.ts';
import { DEFAULT_CATALOGUE_URL } from './default-catalogue.ts';
import { DownloadConsent } from './download-consent.ts';
import { containInternalEvents } from './internal-events.ts';

/**
 * A chat with a language model that runs in the user's own browser. Nothing is downloaded before the user or the host
 * page has agreed; what the user types never leaves the device.
 *
 * All elements of one origin share the stored models and, while it runs, the one loaded model.
 *
 * @summary A private chat with a language model that runs in this browser.
 *
 * @event {DownloadConsentEvent} alcove-download-consent - Before a download that the user has not agreed to.
 *   Cancelable: `preventDefault()` keeps the element from asking and from downloading; `allow()` starts the download.
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

  #own: Session | undefined;
  /** The session that is shown. */
  #shown: Session | undefined;
  #unsubscribe: (() => void) | undefined;
  #selectedFor: { readonly session: Session; readonly model: string } | undefined;
  readonly #consent = new DownloadConsent(this);
  /** The chat that was open when the element's own session ended; opened again if the element returns. */
  #lastChatId: string | undefined;

  constructor() {
    super();
    registerTextSize();
    new LocaleController(this);
    // Capture: before the views inside handle the event.
    this.addEventListener(ModelActionEvent.eventName, this.#onModelAction, { capture: true });
    this.addEventListener(NextStepEvent.eventName, this.#onNextStep, { capture: true });
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    containInternalEvents(root);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A move removes and inserts the element synchronously, so check afterwards whether it was removed.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#detach();
      this.#endOwn();
    });
  }

  /** Waits for the page's language before the first render. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await localeLoading();
    return super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    if (changed.has('catalogue')) this.#endOwn();
    if (this.session !== undefined) this.#endOwn();
    this.#show(this.session ?? this.#ownSession());
    this.#selectWantedModel();
  }

  /** Loads the error notice after the first view. */
  protected override firstUpdated(): void {
    whenIdle(() => import('../ui/errors/notice.ts'));
  }

  protected override updated(): void {
    this.#askOnce();
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

  #ownSession(): Session {
    if (this.#own !== undefined) return this.#own;
    const catalogueUrl = new URL(this.catalogue || DEFAULT_CATALOGUE_URL, document.baseURI).href;
    const session = new Session({ catalogueUrl });
    this.#own = session;
    void this.#start(session, this.#lastChatId);
    return session;
  }

  async #start(session: Session, chatId: string | undefined): Promise<void> {
    await session.start();
    // If the chat cannot be read any more, a new chat stays open.
    if (chatId !== undefined && session === this.#own) await session.chats.open(chatId).catch(() => {});
  }

  #endOwn(): void {
    if (this.#own === undefined) return;
    this.#lastChatId = this.#own.state.chat?.id;
    if (this.#shown === this.#own) this.#detach();
    this.#own.dispose();
    this.#own = undefined;
  }

  #show(session: Session): void {
    if (session === this.#shown) return;
    this.#detach();
    this.#shown = session;
    this.#unsubscribe = session.subscribe(() => this.requestUpdate());
  }

  #detach(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#shown = undefined;
    this.#consent.forget();
  }

  /** Selects the wanted model once the catalogue lists it. */
  #selectWantedModel(): void {
    const session = this.#shown;
    const model = this.#wantedModel;
    if (session === undefined || model === undefined || !isListed(session, model)) return;
    if (this.#selectedFor?.session === session && this.#selectedFor.model === model) return;
    this.#selectedFor = { session, model };
    session.models.select(model);
  }

  /** Asks the host page about the download of the model, once. */
  #askOnce(): void {
    const session = this.#shown;
    if (session?.state.start !== 'ready') return;
    const entry = this.#entry();
    if (entry === undefined || !this.#asksForConsent(session) || !canRun(entry.fit) || !isAbsent(entry)) return;
    if (this.#consent.answer(session, entry.record) === undefined) this.#consent.ask(session, entry.record);
  }

  /** Lit sets null for a removed attribute. */
  get #wantedModel(): string | undefined {
    return this.model || undefined;
  }

  #entry(): ModelEntry | undefined {
    const { state } = this.#shown ?? {};
    return state && findModel(state, state.selectedModelId);
  }

  /** Whether the element asks for consent; an app that sets `session` and no model asks in its own way. */
  #asksForConsent(session: Session): boolean {
    return session === this.#own || this.#wantedModel !== undefined;
  }

  /** Asks the host page before a download that the user starts with a button inside. */
  readonly #onModelAction = (event: ModelActionEvent): void => {
    const session = this.#shown;
    if (event.action !== 'download' || session === undefined || !this.#asksForConsent(session)) return;
    const entry = findModel(session.state, event.modelId);
    if (entry !== undefined && !this.#isAgreed(session, entry)) event.preventDefault();
  };

  /** Asks the host page before a download that an error offers as the next step. */
  readonly #onNextStep = (event: NextStepEvent): void => {
    const session = this.#shown;
    const entry = this.#entry();
    if (event.step !== 'download' || session === undefined || entry === undefined) return;
    if (this.#asksForConsent(session) && !this.#isAgreed(session, entry)) event.stopPropagation();
  };

  /** Whether a download that the user asked for may start; asks the host page if it has not agreed before. */
  #isAgreed(session: Session, entry: ModelEntry): boolean {
    if (!isAbsent(entry) || this.#consent.answer(session, entry.record) === true) return true;
    return this.#consent.ask(session, entry.record);
  }

  override render(): TemplateResult {
    return html`<div class="box">${this.#renderContents()}</div>`;
  }

  #renderContents(): TemplateResult | typeof nothing {
    const session = this.#shown;
    if (session === undefined) return nothing;
    const { state } = session;
    const model = this.#wantedModel;
    if (model !== undefined && !isListed(session, model) && state.start !== 'failed') {
      if (state.start === 'starting') return nothing;
      return html`<p part="problem" role="alert">${msg(str`The catalogue has no model called “${model}”.`)}</p>`;
    }
    const entry = this.#entry();
    const isBegun = state.chat?.activeLeafId !== undefined;
    if (entry !== undefined && this.#asksForConsent(session) && entry.weights.status !== 'stored' && !isBegun) {
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

function isAbsent({ weights }: ModelEntry): boolean {
  return weights.status === 'absent' || weights.status === 'evicted';
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat': AlcoveChatElement;
  }
}
