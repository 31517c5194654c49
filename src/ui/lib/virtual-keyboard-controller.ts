import type { LitElement, ReactiveController } from 'lit';

/** The parts of `window.visualViewport` that are read, and the window's own height. */
export interface ViewportLike extends EventTarget {
  readonly height: number;
  readonly scale: number;
}

/** CSS pixels. Browser bars are smaller than this, on-screen keyboards larger. */
const LEAST_KEYBOARD = 120;

/**
 * Ends the host above the on-screen keyboard where the browser lays the keyboard over the page: Safari on phones. Other
 * browsers resize the page, as index.html asks (`interactive-widget`).
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
    // Pinch zoom also shrinks the visual viewport; the layout must not change then.
    const isCovered = Math.abs(scale - 1) < 0.01 && innerHeight - height > LEAST_KEYBOARD;
    this.#host.style.blockSize = isCovered ? `${height}px` : '';
    // Safari has scrolled the page up to show the field, which is in view without that now.
    if (isCovered) scrollTo(0, 0);
  };
}
