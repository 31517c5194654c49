import type { DeviceBenchmark, DeviceReport } from './device.ts';
import { isPhone } from './fit-memory.ts';
import { kvBytesPerToken, memoryNeed } from './memory.ts';
import type { ModelRecord } from './model-record.ts';
import type { Outcome } from './outcomes.ts';

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
const GPU_SHARE = { low: 0.25, high: 0.75 } as const;

/**
 * Pieces of work that web-llm hands to the graphics card for a layer, and the trips to it for a token. The toy of 4 layers
 * takes some 50 a token in all.
 */
const DISPATCHES_A_LAYER = 11;
const ROUND_TRIPS_A_TOKEN = 2;

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
const SOFTWARE_DISPATCH_SECONDS = { low: 1e-3, high: 6e-3 } as const;

/**
 * Of the multiplications and additions that the benchmark's loop does on one core, those that llama.cpp's WebAssembly does: its
 * weights come from memory, the loop's from the cache. Measured with four models: docs/device-fit.md.
 */
const LLAMA_SHARE = { low: 0.05, high: 0.25 } as const;
/** One core of what is in use today, in the benchmark's loop: most phones' and laptops'. */
const GUESSED_CPU_OPERATIONS = { low: 12e9, high: 40e9 } as const;
/** Without a measurement: the middle of the shares above, so that the range says something. */
const GUESSED_LLAMA_SHARE = { low: 0.08, high: 0.18 } as const;
/** Each core more adds less: they share the memory, and some are slow ones. */
const CORES_EXPONENT = 0.8;
/** What llama.cpp does beside the weights, for each layer: small steps that wait for all threads. */
const CPU_SECONDS_A_LAYER = { low: 15e-6, high: 600e-6 } as const;
/** Two operations a weight; kernels for numbers of 32 bits do fewer at once than those for 8. */
const SLOWER_TYPES: Readonly<Record<string, number>> = { F32: 3, F16: 3, BF16: 3, Q8_0: 1, Q4_0: 1.2, Q4_1: 1.2 };
const SLOWER_K_QUANTS = 1.6;

export function estimateSpeed(
  record: ModelRecord,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
  outcomes: readonly Outcome[],
): SpeedRange {
  const rates = outcomes.flatMap(({ decodeTokensPerSecond: rate, failure }) =>
    rate === undefined || failure !== undefined ? [] : [rate],
  );
  if (rates.length > 0) {
    const best = Math.max(...rates);
    return { low: best / MEASURED_WITHIN, high: best * MEASURED_WITHIN, from: 'measured' };
  }
  return runsOnGpu(record, device) ? gpuSpeed(record, device, benchmark) : cpuSpeed(record, device, benchmark);
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
  const measured = benchmark?.gpu;
  if (measured !== undefined) {
    const calls = dispatches * measured.secondsPerDispatch + ROUND_TRIPS_A_TOKEN * measured.secondsPerRoundTrip;
    return {
      low: 1 / (bytes / (measured.bytesPerSecond * GPU_SHARE.low) + calls * 1.8),
      high: 1 / (bytes / (measured.bytesPerSecond * GPU_SHARE.high) + calls * 0.5),
      from: 'benchmark',
    };
  }
  const read = guessOf(device);
  const dispatch = device.isFallbackAdapter ? SOFTWARE_DISPATCH_SECONDS : GUESSED_DISPATCH_SECONDS;
  return {
    low: 1 / (bytes / (read.low * GPU_SHARE.low) + dispatches * dispatch.high + GUESSED_TRIP_SECONDS.high),
    high: 1 / (bytes / (read.high * GPU_SHARE.high) + dispatches * dispatch.low + GUESSED_TRIP_SECONDS.low),
    from: 'guess',
  };
}

function cpuSpeed(record: ModelRecord, device: DeviceReport, benchmark: DeviceBenchmark | undefined): SpeedRange {
  const threads = device.crossOriginIsolated ? Math.max(1, device.cores) : 1;
  const slower = SLOWER_TYPES[record.quantization] ?? SLOWER_K_QUANTS;
  const operations = 2 * (record.activeParameterCount ?? record.parameterCount) * slower;
  const layers = layersOf(record);
  const core = benchmark?.cpuOperationsPerSecond;
  const share = core === undefined ? GUESSED_LLAMA_SHARE : LLAMA_SHARE;
  const seconds = (perCore: number, ofIt: number, layer: number): number =>
    operations / (perCore * ofIt * threads ** CORES_EXPONENT) + layers * layer;
  return {
    low: 1 / seconds(core ?? GUESSED_CPU_OPERATIONS.low, share.low, CPU_SECONDS_A_LAYER.high),
    high: 1 / seconds(core ?? GUESSED_CPU_OPERATIONS.high, share.high, CPU_SECONDS_A_LAYER.low),
    from: core === undefined ? 'guess' : 'benchmark',
  };
}

/** Of a mixture of experts only those are read that the token passes. */
function bytesPerToken(record: ModelRecord): number {
  const active = (record.activeParameterCount ?? record.parameterCount) / record.parameterCount;
  return memoryNeed(record).weightsBytes * active + (kvBytesPerToken(record) ?? 0) * TYPICAL_TOKENS;
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
