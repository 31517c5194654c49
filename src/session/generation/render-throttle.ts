/**
 * How often an answer that is being written goes to the screen. Slow writing shows each word as it comes. Writing that
 * nobody can follow is shown in larger steps, and on a device to which a step comes dear in larger ones still: the model
 * computes on this same device, and every frame that is drawn for no reader's sake is taken from it.
 */
const FRAME_MS = 16;
/** ms more between two steps for each character per second: 35 ms at 30 tokens a second, 80 ms at 100. */
const MS_PER_RATE = 0.1;
/** Where steps are cheap, and where they are not: two a second are the fewest. */
const LONGEST_CHEAP_MS = 200;
const LONGEST_MS = 500;

/** A step that takes no longer than this is cheap, ms. One that takes three times as long leaves three times the pause. */
const CHEAP_STEP_MS = 4;
/** What the newest step weighs in the mean of their costs: one that something else has held up changes little. */
const NEWEST_WEIGHT = 0.25;

/** Time over which the speed of writing is taken, and after which of it there is something to go by. */
const WINDOW_MS = 500;
const TELLING_MS = 100;

export class RenderThrottle {
  #windowStart: number;
  #windowLength = 0;
  #charactersPerSecond = 0;
  #stepMs = CHEAP_STEP_MS;

  /** @param now when the writing begins, ms on any clock */
  constructor(now: number) {
    this.#windowStart = now;
  }

  /** So many characters have come. */
  note(characters: number, now: number): void {
    this.#windowLength += characters;
    const elapsedMs = now - this.#windowStart;
    if (elapsedMs < TELLING_MS) return;
    this.#charactersPerSecond = (1_000 * this.#windowLength) / elapsedMs;
    if (elapsedMs < WINDOW_MS) return;
    this.#windowStart += elapsedMs;
    this.#windowLength = 0;
  }

  /** A step was drawn. @param ms of the page's thread that it took */
  noteStep(ms: number): void {
    this.#stepMs += NEWEST_WEIGHT * (ms - this.#stepMs);
  }

  /** ms to wait before the next step. */
  get intervalMs(): number {
    const dearness = Math.max(1, this.#stepMs / CHEAP_STEP_MS);
    const longest = Math.min(LONGEST_MS, LONGEST_CHEAP_MS * dearness);
    return Math.min(longest, FRAME_MS + MS_PER_RATE * this.#charactersPerSecond * dearness);
  }
}
