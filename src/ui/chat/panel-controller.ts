import type { LitElement, ReactiveController } from 'lit';
import type { Panel } from '../contract/events.ts';
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
    this.#opener = focusedIn(this.#host.shadowRoot ?? document);
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

/** What has the focus, through all shadow roots: only that takes it back. */
function focusedIn(root: DocumentOrShadowRoot): HTMLElement | undefined {
  let { activeElement } = root;
  while (activeElement?.shadowRoot?.activeElement) activeElement = activeElement.shadowRoot.activeElement;
  return activeElement instanceof HTMLElement ? activeElement : undefined;
}
