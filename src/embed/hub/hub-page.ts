import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import { baseStyles } from '../../ui/base/base.styles.ts';
import { tokens } from '../../ui/base/tokens.ts';
import { customElement } from '../../ui/lib/custom-element.ts';
import { direction, LocaleController, loadAllWords, localeLoading } from '../../ui/lib/locale.ts';
import { pressedKey } from '../../ui/lib/pressed-key.ts';
import type { AlcoveErrorEvent, AlcoveModelChangeEvent, AlcoveProgressEvent, AlcoveReadyEvent } from '../events.ts';
import './hub-chat.ts';
import type { HubChat } from './hub-chat.ts';
import type { HubMessage, HubSettings, PageMessage } from './hub-protocol.ts';
import type { PageConnection } from './page-connection.ts';
import { recallSharing, requestSharing, SHARED_WEIGHTS, type Sharing } from './shared-models.ts';
import '../../ui/base/icon.ts';

/** `alone`: the hub's page was opened in a tab. */
export type HubState = 'waiting' | 'alone' | 'refused' | 'outdated' | 'connected';

/**
 * @summary The page of a hub: the chat for the site around it, a line that names that site, and what the site told the model.
 *   Nothing is shown, and nothing starts, before an allowed site has connected.
 */
@customElement('alcove-hub-page')
export class HubPage extends LitElement {
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        block-size: 100dvh;
        background: var(--_surface);
      }

      .message {
        grid-row: 1 / -1;
        align-self: center;
        justify-self: center;
        display: grid;
        gap: 12px;
        max-inline-size: calc(30 * var(--_rem));
        padding: 24px;
      }

      .site {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        padding: 4px 12px;
        border-block-end: 1px solid var(--_border);
        background: var(--_surface-sunken);
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.5;
        overflow-wrap: anywhere;
      }

      .site :is(p, summary) {
        display: flex;
        gap: 6px;
        align-items: baseline;
      }

      .site alcove-icon {
        translate: 0 0.125em;
      }

      details[open] summary alcove-icon {
        rotate: 180deg;
      }

      details[open] {
        flex-basis: 100%;
      }

      summary {
        cursor: pointer;
      }

      pre {
        overflow: auto;
        max-block-size: 30dvh;
        margin: 4px 0;
        padding-inline-start: calc(1.25em + 6px);
        color: var(--_text);
        font: inherit;
        white-space: pre-wrap;
      }

      [slot='consent'] {
        display: grid;
        gap: 8px;
        justify-items: start;
        font-size: var(--_text-s);
        line-height: 1.5;
      }

      alcove-hub-chat {
        block-size: 100%;
        min-block-size: 0;
      }

      @media (height < 240px) {
        .site {
          display: none;
        }
      }
    `,
  ];

  @state() private status: HubState = 'waiting';
  @state() private origin = '';
  @state() private settings: HubSettings = {};
  @state() private sharing: Sharing | undefined;

  #connection: PageConnection | undefined;
  readonly #chatShown = Promise.withResolvers<void>();

  constructor() {
    super();
    void loadAllWords();
    new LocaleController(this);
    this.addEventListener('keydown', this.#onKeyDown);
  }

  /** No page is here: says why. */
  refuse(status: 'alone' | 'refused' | 'outdated', origin = ''): void {
    if (this.status === 'connected') return;
    this.status = status;
    this.origin = origin;
  }

  /** Shows the chat as the page sets it. */
  serve(connection: PageConnection): void {
    this.#connection = connection;
    this.status = 'connected';
    this.origin = connection.origin;
    // Names the text of the page in the chat.
    document.title = this.#site;
    connection.start((message) => this.#receive(message));
  }

  override render(): TemplateResult | typeof nothing {
    if (this.status === 'connected') return this.sharing === undefined ? nothing : this.#renderChat(this.sharing);
    if (this.status === 'waiting') return nothing;
    return html`<div class="message" role="alert">${this.#renderReason()}</div>`;
  }

  #renderReason(): TemplateResult {
    switch (this.status) {
      case 'refused':
        return html`<h1>${msg('The chat is not available on this site')}</h1>
          <p>${msg(str`Its operator has not allowed ${this.origin} to show it.`)}</p>`;
      case 'outdated':
        return html`<h1>${msg('This page and its chat do not fit together')}</h1>
          <p>${msg('They are of different versions. The site needs an update.')}</p>`;
      default:
        return html`<h1>${msg('This page shows the chat on other sites')}</h1>
          <p><a href="./">${msg('Open the chat')}</a></p>`;
    }
  }

  #renderChat(sharing: Sharing): TemplateResult {
    const { instructions } = this.settings;
    return html`<div class="site">
        <p><alcove-icon name="shield"></alcove-icon>${msg(str`${this.#site} shows this chat and cannot read it.`)}</p>
        ${
          instructions === undefined
            ? nothing
            : html`<details>
              <summary><alcove-icon name="chevron-down"></alcove-icon>${msg(str`What ${this.#site} tells the model`)}</summary>
              <pre dir="auto">${instructions}</pre>
            </details>`
        }
      </div>
      ${keyed(
        sharing === 'shared',
        html`<alcove-hub-chat
        .weightsDatabaseName=${sharing === 'shared' ? SHARED_WEIGHTS : undefined}
        @alcove-ready=${(event: AlcoveReadyEvent) => this.#sendModel('ready', event.modelId)}
        @alcove-model-change=${(event: AlcoveModelChangeEvent) => this.#sendModel('model-change', event.modelId)}
        @alcove-progress=${this.#sendProgress}
        @alcove-error=${(event: AlcoveErrorEvent) => this.#send({ type: 'error', code: event.error.code })}
        >${this.#renderSharing(sharing)}</alcove-hub-chat>`,
      )}`;
  }

  /** On the card that offers a download. */
  #renderSharing(sharing: Sharing): TemplateResult | typeof nothing {
    switch (sharing) {
      case 'alone':
        return nothing;
      case 'shared':
        return html`<p slot="consent">${msg('One copy is kept for all sites that show this chat.')}</p>`;
      case 'offered':
        return html`<div slot="consent">
          <p>${msg('This browser keeps a separate copy for each site that shows this chat, unless you let them share one.')}</p>
          <button type="button" class="button" @click=${this.#share}>${msg('Share models between sites')}</button>
        </div>`;
      case 'apart':
        return html`<p slot="consent">
          ${msg('This browser keeps a separate copy for each site that shows this chat: on another site it is downloaded again.')}
        </p>`;
    }
  }

  readonly #share = async (): Promise<void> => {
    this.sharing = await requestSharing();
  };

  protected override updated(): void {
    document.documentElement.dir = direction();
    const chat = this.#chat;
    if (chat === null) return;
    this.#chatShown.resolve();
    chat.onClose = () => this.#send({ type: 'close' });
    chat.apply(this.settings, this.origin);
    chat.begin();
  }

  get #chat(): HubChat | null {
    return this.renderRoot.querySelector('alcove-hub-chat');
  }

  get #site(): string {
    return URL.parse(this.origin)?.host || this.origin;
  }

  #receive(message: PageMessage): void {
    if (message.type === 'configure') void this.#configure(message.settings);
    else void this.#call(message);
  }

  async #configure(settings: HubSettings): Promise<void> {
    const { theme, lang } = settings;
    const { dataset } = document.documentElement;
    if (theme !== undefined) dataset['theme'] = theme === 'auto' ? 'system' : theme;
    if (lang !== undefined && /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(lang)) document.documentElement.lang = lang;
    this.settings = settings;
    const sharing = this.sharing ?? (await recallSharing());
    // The page's language is read after this task.
    await localeLoading();
    this.sharing ??= sharing;
  }

  /** The page hears that it has ended, and nothing of what it did. */
  async #call(message: Exclude<PageMessage, { readonly type: 'configure' }>): Promise<void> {
    const { callId } = message;
    try {
      await this.#chatShown.promise;
      if (message.call === 'fill') await this.#chat?.fill(message.text);
      else await this.#chat?.[message.call]();
      this.#send({ type: 'result', callId });
    } catch (error) {
      const code = isAbortError(error) ? 'cancelled' : toAlcoveError(error).code;
      this.#send({ type: 'result', callId, code });
    }
  }

  #sendModel(type: 'ready' | 'model-change', modelId: string | undefined): void {
    this.#send({ type, ...(modelId !== undefined && { modelId }) });
  }

  readonly #sendProgress = ({ phase, modelId, loadedBytes, totalBytes }: AlcoveProgressEvent): void => {
    this.#send({ type: 'progress', phase, modelId, loadedBytes, ...(totalBytes !== undefined && { totalBytes }) });
  };

  #send(message: HubMessage): void {
    this.#connection?.send(message);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (pressedKey(event) !== 'Escape' || event.defaultPrevented || this.settings.canClose !== true) return;
    event.preventDefault();
    this.#send({ type: 'close' });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-hub-page': HubPage;
  }
}
