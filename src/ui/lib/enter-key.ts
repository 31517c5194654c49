import type { LitElement, ReactiveController } from 'lit';
import type { EnterKey } from '../contract/chat-options.ts';

// Browsers do not say which keyboard is used. The finger as the main pointer stands for the one on the screen.
const touchPointer = matchMedia('(pointer: coarse)');

/** Whether Enter sends the message on this device. */
export function sendsWithEnter(enterKey: EnterKey): boolean {
  return enterKey === 'auto' ? !touchPointer.matches : enterKey === 'send';
}

/** Draws the host again when the main pointer changes, as with a tablet that is put onto its keyboard. */
export class TouchPointerController implements ReactiveController {
  readonly #host: LitElement;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    touchPointer.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    touchPointer.removeEventListener('change', this.#onChange);
  }

  readonly #onChange = (): void => this.#host.requestUpdate();
}
