/**
 * Work that takes a task of its own, after the next frame: once what is written by now has been shown. In a callback of the
 * frame it would hold up a key or a click together with style, layout and painting.
 */
export class FrameScheduler {
  readonly #work: () => void;
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Asked for twice, it comes once. */
  afterFrame(): void {
    if (this.#frame !== undefined || this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#work();
      });
    });
  }

  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = undefined;
    this.#timer = undefined;
  }
}
