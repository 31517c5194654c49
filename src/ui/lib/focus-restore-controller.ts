import type { LitElement, ReactiveController } from 'lit';

/** Moves the focus on when an update removes the focused control; the browser would reset it to the page's top. */
export class FocusRestoreController implements ReactiveController {
  readonly #host: LitElement;
  readonly #targets: string;
  #hadFocus = false;

  /** @param targets Selector in the host's shadow root; the first match gets the focus. */
  constructor(host: LitElement, targets: string) {
    this.#host = host;
    this.#targets = targets;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#host.shadowRoot?.activeElement != null;
  }

  hostUpdated(): void {
    if (!this.#hadFocus || this.#host.shadowRoot?.activeElement != null) return;
    this.#host.shadowRoot?.querySelector<HTMLElement>(this.#targets)?.focus({ preventScroll: true });
  }
}
