import type { LitElement, ReactiveController } from 'lit';

/** What is read of `window.visualViewport`, and of the window's own height. */
export interface ViewportLike extends EventTarget {
  readonly height: number;
  readonly scale: number;
}

/** Pixels: no bar of a browser takes as much, every keyboard on a screen does. */
const LEAST_KEYBOARD = 120;

/**
 * Ends the host above the keyboard on the screen, where the browser lays the keyboard over the page: Safari on phones.
 * Others resize the page themselves, as index.html asks (`interactive-widget`).
 */
export class VirtualKeyboardController implements ReactiveController {
  readonly #host: LitElement;
  readonly #viewport: ViewportLike | null;

  constructor(host: LitElement, viewport: ViewportLike | null = visualViewport) {
    this.#host = host;
    this.#viewport = viewport;
    host.addController(this);
  }

  hostConnected(): void {
    this.#viewport?.addEventListener('resize', this.#fit);
  }

  hostDisconnected(): void {
    this.#viewport?.removeEventListener('resize', this.#fit);
  }

  readonly #fit = (): void => {
    if (this.#viewport === null) return;
    const { height, scale } = this.#viewport;
    // Someone who looks closer sees less of the page, and it stays as it is.
    const isCovered = Math.abs(scale - 1) < 0.01 && innerHeight - height > LEAST_KEYBOARD;
    this.#host.style.blockSize = isCovered ? `${height}px` : '';
    // Safari has pushed the page up to show the field, which now is in view by itself.
    if (isCovered) scrollTo(0, 0);
  };
}
