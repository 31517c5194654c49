import type { LitElement, ReactiveController } from 'lit';

/** Knows whether the element has been displayed yet: one that the page hides at first costs nothing until it is shown. */
export class ShownController implements ReactiveController {
  readonly #host: LitElement;
  #observer: ResizeObserver | undefined;
  #hasBeenShown = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  get hasBeenShown(): boolean {
    this.#hasBeenShown ||= this.#host.checkVisibility();
    return this.#hasBeenShown;
  }

  hostConnected(): void {
    if (this.#hasBeenShown) return;
    // Called when the element has a box for the first time.
    this.#observer = new ResizeObserver(() => {
      if (!this.hasBeenShown) return;
      this.hostDisconnected();
      this.#host.requestUpdate();
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }
}
