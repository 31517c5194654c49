import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { FoundServer } from '../../session/models/custom-servers.ts';
import type { ServerEntry } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { Describable } from '../errors/error-messages.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural } from '../lib/plural.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import '../base/confirm-button.ts';
import '../base/icon.ts';
import '../errors/notice.ts';

type Servers = SessionLike['models']['servers'];

/**
 * @summary Custom servers: address, key and models of each, and a search for servers on this computer. No server is
 *   contacted before the user adds it or starts the search.
 */
@customElement('alcove-custom-servers')
export class CustomServersView extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      .privacy {
        display: flex;
        gap: 8px;
        align-items: baseline;
        max-inline-size: 40em;
        color: var(--_warning);
        font-size: var(--_text-s);
      }

      .privacy alcove-icon {
        align-self: center;
        flex: none;
      }

      ul {
        display: grid;
        gap: 8px;
      }

      .server {
        display: grid;
        gap: 8px;
        padding: 12px 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        font-size: var(--_text-s);
        overflow-wrap: anywhere;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 12px;
      }

      .models {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private error: Describable | undefined;
  @state() private busy: '' | 'adding' | 'searching' = '';
  @state() private detected: readonly FoundServer[] | undefined;
  #search: AbortController | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#search?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('session') || this.session === undefined) return;
    this.session.models.servers.list().catch((error: unknown) => {
      this.error = toAlcoveError(error);
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.error = undefined;
    try {
      await work();
    } catch (error) {
      if (!isAbortError(error)) this.error = toAlcoveError(error);
    }
    this.busy = '';
  }

  async #onAdd(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target;
    const { servers } = this.session?.models ?? {};
    if (!(form instanceof HTMLFormElement) || servers === undefined) return;
    const data = new FormData(form);
    this.busy = 'adding';
    await this.#attempt(async () => {
      await servers.add(String(data.get('address') ?? ''), String(data.get('key') ?? '').trim());
      form.reset();
    });
  }

  async #searchServers(): Promise<void> {
    const { servers } = this.session?.models ?? {};
    if (servers === undefined) return;
    this.busy = 'searching';
    this.detected = undefined;
    const search = new AbortController();
    this.#search = search;
    await this.#attempt(async () => {
      this.detected = await servers.detect(search.signal);
    });
  }

  override render(): TemplateResult {
    const entries = this.session?.state.servers;
    const { servers } = this.session?.models ?? {};
    // `form.reset()` after the reply would clear what is typed meanwhile.
    const isAdding = this.busy === 'adding';
    return html`<h2>${msg('Custom servers')}</h2>
      <p class="muted small">
        ${msg('Models too large for a browser run on a server: vLLM, llama.cpp, Ollama, LM Studio, or another that speaks the OpenAI protocol.')}
      </p>
      <p class="privacy">
        <alcove-icon name="alert"></alcove-icon>
        <span>${msg('What you write in a chat with a server’s model leaves this device and goes to that server. Such chats are marked.')}</span>
      </p>
      ${
        entries === undefined || servers === undefined || entries.length === 0
          ? nothing
          : html`<ul>
            ${repeat(
              entries,
              ({ server }) => server.id,
              (entry) => html`<li>${this.#renderServer(entry, servers)}</li>`,
            )}
          </ul>`
      }
      <form class="field" @submit=${this.#onAdd}>
        <span>${msg('Address and API key')}</span>
        <div class="row">
          <input name="address" type="text" inputmode="url" spellcheck="false" autocomplete="off" required ?readonly=${isAdding} aria-label=${msg('Address of the server')} placeholder="http://localhost:11434" />
          <input name="key" type="password" autocomplete="off" ?readonly=${isAdding} aria-label=${msg('API key, if the server needs one')} placeholder=${msg('API key, if it needs one')} />
          <button type="submit" class="button" ?disabled=${entries === undefined || this.busy !== ''}>
            ${isAdding ? msg('Connecting…') : msg('Add')}
          </button>
        </div>
        <span class="muted">${msg('The key is stored on this device and sent to this server only.')}</span>
      </form>
      ${this.error === undefined ? nothing : html`<alcove-notice role="alert" .error=${this.error} without-action></alcove-notice>`}
      <div class="controls">
        <button type="button" class="button" ?disabled=${entries === undefined || this.busy !== ''} @click=${this.#searchServers}>
          ${this.busy === 'searching' ? msg('Searching…') : msg('Search this computer')}
        </button>
        <span class="muted small">${msg('Tries the usual addresses of Ollama, LM Studio, llama.cpp and Jan. The browser may ask for permission.')}</span>
      </div>
      <div role="status">${this.detected === undefined || servers === undefined ? nothing : this.#renderDetected(this.detected, servers)}</div>`;
  }

  #renderServer({ server, error, needsReload }: ServerEntry, servers: Servers): TemplateResult {
    const { host } = new URL(server.baseUrl);
    return html`<div class="server">
      <div class="head">
        <strong>${host}</strong>
        <span class="muted small">${server.hasKey ? msg('with a key') : msg('without a key')}</span>
      </div>
      ${
        needsReload
          ? html`<p class="small">
            ${msg('Reload the page so that the browser lets it connect.')}
            ${textButton(msg('Reload'), () => location.reload())}
          </p>`
          : nothing
      }
      ${error === undefined ? nothing : html`<alcove-notice .error=${error} without-action></alcove-notice>`}
      ${
        server.listedAt === undefined
          ? nothing
          : html`<p>${plural(server.models.length, msg('one: # model | other: # models'))}</p>
            <p class="models">${server.models.map(({ name }) => name).join(' · ')}</p>`
      }
      <div class="controls">
        ${
          needsReload
            ? nothing
            : quietButton(msg('Refresh models'), () => this.#attempt(() => servers.refresh(server.id)))
        }
        <alcove-confirm-button
          label=${msg('Remove')}
          question=${msg(str`Remove ${host} and its key? Chats with its models stay.`)}
          @alcove-confirm=${() => this.#attempt(() => servers.remove(server.id))}
        ></alcove-confirm-button>
      </div>
    </div>`;
  }

  #renderDetected(detected: readonly FoundServer[], servers: Servers): TemplateResult {
    if (detected.length === 0) return html`<p class="small">${msg('No server found on this computer.')}</p>`;
    return html`<ul>
      ${detected.map(
        ({ name, url, error }) => html`<li class="server">
          <div class="head"><strong>${name}</strong><span class="muted small">${new URL(url).host}</span></div>
          ${
            error === undefined
              ? html`<div class="controls">
                ${textButton(msg('Add'), () => this.#attempt(() => servers.add(url, '')))}
              </div>`
              : html`<alcove-notice .error=${error} without-action></alcove-notice>`
          }
        </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-custom-servers': CustomServersView;
  }
}
