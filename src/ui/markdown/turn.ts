/**
 * Work that takes a task of its own. What is written there is styled, laid out and painted in the frame that follows,
 * which is another task: in a callback of the frame both would hold up a key or a click together.
 */
export class Turn {
  readonly #work: () => void;
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => void) {
    this.#work = work;
  }

  get isComing(): boolean {
    return this.#frame !== undefined || this.#timer !== undefined;
  }

  /** Asked for twice, it comes once. */
  soon(): void {
    if (this.isComing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work();
    });
  }

  /** Once what is written by now has been shown. */
  afterFrame(): void {
    if (this.isComing) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.soon();
    });
  }

  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = undefined;
    this.#timer = undefined;
  }
}
