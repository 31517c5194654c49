import type { DeviceBenchmark, DeviceReport } from '../device.ts';
import type { SpeedRange, TokenWork } from './engine-profile.ts';

/** Estimates how fast llama.cpp decodes on the processor. [C], [P] and [A] say where a constant comes from: see fit/fit-speed.ts. */

/** [C] The share of the benchmark's loop (operations per second, dot-kernel.wat) that llama.cpp's WebAssembly reaches. */
const LLAMA_SHARE = { low: 0.085, high: 0.18 } as const;
/** Barriers of llama.cpp's threads per layer, counted in its graph: two for each of 7 products, one for each step in between. */
const BARRIERS_PER_LAYER = 24;
/** [C] A longer barrier was measured while another program had a core: the threads then wait for the scheduler. */
const LONGEST_BARRIER_SECONDS = 20e-6;
/** [C] Work besides the products, in the benchmark's operations: per token (sampling, text, events) and per layer. */
const OPERATIONS_PER_TOKEN = 4e6;
const OPERATIONS_PER_LAYER = 2.5e6;
/** Messages per token between the engine's worker and llama.cpp's: "get a result" and its answer. */
const MESSAGES_PER_TOKEN = 2;
/** [C] The range of everything but the products, as factors of what the benchmark measures of it. */
const REST = { low: 2, high: 0.6 } as const;
/** [A] The benchmark's loop on the processors in use, phones to desktops. Each further core adds less: they share memory. */
const GUESSED_CPU = { low: 12e9, high: 40e9, coresExponent: 0.7 } as const;
/** [A] A barrier of all threads. */
const GUESSED_BARRIER_SECONDS = { low: 0.5e-6, high: 5e-6 } as const;
/**
 * [C] Time per weight in WebAssembly, relative to Q8_0 (two operations). Measured were Q8_0, Q4_1, F32 (the toy) and pure Q4_K
 * (0.44). [A] Q4_0 as Q4_1, the 16-bit floats as F32.
 */
const TIME_PER_WEIGHT: Readonly<Record<string, number>> = {
  F32: 1.5,
  F16: 1.5,
  BF16: 1.5,
  Q8_0: 1,
  Q4_0: 0.87,
  Q4_1: 0.87,
  Q4_K: 0.44,
};
/** [A] The mixed K quantizations have most weights in Q4_K and the rest in Q6_K, which is slower. */
const K_TIME_PER_WEIGHT = 0.6;

/** llama.cpp on the processor: its products, its other work, and the barriers of its threads. */
export function processorSpeed(
  { bytes, parameters, layers, quantization }: TokenWork,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
): SpeedRange {
  const operations = 2 * parameters * (TIME_PER_WEIGHT[quantization] ?? K_TIME_PER_WEIGHT);
  const beside = OPERATIONS_PER_TOKEN + layers * OPERATIONS_PER_LAYER;
  const barriers = layers * BARRIERS_PER_LAYER;
  const { sharedMemory, cores } = device;
  if (benchmark === undefined) {
    const speedup = sharedMemory ? Math.max(1, cores) ** GUESSED_CPU.coresExponent : 1;
    const waits = sharedMemory && cores > 1 ? barriers : 0;
    const seconds = (core: number, share: number, barrier: number): number =>
      operations / (core * share * speedup) + beside / core + waits * barrier;
    return {
      low: 1 / seconds(GUESSED_CPU.low, LLAMA_SHARE.low, GUESSED_BARRIER_SECONDS.high),
      high: 1 / seconds(GUESSED_CPU.high, LLAMA_SHARE.high, GUESSED_BARRIER_SECONDS.low),
      from: 'guess',
    };
  }
  const { cpu } = benchmark;
  const threads = sharedMemory ? cpu.threads : undefined;
  const { operationsPerSecond, bytesPerSecond, secondsPerMessage } = threads ?? cpu;
  const reading = bytes / bytesPerSecond;
  const waits = threads === undefined ? 0 : barriers * Math.min(threads.secondsPerBarrier, LONGEST_BARRIER_SECONDS);
  const rest = beside / cpu.operationsPerSecond + MESSAGES_PER_TOKEN * secondsPerMessage + waits;
  const seconds = (share: number, ofRest: number): number =>
    Math.max(operations / (operationsPerSecond * share), reading) + rest * ofRest;
  return {
    low: 1 / seconds(LLAMA_SHARE.low, REST.low),
    high: 1 / seconds(LLAMA_SHARE.high, REST.high),
    from: 'benchmark',
  };
}
