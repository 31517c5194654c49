/** A place where threads meet: three numbers in shared memory. */
const ARRIVED = 0;
const MEETINGS = 1;
const ENDS_AFTER = 2;

const LOOKS_AT_CLOCK_EVERY = 8;

export function createBarrier(): Int32Array {
  const place = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  place[ENDS_AFTER] = 2 ** 31 - 1;
  return place;
}

/**
 * Meets the other threads again and again, and returns the seconds that a meeting took. Whoever comes waits without sleeping
 * until all are there, as llama.cpp's threads do after each step. Every thread calls it.
 *
 * @param isFirst looks at the clock for all
 */
export function secondsPerBarrier(place: Int32Array, threadCount: number, isFirst: boolean, forMs: number): number {
  meet(place, threadCount);
  const startedAt = performance.now();
  let count = 0;
  for (; count < Atomics.load(place, ENDS_AFTER); count++) {
    const isOver = isFirst && count % LOOKS_AT_CLOCK_EVERY === 0 && performance.now() - startedAt > forMs;
    // Before it comes to this meeting: all see it after.
    if (isOver) Atomics.store(place, ENDS_AFTER, count + 1);
    meet(place, threadCount);
  }
  return (performance.now() - startedAt) / 1000 / count;
}

function meet(place: Int32Array, threadCount: number): void {
  const meeting = Atomics.load(place, MEETINGS);
  if (Atomics.add(place, ARRIVED, 1) === threadCount - 1) {
    Atomics.store(place, ARRIVED, 0);
    Atomics.add(place, MEETINGS, 1);
    return;
  }
  while (Atomics.load(place, MEETINGS) === meeting);
}
