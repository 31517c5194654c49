/** A spinning barrier in shared memory: what llama.cpp's threads wait at after each step of a graph. */

/** Indices into the barrier's three integers. */
const ARRIVED = 0;
const PASSED = 1;
const STOP_AFTER = 2;

/** Reading the clock takes about as long as a pass, so it is not read at every pass. */
const PASSES_PER_CLOCK_READ = 8;

export function createBarrier(): Int32Array {
  const barrier = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  barrier[STOP_AFTER] = 2 ** 31 - 1;
  return barrier;
}

/**
 * Waits at the barrier again and again for `forMs`. Every thread must call it; each spins until all have arrived, as
 * llama.cpp's threads do.
 *
 * @param isTimekeeper true for the one thread that ends the loop for all
 * @returns seconds per pass
 */
export function secondsPerBarrier(
  barrier: Int32Array,
  threadCount: number,
  isTimekeeper: boolean,
  forMs: number,
): number {
  wait(barrier, threadCount);
  const startedAt = performance.now();
  let passes = 0;
  for (; passes < Atomics.load(barrier, STOP_AFTER); passes++) {
    const isOver = isTimekeeper && passes % PASSES_PER_CLOCK_READ === 0 && performance.now() - startedAt > forMs;
    // Stored before this thread arrives, so that every thread sees it after this pass.
    if (isOver) Atomics.store(barrier, STOP_AFTER, passes + 1);
    wait(barrier, threadCount);
  }
  return (performance.now() - startedAt) / 1000 / passes;
}

function wait(barrier: Int32Array, threadCount: number): void {
  const passed = Atomics.load(barrier, PASSED);
  if (Atomics.add(barrier, ARRIVED, 1) === threadCount - 1) {
    Atomics.store(barrier, ARRIVED, 0);
    Atomics.add(barrier, PASSED, 1);
    return;
  }
  while (Atomics.load(barrier, PASSED) === passed);
}
