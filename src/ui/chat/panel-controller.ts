import { type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import { type Panel, PanelChangeEvent, type ReadingSubject } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import type { panelView } from './panel.ts';

/** Width at which a panel fits beside the chat, which keeps some 440 px: an app of 1,100 px with its sidebar. In em, for large text. */
const BESIDE_EM = 47;

/**
 * Opens and closes the panel over the conversation, or those of the chat's settings and of what was read beside it. The panel takes the focus and
 * returns it on close.
 */
export class PanelController implements ReactiveController {
  readonly #host: LitElement;
  #panel: Panel | undefined;
  #subject: ReadingSubject | undefined;
  #opener: HTMLElement | undefined;
  #isWide = false;
  #view: typeof panelView | undefined;
  readonly #observer = new ResizeObserver(() => this.#measure());

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  get panel(): Panel | undefined {
    return this.#panel;
  }

  /** The open panel leaves the chat in view, and usable. */
  get isBeside(): boolean {
    return (this.#panel === 'chat' || this.#panel === 'reading') && this.#isWide;
  }

  async open(panel: Panel, subject?: ReadingSubject): Promise<void> {
    this.#opener = focusedIn(this.#host.shadowRoot ?? document);
    const { loadPanel, panelView } = await import('./panel.ts');
    await loadPanel(panel);
    this.#view = panelView;
    this.#subject = subject;
    this.#show(panel);
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>('.panel .icon-button')?.focus();
  }

  /** @param result of the last action in the panel */
  render(session: SessionLike, result: ActionResult): TemplateResult | typeof nothing {
    if (this.#panel === undefined || this.#view === undefined) return nothing;
    return this.#view(this.#panel, session, result, () => this.close(), this.#subject);
  }

  /** Closes the panel where something else takes the focus, for instance another chat. */
  leave(): void {
    this.#show(undefined);
  }

  close(): void {
    if (this.#panel === undefined) return;
    const focused = this.#host.shadowRoot?.activeElement;
    // The user may be writing beside it.
    const keepsFocus = focused != null && focused.closest('.panel') === null;
    this.#show(undefined);
    if (keepsFocus) return;
    void this.#host.updateComplete.then(() => (this.#opener?.isConnected ? this.#opener.focus() : this.#host.focus()));
  }

  #measure(): void {
    const isWide = this.#host.clientWidth >= BESIDE_EM * Number.parseFloat(getComputedStyle(this.#host).fontSize);
    if (isWide === this.#isWide) return;
    this.#isWide = isWide;
    if (this.#panel !== undefined) this.#host.requestUpdate();
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
