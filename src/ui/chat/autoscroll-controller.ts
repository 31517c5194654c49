import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { TextRenderedEvent } from '../contract/events.ts';

/** Within this many pixels of the end, the user counts as being at the end. */
const END_TOLERANCE_PX = 8;

/**
 * Keeps the end of a growing text in view while the user is at its end; does nothing once the user has scrolled away.
 * After streamed text it lays out and scrolls in the task that rendered the text, which leaves less work to the frame.
 * Other changes of height are followed once per frame, after the browser's own layout.
 */
export class AutoscrollController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #scroller: HTMLElement | undefined;
  #content: HTMLElement | undefined;
  #lastTop = 0;
  #isFollowing = true;
  #fits = false;
  readonly #resizes = new ResizeObserver(() => this.#update());

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The user has scrolled away from the end, and it is out of view. */
  get isAwayFromEnd(): boolean {
    return !this.#isFollowing && !this.#fits;
  }

  /** Follows `content` inside `scroller`. Without `content` it shows the start and follows nothing. */
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
    content.addEventListener(TextRenderedEvent.eventName, this.#onTextRendered);
  }

  hostDisconnected(): void {
    this.#resizes.disconnect();
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#content?.removeEventListener(TextRenderedEvent.eventName, this.#onTextRendered);
    this.#scroller = undefined;
    this.#content = undefined;
  }

  toEnd(): void {
    this.#setFollowing(true);
    this.#update();
  }

  /** Stops following the end, before another position is shown. */
  leave(): void {
    this.#setFollowing(false);
    this.#update();
  }

  readonly #onTextRendered = (event: Event): void => {
    event.stopPropagation();
    if (this.#isFollowing) this.#update();
  };

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= END_TOLERANCE_PX;
    if (isAtEnd) this.#setFollowing(true);
    else if (scrollTop < this.#lastTop) this.#setFollowing(false);
    this.#lastTop = scrollTop;
  };

  #update(): void {
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
