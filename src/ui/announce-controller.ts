import type { LitElement, ReactiveController } from 'lit';
import type { SentenceAnnouncer } from './sentence-announcer.ts';
import type { SessionLike } from './session-like.ts';

/** Has the answer that is being written announced, in the host's live region (`role="log"`). */
export class AnnounceController implements ReactiveController {
  readonly #host: LitElement;
  readonly #session: () => SessionLike | undefined;
  #announcer: SentenceAnnouncer | undefined;

  constructor(host: LitElement, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#announce();
  }

  #announce(): void {
    const region = this.#host.renderRoot.querySelector<HTMLElement>('[role="log"]');
    const { chat } = this.#session()?.state ?? {};
    if (region === null) return;
    const last = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
    if (last?.role !== 'assistant') return;
    if (this.#announcer === undefined) {
      if (last.status === 'streaming') void this.#load(region, last.id);
    } else if (last.status !== 'streaming') this.#announcer.finish(last.id, last.text);
    else this.#announcer.update(last.id, last.text);
  }

  /** Fetched with the first answer. One that has ended by then is announced whole. */
  async #load(region: HTMLElement, messageId: string): Promise<void> {
    const { SentenceAnnouncer } = await import('./sentence-announcer.ts');
    if (this.#announcer !== undefined) return;
    this.#announcer = new SentenceAnnouncer(region);
    this.#announcer.update(messageId, '');
    this.#announce();
  }
}
