/**
 * All that a host page sees of the element, with its documentation, from which the manifest is made. That is why this file
 * is long; what the members do is in the files beside it.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { EngineId } from '../models/model-record.ts';
import { type AlcoveError, toAlcoveError } from '../platform/errors.ts';
import { whenIdle } from '../platform/when-idle.ts';
import type { Session, SessionOptions } from '../session/session.ts';
import { tokens } from '../ui/base/tokens.ts';
import { CHAT_SLOTS, type ChatOptions, chatSlot, NO_OPTIONS } from '../ui/contract/chat-options.ts';
import { BeforeSendEvent } from '../ui/contract/events.ts';
import { direction, LocaleController, locale, localeLoading } from '../ui/lib/locale.ts';
import { nextTask } from '../ui/lib/next-task.ts';
import '../ui/base/icon.ts';
import './shell/chat-shell.ts';
import { alcoveChatStyles, registerTextSize } from './alcove-chat-element.styles.ts';
import { checkProperty, JSON_ATTRIBUTE, listOf, wordOf } from './check-properties.ts';
import type { Content, EmbeddedChat } from './embedded-chat.ts';
import { AlcoveErrorEvent } from './events.ts';
import { type FormValueKind, formValue } from './form-value.ts';
import { checkMessages, givenMessages } from './given-messages.ts';
import { historyScope, OpenChat } from './history-scope.ts';
import { HubController } from './hub/hub-controller.ts';
import { containInternalEvents } from './internal-events.ts';
import { LayoutController } from './layout-controller.ts';
import { MethodCalls } from './method-calls.ts';
import { EXPORTED_PARTS } from './parts.ts';
import type {
  AlcoveChatProperties,
  ChatMessage,
  ChatMessageInput,
  ExportOptions,
  ImportResult,
  PastChats,
  SendOptions,
} from './public-types.ts';
import { ShellController } from './shell/shell-controller.ts';
import { ShownController } from './shown-controller.ts';
import { SlotController } from './slot-controller.ts';
import { ToolMethods } from './tools/tool-methods.ts';
import type { ChatTool, RegisterToolOptions } from './tools/tool-types.ts';

/** Of the shell; those of the consent and of messages belong to what comes later. */
const SHELL_SLOTS = CHAT_SLOTS.filter((slot) => slot !== 'consent' && slot !== 'message-actions');

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
 * @event {AlcoveToolCallEvent} alcove-tool-call - The model calls a tool. Cancelable; a listener can allow the call, or answer it.
 * @event {AlcoveStopEvent} alcove-stop - An answer was stopped.
 * @event {AlcoveErrorEvent} alcove-error - Something failed; `error.code` says what.
 * @event {AlcoveModelChangeEvent} alcove-model-change - Another model is selected.
 * @event {AlcoveOpenEvent} alcove-open - The panel or the bubble's dialog was opened.
 * @event {AlcoveCloseEvent} alcove-close - It was closed.
 *
 * @cssproperty [--alcove-color-scheme=inherit] - `light`, `dark` or `light dark`; by default the page's `color-scheme`.
 * @cssproperty [--alcove-surface=light-dark(#fcfcfa, #151719)] - Background of the chat.
 * @cssproperty [--alcove-surface-raised=light-dark(#ffffff, #1d2023)] - Background of buttons, cards and the composer.
 * @cssproperty [--alcove-surface-sunken=light-dark(#f3f3ef, #101214)] - Background of code.
 * @cssproperty [--alcove-hover=light-dark(#ebebe6, #272b2f)] - Background of what the pointer is on.
 * @cssproperty [--alcove-text=light-dark(#1c1e21, #e6e7e4)] - Colour of text.
 * @cssproperty [--alcove-text-muted=light-dark(#5c6168, #9da3a9)] - Colour of secondary text.
 * @cssproperty [--alcove-border=light-dark(#e2e2dc, #2c3034)] - Colour of borders.
 * @cssproperty [--alcove-border-strong=light-dark(#85898f, #6f757c)] - Colour of the edges of fields and buttons.
 * @cssproperty [--alcove-accent=light-dark(#1f6357, #6cc3b1)] - Colour of the primary action and of the focus outline.
 * @cssproperty [--alcove-on-accent=light-dark(#ffffff, #0c201c)] - Colour of text on the accent.
 * @cssproperty [--alcove-accent-text=light-dark(#1b5a4f, #7fd0bf)] - Colour of links.
 * @cssproperty [--alcove-accent-soft=light-dark(#e6f0ed, #1b2d2a)] - Background of what is selected or pointed out.
 * @cssproperty [--alcove-question=light-dark(#eaf0ed, #22302d)] - Background of the user's messages.
 * @cssproperty [--alcove-search-highlight=light-dark(#b9ddd2, #2b5a50)] - Background of words that were searched for.
 * @cssproperty [--alcove-danger=light-dark(#a4262c, #f29a96)] - Colour of errors and of what deletes.
 * @cssproperty [--alcove-danger-soft=light-dark(#fbeceb, #33201f)] - Background of errors.
 * @cssproperty [--alcove-warning=light-dark(#7a4d00, #e5b567)] - Colour of warnings.
 * @cssproperty [--alcove-warning-soft=light-dark(#fbf2e0, #2e2617)] - Background of warnings.
 * @cssproperty [--alcove-success=light-dark(#1f6357, #6cc3b1)] - Colour of what is done, and of the shield in the header.
 * @cssproperty [--alcove-shadow=0 4px 24px light-dark(rgb(20 24 28 / 12%), rgb(0 0 0 / 45%))] - Shadow of what floats.
 * @cssproperty [--alcove-font=system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif] - Font family of text.
 * @cssproperty [--alcove-font-mono=ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace] - Font family of code.
 * @cssproperty [--alcove-font-size=1.0625em] - Size of the text of messages, a length; all other text follows. An `em` is the size that
 *   the user has chosen in the browser, 16px by default, and not the page's.
 * @cssproperty [--alcove-radius=8px] - Radius of corners.
 * @cssproperty [--alcove-radius-large=14px] - Radius of the corners of the composer, cards and the dialog.
 * @cssproperty [--alcove-column=748px] - Maximum width of the column of text.
 * @cssproperty [--alcove-header-inset-start=0px] - Space that the header leaves at its start, for a button of the page.
 * @cssproperty [--alcove-header-inset-end=0px] - Space that the header leaves at its end.
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
 * @csspart header - The bar at the top.
 * @csspart past-chats - Its button that lists the past chats.
 * @csspart heading - The title in it.
 * @csspart model - Its button with the name of the model.
 * @csspart privacy - Its button that says where answers are computed.
 * @csspart settings - Its button for the settings of this chat.
 * @csspart close - Its button that closes a panel or a bubble.
 * @csspart greeting - What an empty chat says to the user.
 * @csspart starters - The list of starters.
 * @csspart starter - One starter.
 * @csspart messages - The column of messages.
 * @csspart message - One message.
 * @csspart user - A message of the user.
 * @csspart assistant - An answer.
 * @csspart markdown - The formatted text of an answer.
 * @csspart statistics - The figures below an answer.
 * @csspart composer - The box for the next message.
 * @csspart field - The field in it.
 * @csspart send - Its button that sends.
 * @csspart stop - Its button that stops the answer.
 * @csspart meter - How full the context window is.
 * @csspart panel - What the buttons of the header open, over the chat.
 * @csspart bubble - The button of the layout `bubble`.
 * @csspart dialog - The dialog that it opens.
 * @csspart gate - The card that offers the download, shown while the model is not stored.
 * @csspart download - The download: its button, its progress.
 * @csspart problem - The message that is shown instead of a chat when the model is unknown.
 */
export class AlcoveChatElement extends LitElement implements AlcoveChatProperties {
  /** The element takes part in forms: see `name`, `formValue` and `value`. */
  static readonly formAssociated = true;

  static override readonly styles = [tokens, alcoveChatStyles];

  /**
   * Address of a hub of another origin. The chat is in a frame there: the page cannot read it, and it cannot read the page.
   * `session` and `catalogue` are ignored. Default: the chat is in the page.
   */
  @property() hub: string | undefined;

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
   * What Enter does in the composer: `send` the message or start a `newline`. Default `auto`: a new line where the main pointer
   * is a finger, as on phones; else it sends. Shift+Enter always starts a new line, Ctrl+Enter (or Cmd) always sends.
   */
  @property({ attribute: 'enter-key' }) enterKey: 'auto' | 'send' | 'newline' | undefined;

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

  /** Offers the model what the page offers to agents by WebMCP; the user is asked before each call. */
  @property({ type: Boolean, attribute: 'use-page-tools' }) usePageTools = false;

  /** The user can attach files to a message: pictures and documents, which stay on the device. Default: not. */
  @property({ type: Boolean }) attachments = false;

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

  /** Undefined until the element is used. */
  #chat: EmbeddedChat | undefined;
  #loading: Promise<EmbeddedChat> | undefined;
  /** Whether the user, the page or a kept chat needs more than the shell. */
  #isUsed = false;
  #hasFailed = false;
  readonly #calls = new MethodCalls({
    element: this,
    use: () => this.#use(),
    report: (error) => this.#report(error),
    hubMethods: () => (this.#hub.isUsed ? this.#hub.methods() : undefined),
  });
  readonly #shell = new ShellController(this);
  readonly #layout = new LayoutController(this, () => wordOf('layout', this.layout) ?? 'full', this.#internals.states);
  readonly #shown = new ShownController(this);
  readonly #slots = new SlotController(this);
  readonly #tools = new ToolMethods(this);
  readonly #hub = new HubController({
    element: this,
    canClose: () => this.#layout.canClose,
    shell: this.#shell,
    report: (error) => this.#report(error),
    fault: (error) => this.#fault(error),
    close: () => void this.close(),
  });
  #isFormDisabled = false;
  #options: ChatOptions = NO_OPTIONS;
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

  /** Waits for the page's language before the first render, and leaves the task that has run the script. */
  protected override async scheduleUpdate(): Promise<unknown> {
    if (!this.hasUpdated) await nextTask();
    if (!this.hasUpdated) await localeLoading();
    return super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    for (const name of changed.keys()) this.#check(name);
    if (!this.isConnected || !this.#layout.isNeeded || !this.#shown.hasBeenShown) return;
    this.#options = this.#chatOptions();
    if (!isSecureContext) {
      import('../ui/errors/notice.ts').catch(() => {});
      return;
    }
    if (this.#hub.isUsed) {
      this.#chat?.releaseSession();
      return;
    }
    const { layout, autoLoad, session } = this;
    if (autoLoad || session !== undefined || layout === 'bubble') this.#isUsed = true;
    if (!this.#isUsed) return;
    if (this.#chat === undefined) {
      this.#useSoon();
      return;
    }
    this.#chat.requireSession();
    this.#chat.applyProperties();
    if (this.name) this.#internals.setFormValue(this.value);
  }

  protected override firstUpdated(): void {
    if (this.#isReopening) whenIdle(this.#onUse);
  }

  /** Loads what the element needs once it is used. */
  #use(): Promise<EmbeddedChat> {
    this.#isUsed = true;
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<EmbeddedChat> {
    try {
      const { EmbeddedChat } = await import('./embedded-chat.ts');
      this.#chat = await EmbeddedChat.open({
        element: this,
        createSession: (options) => this.createSession(options),
        tools: this.#tools,
        report: (error) => this.#report(error),
        fault: (error) => this.#fault(error),
      });
      this.#hasFailed = false;
      return this.#chat;
    } catch (error) {
      this.#loading = undefined;
      this.#hasFailed = true;
      throw error;
    } finally {
      this.requestUpdate();
    }
  }

  #useSoon(): void {
    if (this.#hasFailed) return;
    this.#use().catch((error: unknown) => this.#report(toAlcoveError(error)));
  }

  /** The user has started to use the element; after a failure, again. */
  readonly #onUse = (): void => {
    if (this.#isUsed && !this.#hasFailed) return;
    this.#hasFailed = false;
    this.#isUsed = true;
    this.requestUpdate();
  };

  /** Enter in the composer, which after a failure is the next use. */
  readonly #onShellSend = (): void => {
    this.#shell.onSend();
    this.#onUse();
  };

  /** Whether a chat is opened again that was open before the page was loaded. */
  get #isReopening(): boolean {
    if (this.session !== undefined || this.#hub.isUsed) return false;
    const scope = historyScope(this.history || undefined, wordOf('storage', this.storage));
    return new OpenChat(scope).read() !== undefined;
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

  /**
   * Puts a text into the message field, below what the user has typed there; the user sends it. Resolves also before there is
   * a field, as in a closed bubble: the text waits for it.
   */
  fill(text: string): Promise<void> {
    return this.#calls.call('change', (methods) => methods.fill(text));
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
   * Offers the model a function of the page, from the next answer on. The user is asked before each call, unless the tool is
   * `readOnly` or says otherwise; see `alcove-tool-call`.
   * @throws AlcoveError `tool-invalid` for a wrong name, a schema that is none, or a name that is registered already
   */
  registerTool(tool: ChatTool, options?: RegisterToolOptions): Promise<void> {
    return this.#withTools('registerTool', (tools) => tools.register(tool, options));
  }

  /** Takes a tool away; a call that runs is not ended. @returns whether there was such a tool */
  unregisterTool(name: string): Promise<boolean> {
    return this.#withTools('unregisterTool', (tools) => tools.unregister(name));
  }

  /** A hub has no tools of the page. */
  #withTools<Result>(member: string, run: (tools: ToolMethods) => Promise<Result>): Promise<Result> {
    return this.#calls.report(this.#hub.isUsed ? Promise.reject(this.#hub.forbidden(member)) : run(this.#tools));
  }

  /**
   * The messages of the open chat, oldest first; a new array after each change. Setting it opens a new chat with these
   * messages; an empty array opens an empty chat.
   * @throws TypeError if it is set to something else
   */
  get messages(): readonly ChatMessage[] {
    if (this.#hub.isUsed) throw this.#hub.forbidden('messages');
    return this.#given === undefined ? (this.#chat?.messages ?? []) : givenMessages(this.#given);
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
    const own = this.#shell.isDone ? 'alcove-chat-view' : 'alcove-chat-shell';
    const view = this.#hub.isUsed ? 'alcove-hub-frame' : own;
    const selector = this.#layout.isOpen ? view : '.bubble';
    this.shadowRoot?.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Makes the element's own session; undefined for the usual one. */
  protected createSession(_options: SessionOptions): Session | undefined {
    return undefined;
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
      enterKey: wordOf('enterKey', this.enterKey),
      starters: listOf(this.starters),
      isDisabled: disabled || this.#isFormDisabled,
      isReadonly: readonly,
      hasAttachments: this.attachments,
      slots: this.#slots.filled,
      hasPastChats: this.session !== undefined || this.history !== 'none',
      readAttached: this.context || this.contextSelector ? this.#readAttached : undefined,
      onClose: this.#layout.canClose ? this.#onClose : undefined,
    };
    // The same object while nothing has changed, so that the chat is not drawn again for it.
    const names = Object.keys(options) as (keyof typeof options)[];
    return names.every((name) => this.#options[name] === options[name]) ? this.#options : options;
  }

  readonly #readAttached = async (): Promise<string> => (await this.#chat?.attachedText()) ?? '';

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
      Object.assign(event, this.#chat?.beforeSend(event.text));
    } catch {
      event.preventDefault();
    }
  };

  /** The form around the element. */
  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  /** The value in a form: see `formValue`. Null in an empty chat. */
  get value(): string | null {
    if (this.#hub.isUsed) return null;
    return formValue(this.messages, wordOf('formValue', this.formValue) ?? 'answer');
  }

  /** A `fieldset` around the element was disabled or enabled. @internal */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isFormDisabled = isDisabled;
    this.requestUpdate();
  }

  /** The form was reset: an empty chat is shown, and the one before it stays among the past ones. @internal */
  formResetCallback(): void {
    if (this.#chat?.session !== undefined || this.#hub.isUsed) void this.newChat();
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
    return html`<div class="box" @focusin=${this.#onUse} @click=${this.#onUse}>${this.#renderContents()}</div>`;
  }

  get #content(): Content {
    return this.#chat?.content(this.#shell.hasPanel) ?? 'nothing';
  }

  #renderContents(): TemplateResult | typeof nothing {
    if (!isSecureContext) {
      const error = { code: 'insecure-context', data: {} };
      return html`<alcove-notice part="problem" .error=${error}></alcove-notice>`;
    }
    if (this.#hub.isUsed) return this.#shown.hasBeenShown ? this.#hub.render() : nothing;
    const content = this.#content;
    if (content === 'problem') return this.#chat?.renderProblem() ?? nothing;
    const isView = content === 'view';
    const isCovered = isView && !this.#shell.isDone;
    return html`${isView && !isCovered ? nothing : this.#renderShell(content === 'gate')}${
      isView ? this.#chat?.renderView(this.#options, isCovered) : nothing
    }`;
  }

  #renderShell(isGated: boolean): TemplateResult {
    const options = this.#options;
    return html`<alcove-chat-shell
      lang=${locale()}
      dir=${direction()}
      part="chat"
      exportparts=${EXPORTED_PARTS}
      .options=${options}
      .modelId=${this.model || undefined}
      .isGated=${isGated}
      .isWaiting=${this.#shell.hasMessage}
      .hasFailed=${this.#hasFailed}
      .isReopening=${this.#isReopening}
      @alcove-composer-send=${this.#onShellSend}
      @alcove-starter=${this.#shell.onStarter}
      @alcove-panel=${this.#shell.onPanel}
      @compositionstart=${this.#shell.onCompositionStart}
      >${SHELL_SLOTS.map((slot) => chatSlot(options, slot, { into: slot }))}${
        isGated ? this.#chat?.renderGate(options) : nothing
      }</alcove-chat-shell
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat': AlcoveChatElement;
  }
}
