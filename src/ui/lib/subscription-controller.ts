import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Subscribable {
  subscribe(listener: () => void): () => void;
}

/** Updates its component whenever the source that it shows changes, while the component is in the page. */
export class SubscriptionController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Subscribable | undefined;
  #subscribedTo: Subscribable | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, source: () => Subscribable | undefined) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#subscribedTo = undefined;
  }

  #follow(): void {
    const source = this.#source();
    if (source === this.#subscribedTo) return;
    this.#unsubscribe?.();
    this.#subscribedTo = source;
    this.#unsubscribe = source?.subscribe(() => this.#host.requestUpdate());
  }
}
