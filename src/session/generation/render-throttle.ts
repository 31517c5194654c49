/**
 * Decides how often a streaming answer is flushed to the screen. Slow text is shown word by word. Text that arrives faster
 * than the user reads is shown in larger pieces, and in still larger ones where a flush is expensive, because the model
 * computes on the same device.
 */
const FRAME_MS = 16;
/** ms added between two flushes for each character per second: 35 ms at 30 tokens a second, 80 ms at 100. */
const MS_PER_RATE = 0.1;
/** Longest intervals with cheap and with expensive flushes: at least two flushes a second. */
const LONGEST_CHEAP_MS = 200;
const LONGEST_MS = 500;

/** A flush up to this duration is cheap, ms. One of three times the duration triples the interval. */
const CHEAP_FLUSH_MS = 4;
/** Weight of the newest cost in the mean, low so that one delayed flush changes little. */
const NEWEST_WEIGHT = 0.25;

/** Time over which the rate of the text is measured, and after which its first value is used. */
const WINDOW_MS = 500;
const FIRST_RATE_MS = 100;

export class RenderThrottle {
  #windowStart: number;
  #windowLength = 0;
  #charactersPerSecond = 0;
  #flushMs = CHEAP_FLUSH_MS;

  /** @param now the start of the generation, ms on any clock */
  constructor(now: number) {
    this.#windowStart = now;
  }

  note(characters: number, now: number): void {
    this.#windowLength += characters;
    const elapsedMs = now - this.#windowStart;
    if (elapsedMs < FIRST_RATE_MS) return;
    this.#charactersPerSecond = (1_000 * this.#windowLength) / elapsedMs;
    if (elapsedMs < WINDOW_MS) return;
    this.#windowStart += elapsedMs;
    this.#windowLength = 0;
  }

  /** Notes the cost of a flush. @param ms for which the page's thread was busy */
  noteFlush(ms: number): void {
    this.#flushMs += NEWEST_WEIGHT * (ms - this.#flushMs);
  }

  get intervalMs(): number {
    const costFactor = Math.max(1, this.#flushMs / CHEAP_FLUSH_MS);
    const longest = Math.min(LONGEST_MS, LONGEST_CHEAP_MS * costFactor);
    return Math.min(longest, FRAME_MS + MS_PER_RATE * this.#charactersPerSecond * costFactor);
  }
}

/**
 * Measures for how long a flush keeps this thread busy, ms: the rest of this task, which renders the text, and the next frame.
 * Resolves after that frame, which a hidden page delays.
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

/** Resolves in the next task with the time until then, which no callback of this task can measure. */
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
