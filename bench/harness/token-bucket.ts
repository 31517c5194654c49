import { setTimeout as sleep } from 'node:timers/promises';

/** Credit for late timers (Node's fire up to 1 ms late, more on a busy machine). */
const BURST_MS = 4;

/** A link with a speed limit that all connections share in the order of their requests. */
export class TokenBucket {
  readonly #bytesPerMs: number;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resolves when the link has capacity for these bytes. */
  async take(bytes: number): Promise<void> {
    const now = performance.now();
    const startMs = Math.max(this.#freeAtMs, now - BURST_MS);
    this.#freeAtMs = startMs + bytes / this.#bytesPerMs;
    if (startMs > now) await sleep(startMs - now);
  }
}
