import { provide } from '@lit/context';
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import { whenIdle } from '../../platform/when-idle.ts';
import { hasStoredModels } from '../../storage/weights/stored-model-ids.ts';
import { baseStyles } from '../base/base.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { tokens } from '../base/tokens.ts';
import { AnnounceController, DOWNLOADS } from '../chat/announce-controller.ts';
import type { ChatView } from '../chat/chat-view.ts';
import type { ReadingPlace } from '../chat/conversation-view.ts';
import { type ChatOptions, ENTER_KEYS, type EnterKey } from '../contract/chat-options.ts';
import type { ModelActionEvent, NextStepEvent, Panel, PanelChangeEvent } from '../contract/events.ts';
import { MODELS_HASH } from '../contract/models-address.ts';
import type { ProjectActionEvent } from '../contract/project-events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import type { ChatActionEvent } from '../history/chat-action-event.ts';
import { customElement } from '../lib/custom-element.ts';
import { direction, LocaleController, loadAllWords, locale, localeLoading } from '../lib/locale.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { saveFile } from '../lib/save-file.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import { VirtualKeyboardController } from '../lib/virtual-keyboard-controller.ts';
import { performModelAction } from '../models/model-actions.ts';
import { isFirstRun, writingIds } from '../models/model-labels.ts';
import type { AppearanceChangeEvent } from '../settings/appearance-settings.ts';
import { type VoiceControls, voiceContext } from '../voice/voice-context.ts';
import { AddressController, type AddressHost } from './address-controller.ts';
import { appShellStyles } from './app-shell.styles.ts';
import type { ChatAddress } from './chat-address.ts';
import type { CommandHost } from './command-host.ts';
import { hashOf, LISTED, PAGES, type Page, type PageLink, pageTitle, pageView, readHash } from './pages.ts';
import { ShortcutsController } from './shortcuts-controller.ts';
import '../base/icon.ts';
import '../chat/chat-view.ts';

/** The breakpoint of app-shell.styles.ts. */
const WIDE_PAGE = '(min-width: 60rem)';

interface ToastState {
  readonly message: string;
  readonly action: string;
  readonly act: () => void;
  readonly isLasting: boolean;
}

/** Reports a new version of the app and applies it; see ServiceWorkerClient. */
export interface UpdatesLike {
  readonly updateReady: Promise<void>;
  applyUpdate(): void;
}

// The app shows more than an unused element.
void loadAllWords();

/**
 * @summary The app: the chat list at the side, the chat in the middle, and the pages for models, storage and settings.
 *   The chat itself is the view that `<alcove-chat>` shows on other sites.
 */
@customElement('alcove-app')
export class AppShell extends LitElement implements CommandHost, AddressHost {
  static override readonly styles = [tokens, baseStyles, appShellStyles];

  @property({ attribute: false }) session: SessionLike | undefined;

  @property({ attribute: false }) updates: UpdatesLike | undefined;

  @state() private page: Page | undefined;
  /** The chat that is being read, to be shown. */
  @state() private opening: string | undefined;
  @state() private panel: Panel | undefined;
  /** What the URL says of the page. */
  @state() private link: PageLink = readHash();
  @state() private isNavOpen = false;
  /** The user has hidden the chat list of a wide page. */
  @state() private isSidebarHidden = false;
  @state() private toast: ToastState | undefined;
  /** What the user has typed after a slash at the start of the message. */
  @state() private slash: string | undefined;
  @state() private result: ActionResult = {};
  @state() private broken: { readonly chatId: string; readonly error: AlcoveError } | undefined;

  /** Which voice controls the chat shows. */
  @provide({ context: voiceContext })
  @property({ attribute: false })
  voice: VoiceControls = voiceControls(document.documentElement.dataset);

  @state() private enterKey = enterKeyOf(document.documentElement.dataset);

  @query('alcove-chat-view') private readonly view?: ChatView | null;

  readonly #shortcuts = new ShortcutsController(this);
  readonly #address = new AddressController(this);
  #unwatchDrops: (() => void) | undefined;
  /** The session whose first chat was chosen by the URL. */
  #started: SessionLike | undefined;
  /** The address that is being shown: until then the URL says more than the page. */
  #showing: Promise<void> | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
    new LocaleController(this);
    new VirtualKeyboardController(this);
    new AnnounceController(this, () => this.session, DOWNLOADS);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#onHashChange);
    addEventListener('keydown', this.#onKeyDown);
    this.#onHashChange();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#onHashChange);
    removeEventListener('keydown', this.#onKeyDown);
    this.#unwatchDrops?.();
    this.#unwatchDrops = undefined;
  }

  async #watchDrops(): Promise<void> {
    const { watchDrops } = await import('../models/add/drop-anywhere.ts');
    if (this.isConnected) this.#unwatchDrops ??= watchDrops((message) => this.say(message));
  }

  /** Waits for the user's language before the first render. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await localeLoading();
    return super.scheduleUpdate();
  }

  protected override updated(changed: PropertyValues<this>): void {
    document.documentElement.dir = direction();
    // Removes the intro of index.html, which is shown until there is a session.
    if (this.session !== undefined && this.hasChildNodes()) this.replaceChildren();
    // Neither may delay the first message.
    if (changed.has('session')) {
      // A returning user looks for a chat.
      if (hasStoredModels()) void import('../history/chat-list.ts');
      whenIdle(() => Promise.all([import('../history/chat-list.ts'), this.#watchDrops()]));
    }
    if (changed.has('updates')) void this.updates?.updateReady.then(() => this.#offerUpdate());
    this.#showFirst();
    document.title = this.#title;
  }

  get #title(): string {
    const { page, session, link } = this;
    const shown =
      page === undefined || session === undefined ? session?.state.chat?.title : pageTitle(page, link, session.state);
    return shown ? `${shown} – Alcove` : 'Alcove';
  }

  readonly #onHashChange = (event?: Event): void => {
    const link = readHash();
    const { page } = link;
    this.result = {};
    this.closeNav();
    if (page === undefined) {
      this.page = undefined;
      if (event !== undefined) this.#address.show();
      return;
    }
    this.view?.leavePanel();
    const loaded: Promise<unknown> = PAGES[page].load();
    void loaded.then(async () => {
      const isNew = this.page !== page;
      this.page = page;
      this.link = link;
      await this.updateComplete;
      // Keyboard and screen-reader users start at the top of a page; inside one, it moves the focus itself.
      if (event !== undefined && isNew && link.section === '')
        this.renderRoot.querySelector<HTMLElement>('.page h1')?.focus();
    });
  };

  #offerUpdate(): void {
    this.toast = {
      message: msg('A new version of Alcove is ready.'),
      action: msg('Reload'),
      act: () => this.updates?.applyUpdate(),
      isLasting: true,
    };
  }

  /** Closes whatever lies over the chat. @param chatId undefined for a new chat @param projectId of a new chat */
  #toChat(chatId: string | undefined, projectId?: string): void {
    this.#address.push({ chatId, projectId, panel: undefined });
    this.page = undefined;
    this.broken = undefined;
    this.view?.closePanel();
    this.closeNav();
  }

  // AddressHost

  get shownAddress(): ChatAddress | undefined {
    const { session, panel } = this;
    const isKnown = this.#started === session && this.#showing === undefined && this.opening === undefined;
    if (session === undefined || readHash().page !== undefined || !isKnown || this.broken !== undefined)
      return undefined;
    const { chat, newChatProjectId } = session.state;
    return { chatId: chat?.id, projectId: chat === undefined ? newChatProjectId : undefined, panel };
  }

  get readingPlace(): ReadingPlace | undefined {
    return this.view?.readingPlace;
  }

  showAddress({ chatId, projectId, panel }: ChatAddress, place: ReadingPlace | undefined): void {
    const showing = this.#showChat(chatId, projectId)
      .then(async () => {
        await this.updateComplete;
        if (place !== undefined) await this.view?.showPlace(place);
        if (panel === undefined) this.view?.closePanel();
        else await this.view?.openPanel(panel);
      })
      // Offline, a panel that was never loaded stays closed.
      .catch(() => {})
      .finally(() => {
        if (this.#showing !== showing) return;
        this.#showing = undefined;
        this.requestUpdate();
      });
    this.#showing = showing;
  }

  closeNav(): void {
    if (!this.isNavOpen) return;
    this.isNavOpen = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.corner.start')?.focus());
  }

  /** Opens the chat that the URL names, once the chats can be read. */
  #showFirst(): void {
    const { session } = this;
    if (session === undefined || session === this.#started || session.state.start === 'starting') return;
    this.#started = session;
    // Without a store there is no chat to open, and the page says why.
    if (this.page === undefined && session.state.storage.chats !== 'memory') this.#address.showFirst();
    if (/[?&](q|model|persona)=/.test(location.search)) {
      void import('./link-start.ts').then(({ startFromLink }) => startFromLink(this));
    }
  }

  async #showChat(chatId: string | undefined, projectId: string | undefined): Promise<void> {
    this.broken = undefined;
    const { chat, newChatProjectId } = this.session?.state ?? {};
    if (chatId === chat?.id && (chat !== undefined || projectId === newChatProjectId)) return;
    if (chatId === undefined) this.session?.chats.new(projectId);
    else await this.#open(chatId);
  }

  async #open(chatId: string): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    this.opening = chatId;
    try {
      await session.chats.open(chatId);
      // The user may have gone to another chat meanwhile.
      if (this.opening === chatId && session.state.chat?.id !== chatId)
        this.say(msg('This chat is not on this device.'));
    } catch (error) {
      this.broken = { chatId, error: toAlcoveError(error) };
    } finally {
      if (this.opening === chatId) this.opening = undefined;
    }
    await this.updateComplete;
  }

  /** What the app adds to the chat, and what the user's settings say about it. */
  get #options(): ChatOptions {
    return {
      enterKey: this.enterKey,
      hasAttachments: true,
      onAllModels: () => this.openPage(MODELS_HASH),
      onModelFiles: (files) =>
        void import('../models/add/drop-anywhere.ts').then(({ openAsModel }) => openAsModel(Promise.resolve(files))),
    };
  }

  // CommandHost

  newChat(): void {
    this.newChatIn(undefined);
  }

  newChatIn(projectId: string | undefined): void {
    this.opening = undefined;
    this.#toChat(undefined, projectId);
    this.session?.chats.new(projectId);
    this.#focusComposer();
  }

  toComposer(): void {
    const { chat, newChatProjectId } = this.session?.state ?? {};
    this.#toChat(chat?.id, newChatProjectId);
    this.#focusComposer();
  }

  #focusComposer(): void {
    void this.updateComplete.then(() => this.view?.focus());
  }

  async openChat(id: string): Promise<void> {
    this.#toChat(id);
    this.#focusComposer();
    await this.#open(id);
  }

  async actOnMessage(action: 'edit' | 'regenerate', messageId: string): Promise<void> {
    this.#toChat(this.session?.state.chat?.id);
    await this.updateComplete;
    await this.view?.actOnMessage(action, messageId);
  }

  fill(text: string): void {
    void this.view?.fill(text).then(() => this.view?.focus());
  }

  openPage(hash: string): void {
    this.#address.goTo(hash);
  }

  toggleSidebar(): void {
    // The window may have become wide since the list was opened.
    if (this.isNavOpen) this.#leaveNav();
    else if (matchMedia(WIDE_PAGE).matches) void this.#toggleWideSidebar();
    else void this.#openNav();
  }

  /** Moves the focus from the button that disappears to the one that appears. */
  async #toggleWideSidebar(): Promise<void> {
    const focused = this.shadowRoot?.activeElement;
    this.isSidebarHidden = !this.isSidebarHidden;
    await this.updateComplete;
    if (focused == null || focused.checkVisibility()) return;
    this.renderRoot.querySelector<HTMLElement>(this.isSidebarHidden ? '.corner.start' : 'nav .close')?.focus();
  }

  say(message: string): void {
    this.toast = { message, action: '', act: () => {}, isLasting: false };
  }

  #offerUndo(message: string, undo: () => Promise<void>): void {
    this.toast = { message, action: msg('Undo'), act: () => void undo(), isLasting: false };
  }

  async #onChatAction(event: ChatActionEvent): Promise<void> {
    const { action, chatId, value, messageId } = event;
    const { session } = this;
    if (session === undefined) return;
    try {
      if (action === 'open') {
        this.#toChat(chatId);
        await this.#open(chatId);
        const message = await messageId;
        if (message !== undefined && session.state.chat?.id === chatId) await this.view?.showMessage(message, value);
      } else {
        const { performChatAction } = await import('../history/chat-actions.ts');
        const offer = await performChatAction(session, event, (id) => this.openChat(id));
        if (offer !== undefined) this.#offerUndo(offer.message, offer.undo);
      }
    } catch (error) {
      this.broken = { chatId, error: toAlcoveError(error) };
    }
  }

  async #onProjectAction(event: ProjectActionEvent): Promise<void> {
    const { performProjectAction } = await import('../projects/project-actions.ts');
    await performProjectAction(this, event);
  }

  async #onModelAction(event: ModelActionEvent): Promise<void> {
    if (this.session === undefined) return;
    this.result = {};
    this.result = await performModelAction(this.session, event);
    if (event.action === 'select' || event.action === 'chat') this.toComposer();
  }

  #onAppearanceChange({ appearance }: AppearanceChangeEvent): void {
    this.voice = voiceControls(appearance);
    this.enterKey = enterKeyOf(appearance);
  }

  async #onBrokenStep(event: NextStepEvent, chatId: string): Promise<void> {
    event.stopPropagation();
    if (event.step === 'save-raw') saveAsFile(`chat-${chatId}.json`, await this.session?.chats.readRaw(chatId));
    this.broken = undefined;
  }

  async #openNav(): Promise<void> {
    this.#address.openNav();
    this.isNavOpen = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('nav .close')?.focus();
  }

  readonly #leaveNav = (): void => {
    this.#address.closeNav();
    this.closeNav();
  };

  /** Listens on the window: the focus may have been lost with a removed button. */
  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (pressedKey(event) !== 'Escape' || event.defaultPrevented) return;
    if (this.isNavOpen) this.#leaveNav();
    else if (this.page !== undefined) this.toComposer();
    else this.view?.closePanel();
  };

  override render(): TemplateResult {
    const { session } = this;
    if (session === undefined) return html`<slot></slot>`;
    return html`<div class="shell ${this.isSidebarHidden ? '' : 'with-sidebar'}" @alcove-appearance-change=${this.#onAppearanceChange} @alcove-project-action=${this.#onProjectAction} @alcove-show-shortcuts=${() => this.#shortcuts.perform('shortcuts')}>
      <button type="button" class="button skip" @click=${this.toComposer}>${msg('Skip to the message field')}</button>
      ${this.#renderNav(session)}
      ${this.isNavOpen ? html`<div class="shade" @click=${this.#leaveNav}></div>` : nothing}
      <div class="main" ?inert=${this.isNavOpen}>
        ${this.page !== undefined || showsFirstPage(session.state) ? nothing : html`<section class="visually-hidden" aria-label=${msg('Chat')}><h1>${session.state.chat?.title || msg('New chat')}</h1></section>`}
        <alcove-chat-view
          lang=${locale()}
          dir=${direction()}
          .session=${session}
          .options=${this.#options}
          .isMain=${true}
          .isOpening=${this.opening !== undefined || (session !== this.#started && location.hash.startsWith('#/chat/'))}
          @alcove-panel-change=${({ panel }: PanelChangeEvent) => {
            this.panel = panel;
          }}
          @input=${() => {
            this.slash = /^\/(\S*)$/.exec(this.view?.draft ?? '')?.[1];
          }}
          @alcove-place-change=${() => this.#address.keepPlace()}
          ?inert=${this.page !== undefined || this.broken !== undefined}
        ></alcove-chat-view>
        ${
          this.slash === undefined || this.page !== undefined
            ? nothing
            : html`<alcove-slash-menu
              ${lazyElement(() => import('./slash-menu.ts'))}
              .view=${this.view}
              .prompts=${session.state.preferences?.prompts ?? []}
              .typed=${this.slash}
              @close=${() => {
                this.slash = undefined;
              }}
            ></alcove-slash-menu>`
        }
        ${
          this.page === undefined
            ? nothing
            : pageView(this.page, session, {
                link: this.link,
                result: this.result,
                onModelAction: (event) => void this.#onModelAction(event),
                onChatAction: (event) => void this.#onChatAction(event),
                onClose: () => this.toComposer(),
              })
        }
        ${
          // The chat behind a page is inert, so its own live region is silent.
          this.page === undefined ? nothing : html`<div role="status" class="visually-hidden downloads"></div>`
        }
        ${this.broken === undefined || this.page !== undefined ? nothing : this.#renderBroken(this.broken)}
        ${iconButton('menu', msg('Chats'), this.toggleSidebar, { classes: 'corner start' })}
        ${
          this.page === undefined
            ? iconButton('new-chat', msg('New chat'), this.newChat, { classes: 'corner end' })
            : nothing
        }
      </div>
      <alcove-toast
        ${this.toast === undefined ? nothing : lazyElement(() => import('../base/toast.ts'))}
        .message=${this.toast?.message ?? ''}
        .action=${this.toast?.action ?? ''}
        ?lasting=${this.toast?.isLasting ?? false}
        @alcove-toast-action=${() => {
          this.toast?.act();
          this.toast = undefined;
        }}
        @alcove-toast-end=${() => {
          this.toast = undefined;
        }}
      ></alcove-toast>
      ${this.#shortcuts.overlay}
    </div>`;
  }

  #renderNav({ state, chats: { search } }: SessionLike): TemplateResult {
    // On a narrow page the button closes the list; on a wide page it hides it.
    const closeLabel = this.isNavOpen ? msg('Close') : msg('Hide the chats');
    return html`<nav aria-label=${msg('Chats')} class=${this.isNavOpen ? 'open' : ''}>
      <div class="top">
        <strong>Alcove</strong>
        <span>
          ${iconButton('new-chat', msg('New chat'), this.newChat)}
          ${iconButton(this.isNavOpen ? 'close' : 'panel', closeLabel, this.toggleSidebar, { classes: 'close' })}
        </span>
      </div>
      <div class="chats">
        <alcove-chat-list
          .chats=${state.chats}
          .projects=${state.storage.chats === 'temporary' ? undefined : state.projects}
          .openProjectId=${this.page === 'project' ? this.link.section : undefined}
          .openChatId=${this.page === undefined ? (this.broken?.chatId ?? state.chat?.id) : undefined}
          .writingIds=${writingIds(state)}
          .unreadIds=${state.unreadChatIds}
          .brokenIds=${state.brokenChatIds}
          .search=${search}
          ?temporary=${state.storage.chats === 'temporary'}
          @alcove-chat-action=${this.#onChatAction}
        ></alcove-chat-list>
      </div>
      <div class="pages">
        ${LISTED.map(
          (page) => html`<a
            href=${hashOf(page)}
            aria-current=${this.page === page ? 'page' : nothing}
            @click=${(event: Event) => this.#address.followLink(event, hashOf(page))}
          >
            <alcove-icon name=${PAGES[page].icon}></alcove-icon>${PAGES[page].title()}
          </a>`,
        )}
      </div>
    </nav>`;
  }

  #renderBroken({ chatId, error }: { readonly chatId: string; readonly error: AlcoveError }): TemplateResult {
    return html`<main class="page">
      <div>
        <header><h1>${msg('Chat')}</h1></header>
        <alcove-notice
          role="alert"
          .error=${error}
          @alcove-next-step=${(event: NextStepEvent) => this.#onBrokenStep(event, chatId)}
        ></alcove-notice>
      </div>
    </main>`;
  }
}

/** Whether the first-run page is shown, which has its own title, and not a chat or an error. */
function showsFirstPage(state: SessionLike['state']): boolean {
  return isFirstRun(state) && state.start !== 'failed' && state.chat?.activeLeafId === undefined;
}

function saveAsFile(name: string, value: unknown): void {
  saveFile(name, new Blob([JSON.stringify(value, undefined, 2)], { type: 'application/json' }));
}

/** Settings that the chat follows: changed ones, or the stored ones, which public/before-paint.js copies to the page. */
type ChatAppearance = Partial<Record<'readAloud' | 'dictation' | 'enterKey', string>>;

function voiceControls({ readAloud, dictation }: ChatAppearance): VoiceControls {
  return { readAloud: readAloud === 'on', dictation: dictation === 'on' };
}

function enterKeyOf({ enterKey }: ChatAppearance): EnterKey | undefined {
  return ENTER_KEYS.find((value) => value === enterKey);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-app': AppShell;
  }
}
