import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { AlcoveError } from '../../platform/errors.ts';
import { lazyElement } from '../../ui/base/lazy-element.ts';
import type { ElementMethods } from '../chat-methods.ts';
import { AlcoveModelChangeEvent, AlcoveProgressEvent, AlcoveReadyEvent } from '../events.ts';
import type { AlcoveChatProperties } from '../public-types.ts';
import { hubAddress } from './hub-address.ts';
import { HubClient, type HubNews } from './hub-client.ts';
import './hub-frame.ts';
import { hubMethods } from './hub-methods.ts';
import { hubSettings } from './hub-settings.ts';
import './looks-probe.ts';

export interface HubHost {
  readonly element: HubElement;
  /** Whether the user can close the element. */
  canClose(): boolean;
  /** Has the text that the user has typed before the page named a hub. */
  readonly shell: { draft: string };
  close(): void;
  /** The hub has reported a failure. */
  report(error: AlcoveError): void;
  /** There is no hub, for a reason that the developer of the page should know. */
  fault(error: AlcoveError): void;
}

interface HubElement extends ReactiveControllerHost, HTMLElement, Readonly<AlcoveChatProperties> {
  readonly session: unknown;
}

/** The hub of an element: says what the page sets, sends its events to the page, and shows its frame. */
export class PageHub {
  readonly #host: HubHost;
  /** Undefined for a wrong address. */
  readonly #client: HubClient | undefined;
  readonly #disposed = new AbortController();
  readonly #forbidden: (member: string) => AlcoveError;
  /** What the page has set without effect, and has been told of. */
  readonly #faults = new Set<string>();

  constructor(host: HubHost, address: string, forbidden: (member: string) => AlcoveError) {
    this.#host = host;
    this.#forbidden = forbidden;
    const hub = hubAddress(address);
    if (hub === undefined) {
      host.fault(wrongAddress());
      return;
    }
    this.#client = new HubClient({
      hub,
      onNews: (news) => this.#hear(news),
      onState: (error) => {
        if (error !== undefined) host.fault(error);
        host.element.shadowRoot?.querySelector('alcove-hub-frame')?.requestUpdate();
      },
    });
    const { draft } = host.shell;
    host.shell.draft = '';
    if (draft !== '') this.#client.call('fill', draft).catch(() => {});
    // The text of the page, as it is when the user turns to the chat. A page sees that of any frame.
    window.addEventListener('blur', () => this.configure(), { signal: this.#disposed.signal });
  }

  configure(): void {
    if (this.#client === undefined) return;
    const { element } = this.#host;
    const probe = element.shadowRoot?.querySelector('alcove-looks-probe');
    const looks = probe?.hasUpdated ? { theme: probe.scheme, looks: probe.looksOf(element) } : {};
    this.#client.configure({ ...hubSettings(element, this.#host.canClose()), ...looks });
    this.#faultIgnored();
  }

  /** @throws AlcoveError `attribute-invalid` */
  methods(): ElementMethods {
    if (this.#client === undefined) throw wrongAddress();
    return hubMethods(this.#client, this.#forbidden);
  }

  render(): TemplateResult {
    if (this.#client !== undefined) {
      return html`<alcove-looks-probe @change=${() => this.configure()}></alcove-looks-probe>
        <alcove-hub-frame .client=${this.#client}></alcove-hub-frame>`;
    }
    const error = { code: 'hub-unreachable', data: {} };
    return html`<alcove-notice
      ${lazyElement(() => import('../../ui/errors/notice.ts'))}
      part="problem"
      .error=${error}
      without-action
    ></alcove-notice>`;
  }

  dispose(): void {
    this.#disposed.abort();
    this.#client?.dispose();
  }

  /** Reports, once each, what the element has in a page and a hub has not. */
  #faultIgnored(): void {
    const { element } = this.#host;
    const ignored = {
      'use-page-tools': element.usePageTools,
      catalogue: element.catalogue,
      session: element.session,
      slot: element.querySelector(':scope > [slot]'),
    };
    for (const [member, value] of Object.entries(ignored)) {
      if (!value || this.#faults.has(member)) continue;
      this.#faults.add(member);
      this.#host.fault(this.#forbidden(member));
    }
  }

  #hear(news: HubNews): void {
    const { element } = this.#host;
    switch (news.type) {
      case 'ready':
        element.dispatchEvent(new AlcoveReadyEvent(undefined, news.modelId));
        break;
      case 'model-change':
        element.dispatchEvent(new AlcoveModelChangeEvent(undefined, news.modelId));
        break;
      case 'progress': {
        const { phase, modelId, loadedBytes, totalBytes } = news;
        element.dispatchEvent(new AlcoveProgressEvent(phase, modelId, loadedBytes, totalBytes));
        break;
      }
      case 'error':
        this.#host.report(new AlcoveError(news.code, `the hub reports ${news.code}`));
        break;
      case 'close':
        this.#host.close();
        break;
    }
  }
}

function wrongAddress(): AlcoveError {
  const reason = 'is not the address of another origin, with https or on this computer';
  return new AlcoveError('attribute-invalid', `hub ${reason}`, { data: { attribute: 'hub', reason } });
}
