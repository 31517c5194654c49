import { type DeviceBenchmark, type DeviceReport, isPhone } from '../device.ts';
import type { SpeedRange, TokenWork } from './engine-profile.ts';

/** Estimates how fast web-llm, or llama.cpp on WebGPU, decodes. [C], [P] and [A] say where a constant comes from: see fit/fit-speed.ts. */

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

/** [C] The range of everything but the products, as factors of what the benchmark measures of it. */
const REST = { low: 2, high: 0.75 } as const;

/** A token's reads, dispatches and arithmetic on WebGPU. [A] llama.cpp's figures are those of web-llm. */
export function graphicsSpeed(
  { bytes, parameters, layers }: TokenWork,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
): SpeedRange {
  const dispatches = DISPATCHES_PER_LAYER * layers;
  const weights = parameters + layers * WEIGHTS_PER_LAYER;
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
  const read = guessBandwidth(device);
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

function guessBandwidth(device: DeviceReport): { readonly low: number; readonly high: number } {
  if (device.isFallbackAdapter) return GUESSES.software;
  if (isPhone(device)) return GUESSES.phone;
  const vendor = device.vendor.toLowerCase();
  if (vendor === 'apple') return GUESSES.apple;
  if (vendor === 'nvidia') return GUESSES.own;
  // AMD makes both integrated and discrete graphics.
  if (vendor === 'amd') return { low: GUESSES.shared.low, high: GUESSES.own.high };
  return vendor === '' ? { low: GUESSES.shared.low, high: GUESSES.own.high } : GUESSES.shared;
}
