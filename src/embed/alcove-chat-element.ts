import { provide } from '@lit/context';
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
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
import { DEFAULT_CATALOGUE_URL } from './default-catalogue.ts';
import { DownloadConsent } from './download-consent.ts';
import { containInternalEvents } from './internal-events.ts';

/**
 * A chat with a language model that runs in the reader's own browser. Nothing is downloaded before the reader or the
 * host page has agreed; afterwards nothing that is typed leaves the device.
 *
 * All elements of one origin share the stored models and, while it runs, the one loaded model.
 *
 * @summary A private chat with a language model that runs in this browser.
 *
 * @event {DownloadConsentEvent} alcove-download-consent - Before a download that the reader has not agreed to.
 *   Cancelable: `preventDefault()` keeps the element from asking and from downloading; `allow()` starts the download.
 *
 * @cssproperty [--alcove-color-scheme=light dark] - `light` or `dark` to fix it; else the reader's system decides.
 * @cssproperty --alcove-surface - Background of the chat.
 * @cssproperty --alcove-surface-raised - Background of buttons, cards and the composer.
 * @cssproperty --alcove-text - Colour of text.
 * @cssproperty --alcove-text-muted - Colour of what steps back.
 * @cssproperty --alcove-border - Colour of quiet edges.
 * @cssproperty --alcove-accent - Colour of the one thing to do next, and of focus.
 * @cssproperty --alcove-on-accent - Colour of text on the accent.
 * @cssproperty --alcove-font - Font family of text.
 * @cssproperty --alcove-font-mono - Font family of code.
 * @cssproperty [--alcove-font-size=1.0625rem] - Size of text.
 * @cssproperty [--alcove-radius=8px] - Radius of corners.
 * @cssproperty [--alcove-column=44rem] - Greatest width of the column of text.
 *
 * @csspart chat - The chat.
 * @csspart header - Its bar: the model, and what stays on the device.
 * @csspart messages - The column of messages.
 * @csspart message - One message.
 * @csspart user - A message of the reader's.
 * @csspart assistant - An answer.
 * @csspart composer - Where a message is written.
 * @csspart gate - What stands before the chat while its model is not here.
 * @csspart download - The download: its button, its progress.
 * @csspart problem - Why there is no chat.
 */
export class AlcoveChatElement extends LitElement {
  static override readonly styles = [
    tokens,
    css`
      :host {
        display: block;
        block-size: 32rem;
        contain: content;
      }

      :host([hidden]) {
        display: none;
      }

      alcove-chat-view,
      alcove-model-gate {
        block-size: 100%;
      }
    `,
  ];

  /** Id of the model in the catalogue. Default: the one that the reader used last, else the catalogue's first. */
  @property({ reflect: true }) model: string | undefined;

  /** Address of a catalogue.json. Default: the one that came with this script. Not used with a `session` from outside. */
  @property() catalogue: string | undefined;

  /** The session to show. Default: the element makes its own, and ends it when it is removed from the page for good. */
  @property({ attribute: false }) session: Session | undefined;

  /**
   * Which voice controls the chat shows. Default: none.
   * @internal
   */
  @provide({ context: voiceContext })
  @property({ attribute: false })
  voice: VoiceControls = NO_VOICE_CONTROLS;

  #own: Session | undefined;
  /** The session that is on the screen. */
  #shown: Session | undefined;
  #unsubscribe: (() => void) | undefined;
  #selectedFor: { readonly session: Session; readonly model: string } | undefined;
  readonly #consent = new DownloadConsent(this);
  /** The chat that was open when the element's own session ended, to open it again should the element come back. */
  #lastChatId: string | undefined;

  constructor() {
    super();
    new LocaleController(this);
    // Before the views inside hear of it.
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
    // A move in the page removes and inserts in one go; only after it can it be told from a farewell.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#detach();
      this.#endOwn();
    });
  }

  /** The first words are in the page's language. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await localeLoading();
    return super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    if (changed.has('catalogue')) this.#endOwn();
    if (this.session !== undefined) this.#endOwn();
    this.#show(this.session ?? this.#ownSession());
    this.#passModelOn();
  }

  /** Errors are told by what comes once the rest is here. */
  protected override firstUpdated(): void {
    whenIdle(() => import('../ui/errors/notice.ts'));
  }

  protected override updated(): void {
    this.#askOnce();
  }

  /** Puts the cursor where a message is written. */
  override focus(): void {
    this.renderRoot.querySelector('alcove-chat-view')?.focus();
  }

  /**
   * Shows a message of the open chat, on the branch that it is on.
   * @param query what was looked for: words that begin with one of its words are marked until the reader goes on
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
    // A chat that cannot be read any more is no reason to trouble anyone: a new one is open.
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

  /** Passes the wish for a model on, once, as soon as the catalogue knows it: no other is shown before. */
  #passModelOn(): void {
    const session = this.#shown;
    const model = this.#wantedModel;
    if (session === undefined || model === undefined || !isListed(session, model)) return;
    if (this.#selectedFor?.session === session && this.#selectedFor.model === model) return;
    this.#selectedFor = { session, model };
    session.models.select(model);
  }

  /** Asks the host before the download of the model, once. */
  #askOnce(): void {
    const session = this.#shown;
    if (session?.state.start !== 'ready') return;
    const entry = this.#entry();
    if (entry === undefined || !this.#asksHere(session) || !canRun(entry.fit) || !isAbsent(entry)) return;
    if (this.#consent.answer(session, entry.record) === undefined) this.#consent.ask(session, entry.record);
  }

  /** Lit gives null for an attribute that was removed. */
  get #wantedModel(): string | undefined {
    return this.model || undefined;
  }

  #entry(): ModelEntry | undefined {
    const { state } = this.#shown ?? {};
    return state && findModel(state, state.selectedModelId);
  }

  /** An app that brings its own session and names no model asks in its own way. */
  #asksHere(session: Session): boolean {
    return session === this.#own || this.#wantedModel !== undefined;
  }

  /** A download that the reader starts by a button of the views inside: the host is asked first here too. */
  readonly #onModelAction = (event: ModelActionEvent): void => {
    const session = this.#shown;
    if (event.action !== 'download' || session === undefined || !this.#asksHere(session)) return;
    const entry = findModel(session.state, event.modelId);
    if (entry !== undefined && !this.#isAgreed(session, entry)) event.preventDefault();
  };

  /** The same for the next step that an error offers. */
  readonly #onNextStep = (event: NextStepEvent): void => {
    const session = this.#shown;
    const entry = this.#entry();
    if (event.step !== 'download' || session === undefined || entry === undefined) return;
    if (this.#asksHere(session) && !this.#isAgreed(session, entry)) event.stopPropagation();
  };

  /** Whether a download that the reader asked for may begin; asks the host if it has not agreed before. */
  #isAgreed(session: Session, entry: ModelEntry): boolean {
    if (!isAbsent(entry) || this.#consent.answer(session, entry.record) === true) return true;
    return this.#consent.ask(session, entry.record);
  }

  override render(): TemplateResult | typeof nothing {
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
    if (entry !== undefined && this.#asksHere(session) && entry.weights.status !== 'stored' && !isBegun) {
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
