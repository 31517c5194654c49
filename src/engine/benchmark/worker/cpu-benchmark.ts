import type { CpuBenchmark } from '../../../models/device.ts';
import { createModuleWorker } from '../../../platform/module-worker.ts';
import { createBarrier } from './barrier.ts';
import { DOT_BLOCK_BYTES, DOT_OPERATIONS_PER_BLOCK, SLICE_BYTES, weightsMemory } from './dot-kernel.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import threadWorker from './thread-worker.ts?worker-file';

/** More than the last cache of most devices holds (a desktop's has 8 to 36 MB), and small enough for a phone's tab. */
const WEIGHT_BYTES = 48 * 1024 * 1024;
/** With more threads, the memory's bandwidth limits decoding and not their number. */
const MAX_THREADS = 16;
/*
 * The lengths below make a device's benchmark last at most two seconds, its graphics card included; the threads' part takes
 * (3 + 3) × 50 ms + 3 × 30 ms + 150 ms + 60 ms. `npm run bench -- calibrate` showed that this is long enough: docs/device-fit.md.
 */
const ECHOES = 60;
const DOT_MS = 50;
const BARRIER_MS = 30;
const SPIN_MS = 60;
/** The best round counts, because other programs slow rounds down and none speeds them up. */
const ROUNDS = 3;

type Rates = Pick<CpuBenchmark, 'operationsPerSecond' | 'bytesPerSecond'>;

/** Measures llama.cpp's kind of work on one core and on all, and what threads cost to wait for one another. */
export async function benchmarkCpu(): Promise<CpuBenchmark> {
  const isShared = 'SharedArrayBuffer' in globalThis;
  const count = isShared ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
  const memory = weightsMemory(WEIGHT_BYTES, isShared);
  const echo = new Thread();
  const threads = Array.from({ length: count }, () => new Thread());
  try {
    // Every thread has started before one spins at a barrier: on a busy device the spinning would delay the start.
    await Promise.all([echo, ...threads].map((thread) => thread.ask({ type: 'echo' })));
    return {
      ...(await timeDot(threads.slice(0, 1), memory)),
      secondsPerMessage: await timeEchoes(echo),
      threads: count === 1 ? undefined : await benchmarkThreads(threads, echo, memory),
      stolenFraction: await timeStolen(threads),
    };
  } finally {
    for (const thread of [echo, ...threads]) thread.end();
  }
}

/** With all cores asked at once, what they lose has gone to other programs. */
async function timeStolen(threads: readonly Thread[]): Promise<number> {
  const shares = await Promise.all(threads.map((thread) => thread.ask({ type: 'spin', forMs: SPIN_MS })));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

async function benchmarkThreads(
  threads: readonly Thread[],
  echo: Thread,
  memory: WebAssembly.Memory,
): Promise<NonNullable<CpuBenchmark['threads']>> {
  const count = threads.length;
  const passBarrier = async (): Promise<number> => {
    const barrier = createBarrier();
    const [seconds = 0] = await Promise.all(
      threads.map((thread, index) => {
        const message = { barrier, threadCount: count, isTimekeeper: index === 0, forMs: BARRIER_MS };
        return thread.ask({ type: 'barrier', ...message });
      }),
    );
    return seconds;
  };
  const rates = await timeDot(threads, memory);
  const passes = await inRounds(passBarrier);
  const busy = dot(threads, memory, SLICE_BYTES, DOT_MS * ROUNDS);
  const secondsPerMessage = await timeEchoes(echo);
  await busy;
  return { count, ...rates, secondsPerBarrier: Math.min(...passes), secondsPerMessage };
}

/** Rates of all threads together: over weights that fit each core's cache, and over more than the caches hold. */
async function timeDot(threads: readonly Thread[], memory: WebAssembly.Memory): Promise<Rates> {
  const cached = await inRounds(() => dot(threads, memory, SLICE_BYTES, DOT_MS));
  const streamed = await inRounds(() => dot(threads, memory, WEIGHT_BYTES, DOT_MS));
  return {
    operationsPerSecond: Math.max(...cached),
    bytesPerSecond: (Math.max(...streamed) * DOT_BLOCK_BYTES) / DOT_OPERATIONS_PER_BLOCK,
  };
}

/**
 * @param weightBytes SLICE_BYTES for a slice of each thread's own; WEIGHT_BYTES for all weights, from a different start each
 * @returns operations per second, the sum of all threads
 */
async function dot(
  threads: readonly Thread[],
  memory: WebAssembly.Memory,
  weightBytes: number,
  forMs: number,
): Promise<number> {
  const share = Math.floor(WEIGHT_BYTES / threads.length / SLICE_BYTES) * SLICE_BYTES;
  const isAll = weightBytes === WEIGHT_BYTES;
  const rates = threads.map((thread, index) => {
    const place = isAll ? { fromByte: 0, startByte: index * share } : { fromByte: index * share, startByte: 0 };
    return thread.ask({ type: 'dot', memory, run: { ...place, weightBytes, forMs } });
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

async function inRounds(measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  while (values.length < ROUNDS) values.push(await measure());
  return values;
}

/** @returns seconds, the mean of all: a message that waits for a busy core now and then waits long, and counts */
async function timeEchoes(thread: Thread): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  for (; count < ECHOES && performance.now() - startedAt < DOT_MS * ROUNDS; count++) await thread.ask({ type: 'echo' });
  return (performance.now() - startedAt) / 1000 / count;
}

/** A worker that computes one thing at a time. */
class Thread {
  readonly #worker = createModuleWorker(threadWorker, 'alcove-benchmark-thread');

  ask(message: ToThread): Promise<number> {
    return new Promise((resolve, reject) => {
      const once = { once: true };
      this.#worker.addEventListener('message', ({ data }: MessageEvent<FromThread>) => resolve(data.value), once);
      this.#worker.addEventListener('error', (event) => reject(new Error(event.message)), once);
      this.#worker.postMessage(message);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}
