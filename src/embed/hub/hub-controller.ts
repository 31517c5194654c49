import { nothing, type ReactiveController, type TemplateResult } from 'lit';
import { AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import type { ElementMethods } from '../chat-methods.ts';
import type { HubHost, PageHub } from './page-hub.ts';

/** Shows the chat of a hub in place of one in the page. With one, nothing of the chat is loaded, and without one, nothing of the hub. */
export class HubController implements ReactiveController {
  readonly #host: HubHost;
  #opened: { readonly address: string; readonly opening: Promise<PageHub> } | undefined;
  #hub: PageHub | undefined;

  constructor(host: HubHost) {
    this.#host = host;
    host.element.addController(this);
  }

  /** A wrong address never makes the element run the chat in the page, which could read it. */
  get isUsed(): boolean {
    return this.#address !== '';
  }

  hostDisconnected(): void {
    // A move removes and inserts the element synchronously.
    queueMicrotask(() => {
      if (!this.#host.element.isConnected) this.#end();
    });
  }

  hostUpdated(): void {
    if (this.#opened?.address !== this.#address) this.#end();
    this.#hub?.configure();
  }

  /** @throws AlcoveError `attribute-invalid` */
  async methods(): Promise<ElementMethods> {
    return (await this.#open()).methods();
  }

  /** What the page may not do, or not read. */
  readonly forbidden = (member: string): AlcoveError => {
    const hub = this.#address;
    return new AlcoveError('hub-forbids', `${member}: the chat is in the hub ${hub}`, { data: { hub, member } });
  };

  render(): TemplateResult | typeof nothing {
    this.#open().catch((error: unknown) => this.#host.report(toAlcoveError(error)));
    return this.#hub?.render() ?? nothing;
  }

  get #address(): string {
    return this.#host.element.hub || '';
  }

  #open(): Promise<PageHub> {
    const address = this.#address;
    if (this.#opened?.address === address) return this.#opened.opening;
    this.#end();
    const opening: Promise<PageHub> = import('./page-hub.ts').then(({ PageHub }) => {
      const hub = new PageHub(this.#host, address, this.forbidden);
      if (this.#opened?.opening === opening) {
        this.#hub = hub;
        hub.configure();
        this.#host.element.requestUpdate();
      } else hub.dispose();
      return hub;
    });
    this.#opened = { address, opening };
    return opening;
  }

  #end(): void {
    this.#opened = undefined;
    this.#hub?.dispose();
    this.#hub = undefined;
  }
}
