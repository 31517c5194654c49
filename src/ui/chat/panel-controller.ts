import type { LitElement, ReactiveController } from 'lit';
import { type Panel, PanelChangeEvent } from '../contract/events.ts';
import { loadPanel } from './panel.ts';

/** Opens and closes the panel over the conversation. The panel takes the focus and returns it on close. */
export class PanelController implements ReactiveController {
  readonly #host: LitElement;
  #panel: Panel | undefined;
  #opener: HTMLElement | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

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

  /** Closes the panel where something else takes the focus, for instance another chat. */
  leave(): void {
    this.#show(undefined);
  }

  close(): void {
    if (this.#panel === undefined) return;
    this.#show(undefined);
    void this.#host.updateComplete.then(() => (this.#opener?.isConnected ? this.#opener.focus() : this.#host.focus()));
  }

  #show(panel: Panel | undefined): void {
    if (this.#panel === panel) return;
    this.#panel = panel;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new PanelChangeEvent(panel));
  }
}

/** The focused element, through all shadow roots: only this one can take the focus back. */
function focusedIn(root: DocumentOrShadowRoot): HTMLElement | undefined {
  let { activeElement } = root;
  while (activeElement?.shadowRoot?.activeElement) activeElement = activeElement.shadowRoot.activeElement;
  return activeElement instanceof HTMLElement ? activeElement : undefined;
}
