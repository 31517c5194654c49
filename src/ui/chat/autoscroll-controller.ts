import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { TextRenderedEvent } from '../contract/events.ts';

/** Pixels from the end within which a reader is taken to be at the end. */
const AT_END = 8;

/**
 * Keeps the end of a growing text in view for a reader who is at its end, and leaves everyone else alone. What is written
 * of an answer is laid out and followed in the task that has written it, which leaves the frame less to do; whatever else
 * changes the height, once a frame, after the browser has laid out by itself.
 */
export class AutoscrollController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #scroller: HTMLElement | undefined;
  #content: HTMLElement | undefined;
  #lastTop = 0;
  #isFollowing = true;
  #fits = false;
  readonly #resizes = new ResizeObserver(() => this.#settle());

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The reader has left the end, and it is out of view. */
  get isElsewhere(): boolean {
    return !this.#isFollowing && !this.#fits;
  }

  /** Watches what scrolls and what grows in it; without anything that grows, the start is shown and nothing follows. */
  follow(scroller: HTMLElement, content: HTMLElement | undefined): void {
    if (this.#content === content) return;
    this.hostDisconnected();
    this.#content = content;
    if (content === undefined) {
      scroller.scrollTop = 0;
      return;
    }
    this.#scroller = scroller;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes.observe(content);
    this.#resizes.observe(scroller);
    content.addEventListener(TextRenderedEvent.eventName, this.#onWritten);
  }

  hostDisconnected(): void {
    this.#resizes.disconnect();
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#content?.removeEventListener(TextRenderedEvent.eventName, this.#onWritten);
    this.#scroller = undefined;
    this.#content = undefined;
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#setFollowing(true);
    this.#settle();
  }

  /** Leaves the end, for a place that is read. */
  leave(): void {
    this.#setFollowing(false);
    this.#settle();
  }

  readonly #onWritten = (event: Event): void => {
    // It is nobody's outside.
    event.stopPropagation();
    if (this.#isFollowing) this.#settle();
  };

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= AT_END;
    if (isAtEnd) this.#setFollowing(true);
    else if (scrollTop < this.#lastTop) this.#setFollowing(false);
    this.#lastTop = scrollTop;
  };

  #settle(): void {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    const { scrollHeight, clientHeight } = scroller;
    if (this.#isFollowing) scroller.scrollTop = scrollHeight;
    else this.#setFits(scrollHeight <= clientHeight);
  }

  #setFits(fits: boolean): void {
    if (this.#fits === fits) return;
    this.#fits = fits;
    this.#host.requestUpdate();
  }

  #setFollowing(isFollowing: boolean): void {
    if (this.#isFollowing === isFollowing) return;
    this.#isFollowing = isFollowing;
    this.#host.requestUpdate();
  }
}
