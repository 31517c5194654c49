import { nothing, type ReactiveController, type TemplateResult } from 'lit';
import { AlcoveError, abortError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { ChatView } from '../../ui/chat/chat-view.ts';
import type { ElementMethods } from '../chat-methods.ts';
import type { ChatShell } from '../shell/chat-shell.ts';
import type { HubHost, PageHub } from './page-hub.ts';

interface Opened {
  readonly address: string;
  readonly opening: Promise<PageHub>;
}

const SHOWN_IN_PAGE = 'alcove-chat-shell, alcove-chat-view:not(.covered)';

/** Shows the chat of a hub in place of one in the page. With one, nothing of the chat is loaded, and without one, nothing of the hub. */
export class HubController implements ReactiveController {
  readonly #host: HubHost;
  #opened: Opened | undefined;
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

  hostUpdate(): void {
    const { element } = this.#host;
    if (!this.isUsed) return;
    // What the user has typed before the page named a hub.
    const inPage = element.shadowRoot?.querySelector<ChatShell | ChatView>(SHOWN_IN_PAGE);
    if (inPage?.draft) void element.fill(inPage.draft);
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
  forbidden(member: string): AlcoveError {
    const hub = this.#address;
    return new AlcoveError('hub-forbids', `${member}: the chat is in the hub ${hub}`, { data: { hub, member } });
  }

  render(): TemplateResult | typeof nothing {
    this.#open().catch((error: unknown) => {
      if (!isAbortError(error)) this.#host.report(toAlcoveError(error));
    });
    return this.#hub?.render() ?? nothing;
  }

  get #address(): string {
    return this.#host.element.hub || '';
  }

  #open(): Promise<PageHub> {
    const address = this.#address;
    if (this.#opened?.address === address) return this.#opened.opening;
    this.#end();
    const opened: Opened = { address, opening: this.#load(address, () => this.#opened === opened) };
    this.#opened = opened;
    return opened.opening;
  }

  /** @throws AbortError if the element was removed, or has another hub, meanwhile */
  async #load(address: string, isStillOpened: () => boolean): Promise<PageHub> {
    const { PageHub } = await import('./page-hub.ts');
    if (!isStillOpened()) throw abortError();
    const hub = new PageHub(this.#host, address, (member) => this.forbidden(member));
    this.#hub = hub;
    hub.configure();
    this.#host.element.requestUpdate();
    return hub;
  }

  #end(): void {
    this.#opened = undefined;
    this.#hub?.dispose();
    this.#hub = undefined;
  }
}
