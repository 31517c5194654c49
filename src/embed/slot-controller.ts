import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CHAT_SLOTS, type ChatSlot } from '../ui/contract/chat-options.ts';

/**
 * Knows which slots the page has filled. A slot is passed on to a view only then: an empty one that is passed on would count as
 * content there, and hide what the view shows by default.
 */
export class SlotController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #children = new MutationObserver(() => this.#read());
  #filled: ReadonlySet<ChatSlot> = new Set();

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The same set while nothing has changed. */
  get filled(): ReadonlySet<ChatSlot> {
    return this.#filled;
  }

  hostConnected(): void {
    this.#children.observe(this.#host, { childList: true, subtree: true, attributeFilter: ['slot'] });
    this.#read();
  }

  hostDisconnected(): void {
    this.#children.disconnect();
  }

  #read(): void {
    const names = new Set([...this.#host.children].map(({ slot }) => slot));
    const filled = CHAT_SLOTS.filter((slot) => names.has(slot));
    if (filled.length === this.#filled.size && filled.every((slot) => this.#filled.has(slot))) return;
    this.#filled = new Set(filled);
    this.#host.requestUpdate();
  }
}
