import type { LitElement, ReactiveController } from 'lit';
import { pressedKey } from '../ui/lib/pressed-key.ts';
import { AlcoveCloseEvent, AlcoveOpenEvent } from './events.ts';

type Layout = 'full' | 'panel' | 'bubble';

/** Opens and closes the element where its layout can be closed: a `bubble` starts closed, a `panel` open. */
export class LayoutController implements ReactiveController {
  readonly #host: LitElement;
  readonly #layout: () => Layout;
  readonly #states: CustomStateSet;
  /** Undefined until the user or the page has opened or closed it. */
  #chosen: boolean | undefined;
  #hasOpened = false;

  /** @param states of the host; `open` is in it while the element is open */
  constructor(host: LitElement, layout: () => Layout, states: CustomStateSet) {
    this.#host = host;
    this.#layout = layout;
    this.#states = states;
    host.addController(this);
  }

  get isOpen(): boolean {
    const layout = this.#layout();
    return layout === 'full' || (this.#chosen ?? layout === 'panel');
  }

  get canClose(): boolean {
    return this.#layout() !== 'full';
  }

  /** Whether there is something to render: a bubble costs nothing before it is opened. */
  get isNeeded(): boolean {
    this.#hasOpened ||= this.isOpen;
    return this.#hasOpened;
  }

  hostUpdate(): void {
    if (this.isOpen) this.#states.add('open');
    else this.#states.delete('open');
  }

  hostUpdated(): void {
    const { dialog } = this;
    if (dialog?.isConnected && dialog.matches(':popover-open') !== this.isOpen) dialog.togglePopover(this.isOpen);
  }

  /** Opens the element if it is closed, and focuses it. */
  async open(): Promise<void> {
    if (this.isOpen) {
      this.#host.focus();
      return;
    }
    await this.#set(true);
    this.#host.focus();
    this.#host.dispatchEvent(new AlcoveOpenEvent());
  }

  /** Closes the element, and returns the focus to its button. */
  async close(): Promise<void> {
    if (!this.canClose || !this.isOpen) return;
    const hadFocus = this.#host.shadowRoot?.activeElement != null;
    await this.#set(false);
    if (hadFocus) this.#host.shadowRoot?.querySelector<HTMLElement>('.bubble')?.focus();
    this.#host.dispatchEvent(new AlcoveCloseEvent());
  }

  readonly onKeyDown = (event: KeyboardEvent): void => {
    if (pressedKey(event) !== 'Escape' || event.defaultPrevented || !this.canClose) return;
    // Else a dialog of the page around the element closes too.
    event.preventDefault();
    void this.close();
  };

  get dialog(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.dialog') ?? null;
  }

  async #set(isOpen: boolean): Promise<void> {
    this.#chosen = isOpen;
    this.#host.requestUpdate();
    // An element outside a page does not update.
    if (this.#host.isConnected) await this.#host.updateComplete;
  }
}
