import type { LitElement, ReactiveController } from 'lit';
import type { AlcoveChatProperties } from './public-types.ts';

/** Keeps the page's texts for the message field while the element shows none: it is a closed bubble, or `readonly`. */
export class ComposerText implements ReactiveController {
  readonly #host: LitElement & Readonly<AlcoveChatProperties>;
  readonly #texts: string[] = [];

  constructor(host: LitElement & Readonly<AlcoveChatProperties>) {
    this.#host = host;
    host.addController(this);
  }

  add(text: string): void {
    if (text === '') return;
    this.#texts.push(text);
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const { renderRoot, readonly } = this.#host;
    const view = renderRoot.querySelector('alcove-chat-view');
    // A covered view is about to take over the text of the shell.
    if (readonly === true || view?.matches('.covered')) return;
    const field = view ?? renderRoot.querySelector('alcove-chat-shell');
    if (field !== null) for (const text of this.#texts.splice(0)) void field.fill(text);
  }
}
