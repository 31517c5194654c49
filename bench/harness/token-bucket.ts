import { setTimeout as sleep } from 'node:timers/promises';

/** Credit for the time that a timer fires late (Node's come up to 1 ms late, more on a busy machine). */
const BURST_MS = 4;

/** A link of a set speed that all connections share, first come, first served. */
export class TokenBucket {
  readonly #bytesPerMs: number;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resolves when the link has time for so many bytes. */
  async take(bytes: number): Promise<void> {
    const now = performance.now();
    const startMs = Math.max(this.#freeAtMs, now - BURST_MS);
    this.#freeAtMs = startMs + bytes / this.#bytesPerMs;
    if (startMs > now) await sleep(startMs - now);
  }
}
