import type { DeviceBenchmark, DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import { isPhone } from './fit-memory.ts';
import { kvBytesPerToken, memoryNeed } from './memory.ts';
import type { RunResult } from './run-history.ts';

/** Tokens a second of an answer being written. */
export interface SpeedRange {
  readonly low: number;
  readonly high: number;
  /** `measured` on this very variant here; `benchmark` of this device; `guess` from what it says of itself. */
  readonly from: 'measured' | 'benchmark' | 'guess';
}

/** A rate that was measured is met again within this, on a busy machine. */
const MEASURED_WITHIN = 1.35;

/** Tokens that a short chat has in its KV cache: each token reads them all. */
const TYPICAL_TOKENS = 512;

/**
 * Of the bandwidth that a plain read reaches, what web-llm's kernels reach. Its authors' figures (arXiv 2412.15803: 41 and 71
 * tokens/s of 4.6 and 2.2 GB on an Apple M3 Max of 300 GB/s) are 0.5–0.6; small matrices reach less.
 */
const GPU_SHARE = { low: 0.28, high: 0.75 } as const;

/** Pieces of work that web-llm hands to the graphics card for a layer, and the trips to it for a token. */
const DISPATCHES_A_LAYER = 11;
const ROUND_TRIPS_A_TOKEN = 2;
/**
 * Of the weights that the benchmark's product works through, what web-llm's do; and what a layer does beside its products
 * (norms, positions, attention over some hundred tokens), in weights. Measured on SwiftShader, where arithmetic sets the pace.
 */
const WEIGHTS_SHARE = 0.5;
const WEIGHTS_A_LAYER = 450_000;

/**
 * What a graphics card reads, bytes/s, where nothing was measured: what most that are in use today do. Memory bandwidth as the
 * makers state it: DDR4-3200 with two modules to LPDDR5X for what shares memory, RTX 3050 laptop to RTX 4080 for what has its
 * own.
 */
const GUESSES = {
  phone: { low: 20e9, high: 60e9 },
  apple: { low: 80e9, high: 300e9 },
  shared: { low: 30e9, high: 100e9 },
  own: { low: 150e9, high: 600e9 },
  software: { low: 1e9, high: 10e9 },
} as const;
const GUESSED_DISPATCH_SECONDS = { low: 4e-6, high: 25e-6 } as const;
const GUESSED_TRIP_SECONDS = { low: 0.3e-3, high: 3e-3 } as const;
const SOFTWARE_DISPATCH_SECONDS = { low: 0.2e-3, high: 1e-3 } as const;
const SOFTWARE_WEIGHTS_PER_SECOND = 35e6;

/**
 * Of the multiplications and additions that the benchmark's loop does, those that llama.cpp's WebAssembly does. Measured:
 * docs/device-fit.md.
 */
const LLAMA_SHARE = { low: 0.085, high: 0.18 } as const;
/** Steps of a layer at whose end llama.cpp's threads wait for each other: two for each of 7 products, one for what lies between. */
const MEETINGS_A_LAYER = 24;
/** A longer one was measured while another program had a core: in such a moment threads wait for the system's clock. */
const LONGEST_MEETING_SECONDS = 20e-6;
/** Work beside the weights, in the benchmark's operations: for a token (its choice, its text, the events) and for a layer. */
const OPERATIONS_A_TOKEN = 4e6;
const OPERATIONS_A_LAYER = 2.5e6;
/** Between the engine's worker and the one that llama.cpp runs in. */
const MESSAGES_A_TOKEN = 2;
/** What was measured with other work than the model's own costs up to so many times as much, or so little. */
const REST = { low: 2, high: 0.75 } as const;
const REST_ON_PROCESSOR = { low: 2, high: 0.6 } as const;
/** The highest speed of a range is at most so many times the lowest: what is wider is narrowed to its middle, as the likely part. */
const WIDEST = 3;
/** What is in use today, in the benchmark's loop: most phones' and laptops'. Each core more adds less: they share the memory. */
const GUESSED_CPU = { low: 12e9, high: 40e9, coresExponent: 0.7 } as const;
const GUESSED_MEETING_SECONDS = { low: 0.5e-6, high: 5e-6 } as const;
/**
 * Two operations a weight, of Q8_0; others take as many times as long, in WebAssembly. Measured: Q8_0, Q4_1 and pure Q4_K
 * (0.44), of which files of the mixed K types have most, and the rest in Q6_K.
 */
const TIMES_AS_LONG: Readonly<Record<string, number>> = {
  F32: 1.5,
  F16: 1.5,
  BF16: 1.5,
  Q8_0: 1,
  Q4_0: 0.87,
  Q4_1: 0.87,
  Q4_K: 0.44,
};
const K_TIMES_AS_LONG = 0.6;

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
  if (high <= low * WIDEST) return { low, high, from };
  const middle = Math.sqrt(low * high);
  return { low: middle / Math.sqrt(WIDEST), high: middle * Math.sqrt(WIDEST), from };
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
  const dispatches = DISPATCHES_A_LAYER * layersOf(record);
  const weights = activeParameters(record) + layersOf(record) * WEIGHTS_A_LAYER;
  const measured = benchmark?.gpu;
  if (measured !== undefined) {
    const { bytesPerSecond, weightsPerSecond, secondsPerDispatch, secondsPerRoundTrip } = measured;
    const calls = dispatches * secondsPerDispatch + ROUND_TRIPS_A_TOKEN * secondsPerRoundTrip;
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
  // A card's arithmetic keeps up with its memory.
  const arithmetic = device.isFallbackAdapter ? weights / SOFTWARE_WEIGHTS_PER_SECOND : 0;
  return {
    low: 1 / (bytes / (read.low * GPU_SHARE.low) + arithmetic * REST.low + dispatches * dispatch.high + trip.high),
    high: 1 / (bytes / (read.high * GPU_SHARE.high) + arithmetic * REST.high + dispatches * dispatch.low + trip.low),
    from: 'guess',
  };
}

/** llama.cpp on the processor: its products, what it does beside them, and the waits of its threads for each other. */
function cpuSpeed(record: ModelRecord, device: DeviceReport, benchmark: DeviceBenchmark | undefined): SpeedRange {
  const operations = 2 * activeParameters(record) * (TIMES_AS_LONG[record.quantization] ?? K_TIMES_AS_LONG);
  const layers = layersOf(record);
  const beside = OPERATIONS_A_TOKEN + layers * OPERATIONS_A_LAYER;
  const meetings = layers * MEETINGS_A_LAYER;
  const { sharedMemory, cores } = device;
  if (benchmark === undefined) {
    const speedup = sharedMemory ? Math.max(1, cores) ** GUESSED_CPU.coresExponent : 1;
    const waits = sharedMemory && cores > 1 ? meetings : 0;
    const seconds = (core: number, share: number, meeting: number): number =>
      operations / (core * share * speedup) + beside / core + waits * meeting;
    return {
      low: 1 / seconds(GUESSED_CPU.low, LLAMA_SHARE.low, GUESSED_MEETING_SECONDS.high),
      high: 1 / seconds(GUESSED_CPU.high, LLAMA_SHARE.high, GUESSED_MEETING_SECONDS.low),
      from: 'guess',
    };
  }
  const { cpu } = benchmark;
  const threads = sharedMemory ? cpu.threads : undefined;
  const { operationsPerSecond, bytesPerSecond, secondsPerMessage } = threads ?? cpu;
  const reading = bytesPerToken(record) / bytesPerSecond;
  const waits = threads === undefined ? 0 : meetings * Math.min(threads.secondsPerBarrier, LONGEST_MEETING_SECONDS);
  const rest = beside / cpu.operationsPerSecond + MESSAGES_A_TOKEN * secondsPerMessage + waits;
  const seconds = (share: number, ofRest: number): number =>
    Math.max(operations / (operationsPerSecond * share), reading) + rest * ofRest;
  return {
    low: 1 / seconds(LLAMA_SHARE.low, REST_ON_PROCESSOR.low),
    high: 1 / seconds(LLAMA_SHARE.high, REST_ON_PROCESSOR.high),
    from: 'benchmark',
  };
}

/** Of a mixture of experts only those are read that the token passes. */
function bytesPerToken(record: ModelRecord): number {
  const active = activeParameters(record) / record.parameterCount;
  return memoryNeed(record).weightsBytes * active + (kvBytesPerToken(record) ?? 0) * TYPICAL_TOKENS;
}

function activeParameters({ activeParameterCount, parameterCount }: ModelRecord): number {
  return activeParameterCount ?? parameterCount;
}

/** Where the architecture is not known: as many as models of its size have. */
function layersOf({ memory, parameterCount }: ModelRecord): number {
  return memory?.layers ?? Math.min(80, Math.max(4, Math.round(8 * Math.log2(1 + parameterCount / 1e8))));
}

function guessOf(device: DeviceReport): { readonly low: number; readonly high: number } {
  if (device.isFallbackAdapter) return GUESSES.software;
  if (isPhone(device)) return GUESSES.phone;
  const vendor = device.vendor.toLowerCase();
  if (vendor === 'apple') return GUESSES.apple;
  if (vendor === 'nvidia') return GUESSES.own;
  // AMD's name stands for both.
  if (vendor === 'amd') return { low: GUESSES.shared.low, high: GUESSES.own.high };
  return vendor === '' ? { low: GUESSES.shared.low, high: GUESSES.own.high } : GUESSES.shared;
}
