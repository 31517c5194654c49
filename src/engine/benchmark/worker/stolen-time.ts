/** A loop that only reads the clock is never this long between two readings, unless its core did something else. */
const GAP_MS = 1;

/** Reads the clock for a while. @returns the share of that time that this thread did not run, 0–1 */
export function stolenFraction(forMs: number): number {
  const startedAt = performance.now();
  let stolenMs = 0;
  let before = startedAt;
  while (before - startedAt < forMs) {
    const now = performance.now();
    if (now - before > GAP_MS) stolenMs += now - before;
    before = now;
  }
  return stolenMs / (before - startedAt);
}
