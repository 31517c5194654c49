/**
 * How often a streaming answer is flushed to the screen. Slow text is shown word by word. Text that comes faster than
 * anybody reads is shown in larger pieces, and in still larger ones on a device where a flush is expensive: the model
 * computes on the same device, and every frame that nobody needs takes time from it.
 */
const FRAME_MS = 16;
/** ms more between two flushes for each character per second: 35 ms at 30 tokens a second, 80 ms at 100. */
const MS_PER_RATE = 0.1;
/** Longest interval where flushes are cheap, and where they are expensive: at least two flushes a second. */
const LONGEST_CHEAP_MS = 200;
const LONGEST_MS = 500;

/** A flush that takes no longer than this is cheap, ms. One that takes three times as long triples the interval. */
const CHEAP_FLUSH_MS = 4;
/** Weight of the newest cost in the mean: a flush that something else has delayed changes little. */
const NEWEST_WEIGHT = 0.25;

/** Time over which the rate of the text is measured, and after which a first value of it is used. */
const WINDOW_MS = 500;
const FIRST_RATE_MS = 100;

export class RenderThrottle {
  #windowStart: number;
  #windowLength = 0;
  #charactersPerSecond = 0;
  #flushMs = CHEAP_FLUSH_MS;

  /** @param now when the generation begins, ms on any clock */
  constructor(now: number) {
    this.#windowStart = now;
  }

  /** Notes that text has come. */
  note(characters: number, now: number): void {
    this.#windowLength += characters;
    const elapsedMs = now - this.#windowStart;
    if (elapsedMs < FIRST_RATE_MS) return;
    this.#charactersPerSecond = (1_000 * this.#windowLength) / elapsedMs;
    if (elapsedMs < WINDOW_MS) return;
    this.#windowStart += elapsedMs;
    this.#windowLength = 0;
  }

  /** Notes what a flush has cost. @param ms of the page's thread */
  noteFlush(ms: number): void {
    this.#flushMs += NEWEST_WEIGHT * (ms - this.#flushMs);
  }

  /** ms to wait before the next flush. */
  get intervalMs(): number {
    const costFactor = Math.max(1, this.#flushMs / CHEAP_FLUSH_MS);
    const longest = Math.min(LONGEST_MS, LONGEST_CHEAP_MS * costFactor);
    return Math.min(longest, FRAME_MS + MS_PER_RATE * this.#charactersPerSecond * costFactor);
  }
}

/**
 * How long a flush keeps this thread busy, ms: the rest of this task, which renders the text and lays it out, and the next
 * frame. Resolves after that, which may be late: a hidden page draws no frame.
 */
export async function measureFlushCost(): Promise<number> {
  const frame = costOfNextFrame();
  return (await restOfTask()) + (await frame);
}

function costOfNextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve(restOfTask()));
  });
}

/** Resolves in a task of its own, with the time until then, which no callback of this task can measure. */
function restOfTask(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(performance.now() - began);
    };
    port2.postMessage(undefined);
  });
}
