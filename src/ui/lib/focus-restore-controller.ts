import type { LitElement, ReactiveController } from 'lit';

/**
 * When the control that has the focus goes with an update, gives the focus to what takes its place; without it the
 * browser would drop the focus to the top of the page.
 */
export class FocusRestoreController implements ReactiveController {
  readonly #host: LitElement;
  readonly #heirs: string;
  #hadFocus = false;

  /** @param heirs Selector, in the host's shadow root, of what gets the focus: the first one that is there. */
  constructor(host: LitElement, heirs: string) {
    this.#host = host;
    this.#heirs = heirs;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#host.shadowRoot?.activeElement != null;
  }

  hostUpdated(): void {
    if (!this.#hadFocus || this.#host.shadowRoot?.activeElement != null) return;
    this.#host.shadowRoot?.querySelector<HTMLElement>(this.#heirs)?.focus({ preventScroll: true });
  }
}
