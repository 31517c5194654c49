import type { LitElement, ReactiveController } from 'lit';
import type { Panel } from './events.ts';
import { loadPanel } from './panel.ts';

/** Which panel lies over the conversation. It takes the focus, and gives it back to what opened it. */
export class PanelController implements ReactiveController {
  readonly #host: LitElement;
  #panel: Panel | undefined;
  #opener: HTMLElement | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** The one that is open. */
  get panel(): Panel | undefined {
    return this.#panel;
  }

  async open(panel: Panel): Promise<void> {
    const { activeElement } = this.#host.shadowRoot ?? document;
    this.#opener = activeElement instanceof HTMLElement ? activeElement : undefined;
    await loadPanel(panel);
    this.#show(panel);
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>('.panel .icon-button')?.focus();
  }

  close(): void {
    this.#show(undefined);
    void this.#host.updateComplete.then(() => (this.#opener?.isConnected ? this.#opener.focus() : this.#host.focus()));
  }

  #show(panel: Panel | undefined): void {
    if (this.#panel === panel) return;
    this.#panel = panel;
    this.#host.requestUpdate();
  }
}
