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

export interface HubHost {
  readonly element: ReactiveControllerHost & HTMLElement & Readonly<AlcoveChatProperties>;
  /** Whether the user can close the element. */
  canClose(): boolean;
  close(): void;
  /** The hub has reported a failure. */
  report(error: AlcoveError): void;
  /** There is no hub, for a reason that the developer of the page should know. */
  fault(error: AlcoveError): void;
}

/** The hub of an element: says what the page sets, sends its events to the page, and shows its frame. */
export class PageHub {
  readonly #host: HubHost;
  /** Undefined for a wrong address. */
  readonly #client: HubClient | undefined;
  readonly #disposed = new AbortController();

  constructor(host: HubHost, address: string) {
    this.#host = host;
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
    // The text of the page, as it is when the user turns to the chat. A page sees that of any frame.
    window.addEventListener('blur', () => this.configure(), { signal: this.#disposed.signal });
  }

  configure(): void {
    this.#client?.configure(hubSettings(this.#host.element, this.#host.canClose()));
  }

  /** @throws AlcoveError `attribute-invalid` */
  methods(forbidden: (member: string) => AlcoveError): ElementMethods {
    if (this.#client === undefined) throw wrongAddress();
    return hubMethods(this.#client, forbidden);
  }

  render(): TemplateResult {
    if (this.#client !== undefined) return html`<alcove-hub-frame .client=${this.#client}></alcove-hub-frame>`;
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
