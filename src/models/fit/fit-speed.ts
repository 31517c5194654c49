import type { DeviceBenchmark, DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import { isPhone } from './fit-memory.ts';
import { kvBytesPerToken, memoryNeed } from './memory.ts';
import type { RunResult } from './run-history.ts';

/**
 * Estimates how fast a model decodes on a device.
 *
 * Sources of the constants: [C] was fitted to `npm run bench -- calibrate`, 24 and 25 November 2026, on an Intel Xeon with
 * 2 cores, Chromium 156 headless, web-llm 0.2.86 on SwiftShader, wllama 3.8.1; its last run, on which nothing was fitted, is
 * the table in docs/device-fit.md. [P] was published, as named. [A] is an assumption that no measurement of ours supports
 * yet: of real graphics cards, phones and Apple's computers none was at hand. A first answer replaces all of them.
 */

/** Tokens per second of decoding. */
export interface SpeedRange {
  readonly low: number;
  readonly high: number;
  /** `measured`: this variant on this device; `benchmark`: of this device; `guess`: from what the browser says of it. */
  readonly from: 'measured' | 'benchmark' | 'guess';
}

/** [C] Two measurements of one variant differ by at most this factor, on a loaded machine too. */
const MEASURED_WITHIN = 1.35;

/** [A] Tokens in the KV cache of a short chat; decoding a token reads them all. */
const TYPICAL_TOKENS = 512;

/**
 * [P] The share of a plain read's bandwidth that web-llm's kernels reach. Its authors' figures (arXiv 2412.15803: 41 and 71
 * tokens/s of 4.6 and 2.2 GB on an Apple M3 Max of 300 GB/s) are 0.5–0.6. [A] The range around it: small matrices reach less.
 */
const GPU_SHARE = { low: 0.28, high: 0.75 } as const;

/** [C] Dispatches of web-llm per layer, and round trips to the GPU per token. */
const DISPATCHES_PER_LAYER = 11;
const ROUND_TRIPS_PER_TOKEN = 2;
/**
 * [C] The share of the benchmark's matrix product (weights per second) that web-llm's kernels reach; and a layer's other work
 * (norms, positions, attention over a few hundred tokens), expressed in weights. Both on SwiftShader, where arithmetic is the
 * bottleneck.
 */
const WEIGHTS_SHARE = 0.5;
const WEIGHTS_PER_LAYER = 450_000;

/**
 * Memory bandwidth of the GPUs in use today in bytes/s, for a device without a benchmark. [P] The makers' figures: DDR4-3200
 * with two modules to LPDDR5X for integrated graphics, RTX 3050 laptop to RTX 4080 for discrete cards. [C] `software`.
 */
const GUESSES = {
  phone: { low: 20e9, high: 60e9 },
  apple: { low: 80e9, high: 300e9 },
  shared: { low: 30e9, high: 100e9 },
  own: { low: 150e9, high: 600e9 },
  software: { low: 1e9, high: 10e9 },
} as const;
/** [A] A dispatch and a round trip on a graphics card. */
const GUESSED_DISPATCH_SECONDS = { low: 4e-6, high: 25e-6 } as const;
const GUESSED_TRIP_SECONDS = { low: 0.3e-3, high: 3e-3 } as const;
/** [C] The same on SwiftShader, and the rate of its matrix product. */
const SOFTWARE_DISPATCH_SECONDS = { low: 0.2e-3, high: 1e-3 } as const;
const SOFTWARE_WEIGHTS_PER_SECOND = 35e6;

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
const REST = { low: 2, high: 0.75 } as const;
const REST_ON_PROCESSOR = { low: 2, high: 0.6 } as const;
/** A range's highest speed over its lowest, at most: a wider range, though safer, tells the user nothing. */
const MAX_WIDTH = 3;
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

export function estimateSpeed(
  record: ModelRecord,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
  outcomes: readonly RunResult[],
): SpeedRange {
  const rates = outcomes.flatMap(({ decodeTokensPerSecond: rate, failure }) =>
    rate === undefined || failure !== undefined ? [] : [rate],
  );
  if (rates.length > 0) {
    const best = Math.max(...rates);
    return { low: best / MEASURED_WITHIN, high: best * MEASURED_WITHIN, from: 'measured' };
  }
  return narrowed(
    runsOnGpu(record, device) ? gpuSpeed(record, device, benchmark) : cpuSpeed(record, device, benchmark),
  );
}

function narrowed({ low, high, from }: SpeedRange): SpeedRange {
  if (high <= low * MAX_WIDTH) return { low, high, from };
  const middle = Math.sqrt(low * high);
  return { low: middle / Math.sqrt(MAX_WIDTH), high: middle * Math.sqrt(MAX_WIDTH), from };
}

/**
 * llama.cpp's WebGPU shaders need f16, a software adapter is slower than the processor that it runs on, and iOS has no browser
 * with what wllama needs for it (JSPI).
 */
export function runsOnGpu(record: ModelRecord, device: DeviceReport): boolean {
  if (record.engine === 'webllm') return true;
  return (
    record.engine === 'wllama' &&
    device.webgpu === 'available' &&
    device.features.includes('shader-f16') &&
    !device.isFallbackAdapter &&
    device.system !== 'ios'
  );
}

function gpuSpeed(record: ModelRecord, device: DeviceReport, benchmark: DeviceBenchmark | undefined): SpeedRange {
  const bytes = bytesPerToken(record);
  const dispatches = DISPATCHES_PER_LAYER * layersOf(record);
  const weights = activeParameters(record) + layersOf(record) * WEIGHTS_PER_LAYER;
  const measured = benchmark?.gpu;
  if (measured !== undefined) {
    const { bytesPerSecond, weightsPerSecond, secondsPerDispatch, secondsPerRoundTrip } = measured;
    const calls = dispatches * secondsPerDispatch + ROUND_TRIPS_PER_TOKEN * secondsPerRoundTrip;
    const rest = calls + weights / (weightsPerSecond * WEIGHTS_SHARE);
    return {
      low: 1 / (bytes / (bytesPerSecond * GPU_SHARE.low) + rest * REST.low),
      high: 1 / (bytes / (bytesPerSecond * GPU_SHARE.high) + rest * REST.high),
      from: 'benchmark',
    };
  }
  const read = guessOf(device);
  const dispatch = device.isFallbackAdapter ? SOFTWARE_DISPATCH_SECONDS : GUESSED_DISPATCH_SECONDS;
  const trip = GUESSED_TRIP_SECONDS;
  // A graphics card's arithmetic keeps up with its memory.
  const arithmetic = device.isFallbackAdapter ? weights / SOFTWARE_WEIGHTS_PER_SECOND : 0;
  return {
    low: 1 / (bytes / (read.low * GPU_SHARE.low) + arithmetic * REST.low + dispatches * dispatch.high + trip.high),
    high: 1 / (bytes / (read.high * GPU_SHARE.high) + arithmetic * REST.high + dispatches * dispatch.low + trip.low),
    from: 'guess',
  };
}

/** llama.cpp on the processor: its products, its other work, and the barriers of its threads. */
function cpuSpeed(record: ModelRecord, device: DeviceReport, benchmark: DeviceBenchmark | undefined): SpeedRange {
  const operations = 2 * activeParameters(record) * (TIME_PER_WEIGHT[record.quantization] ?? K_TIME_PER_WEIGHT);
  const layers = layersOf(record);
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
  const reading = bytesPerToken(record) / bytesPerSecond;
  const waits = threads === undefined ? 0 : barriers * Math.min(threads.secondsPerBarrier, LONGEST_BARRIER_SECONDS);
  const rest = beside / cpu.operationsPerSecond + MESSAGES_PER_TOKEN * secondsPerMessage + waits;
  const seconds = (share: number, ofRest: number): number =>
    Math.max(operations / (operationsPerSecond * share), reading) + rest * ofRest;
  return {
    low: 1 / seconds(LLAMA_SHARE.low, REST_ON_PROCESSOR.low),
    high: 1 / seconds(LLAMA_SHARE.high, REST_ON_PROCESSOR.high),
    from: 'benchmark',
  };
}

/** Bytes that a token reads; of a mixture of experts only the active ones. */
function bytesPerToken(record: ModelRecord): number {
  const active = activeParameters(record) / record.parameterCount;
  return memoryNeed(record).weightsBytes * active + (kvBytesPerToken(record) ?? 0) * TYPICAL_TOKENS;
}

function activeParameters({ activeParameterCount, parameterCount }: ModelRecord): number {
  return activeParameterCount ?? parameterCount;
}

/** [A] Without a known architecture: what published models of this size have. */
function layersOf({ memory, parameterCount }: ModelRecord): number {
  return memory?.layers ?? Math.min(80, Math.max(4, Math.round(8 * Math.log2(1 + parameterCount / 1e8))));
}

function guessOf(device: DeviceReport): { readonly low: number; readonly high: number } {
  if (device.isFallbackAdapter) return GUESSES.software;
  if (isPhone(device)) return GUESSES.phone;
  const vendor = device.vendor.toLowerCase();
  if (vendor === 'apple') return GUESSES.apple;
  if (vendor === 'nvidia') return GUESSES.own;
  // AMD makes both integrated and discrete graphics.
  if (vendor === 'amd') return { low: GUESSES.shared.low, high: GUESSES.own.high };
  return vendor === '' ? { low: GUESSES.shared.low, high: GUESSES.own.high } : GUESSES.shared;
}
