import type { CpuBenchmark } from '../../../models/device.ts';
import { createModuleWorker } from '../../../platform/module-worker.ts';
import { createBarrier } from './barrier.ts';
import { DOT_BLOCK_BYTES, DOT_OPERATIONS_A_BLOCK, SLICE_BYTES, weightsMemory } from './dot-kernel.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import threadWorkerUrl from './thread-worker.ts?worker&url';

/** More than the caches of most devices hold, and little enough for a phone. */
const WEIGHT_BYTES = 48 * 1024 * 1024;
/** Above so many threads the memory's bandwidth sets the pace. */
const MOST_THREADS = 16;
const ECHOES = 60;
const DOT_MS = 50;
const MEET_MS = 30;
/** Of so many rounds the best counts: what a device can do, not what else it had to do just then. */
const ROUNDS = 3;

type Rates = Pick<CpuBenchmark, 'operationsPerSecond' | 'bytesPerSecond'>;

/** How fast llama.cpp's work goes on one core, on all of them, and what it costs to wait for each other. */
export async function benchmarkCpu(): Promise<CpuBenchmark> {
  const isShared = 'SharedArrayBuffer' in globalThis;
  const count = isShared ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
  const memory = weightsMemory(WEIGHT_BYTES, isShared);
  const echo = new Thread();
  const threads = Array.from({ length: count }, () => new Thread());
  try {
    // All are there before any of them waits for the others.
    await Promise.all([echo, ...threads].map((thread) => thread.ask({ type: 'echo' })));
    return {
      ...(await timeDot(threads.slice(0, 1), memory)),
      secondsPerMessage: await timeEchoes(echo),
      threads: count === 1 ? undefined : await benchmarkThreads(threads, echo, memory),
    };
  } finally {
    for (const thread of [echo, ...threads]) thread.end();
  }
}

async function benchmarkThreads(
  threads: readonly Thread[],
  echo: Thread,
  memory: WebAssembly.Memory,
): Promise<NonNullable<CpuBenchmark['threads']>> {
  const count = threads.length;
  const meet = async (): Promise<number> => {
    const place = createBarrier();
    const [seconds = 0] = await Promise.all(
      threads.map((thread, index) => {
        return thread.ask({ type: 'meet', place, threadCount: count, isFirst: index === 0, forMs: MEET_MS });
      }),
    );
    return seconds;
  };
  const rates = await timeDot(threads, memory);
  const meetings = await inRounds(meet);
  const busy = dot(threads, memory, SLICE_BYTES, DOT_MS * ROUNDS);
  const secondsPerMessage = await timeEchoes(echo);
  await busy;
  return { count, ...rates, secondsPerBarrier: Math.min(...meetings), secondsPerMessage };
}

/** Of all the threads together: over weights that each has in its cache, and over more than the caches hold. */
async function timeDot(threads: readonly Thread[], memory: WebAssembly.Memory): Promise<Rates> {
  const cached = await inRounds(() => dot(threads, memory, SLICE_BYTES, DOT_MS));
  const streamed = await inRounds(() => dot(threads, memory, WEIGHT_BYTES, DOT_MS));
  return {
    operationsPerSecond: Math.max(...cached),
    bytesPerSecond: (Math.max(...streamed) * DOT_BLOCK_BYTES) / DOT_OPERATIONS_A_BLOCK,
  };
}

/** @param weightBytes of each thread: few are its own, all are everyone's, begun at different places */
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

/** The mean: what waits for a core now and then waits long. */
async function timeEchoes(thread: Thread): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  for (; count < ECHOES && performance.now() - startedAt < DOT_MS * ROUNDS; count++) await thread.ask({ type: 'echo' });
  return (performance.now() - startedAt) / 1000 / count;
}

/** A worker that is asked one thing at a time. */
class Thread {
  readonly #worker = createModuleWorker(threadWorkerUrl, 'alcove-benchmark-thread');

  ask(message: ToThread): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromThread>) => resolve(data.value);
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(message);
    });
  }

  end(): void {
    this.#worker.terminate();
  }
}
