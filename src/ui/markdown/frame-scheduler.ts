/**
 * Schedules work in a task after the next frame, when the current content has been painted. In an animation-frame callback
 * the work would delay input together with style, layout and paint.
 */
export class FrameScheduler {
  readonly #work: () => void;
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Schedules the work; a second call before it runs has no effect. */
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
