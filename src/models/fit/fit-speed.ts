import type { DeviceBenchmark, DeviceReport } from '../device.ts';
import type { SpeedEstimate, SpeedRange, TokenWork } from '../engines/engine-profile.ts';
import type { ModelRecord } from '../model-record.ts';
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

/** [C] Two measurements of one variant differ by at most this factor, on a loaded machine too. */
const MEASURED_WITHIN = 1.35;

/** [A] Tokens in the KV cache of a short chat; decoding a token reads them all. */
const TYPICAL_TOKENS = 512;

/** A range's highest speed over its lowest, at most: a wider range, though safer, tells the user nothing. */
const MAX_WIDTH = 3;

/** Tokens a second of an answer: as measured here, else as the engine estimates it. */
export function estimateSpeed(
  record: ModelRecord,
  estimate: SpeedEstimate,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
  results: readonly RunResult[],
): SpeedRange {
  const rates = results.flatMap(({ decodeTokensPerSecond: rate, failure }) =>
    rate === undefined || failure !== undefined ? [] : [rate],
  );
  if (rates.length > 0) {
    const best = Math.max(...rates);
    return { low: best / MEASURED_WITHIN, high: best * MEASURED_WITHIN, from: 'measured' };
  }
  return narrowed(estimate(tokenWork(record), device, benchmark));
}

function narrowed({ low, high, from }: SpeedRange): SpeedRange {
  if (high <= low * MAX_WIDTH) return { low, high, from };
  const middle = Math.sqrt(low * high);
  return { low: middle / Math.sqrt(MAX_WIDTH), high: middle * Math.sqrt(MAX_WIDTH), from };
}

function tokenWork(record: ModelRecord): TokenWork {
  const { parameterCount, activeParameterCount = parameterCount, quantization } = record;
  // A token of a mixture of experts reads only the experts that it passes.
  const weightsBytes = (memoryNeed(record).weightsBytes * activeParameterCount) / parameterCount;
  return {
    bytes: weightsBytes + (kvBytesPerToken(record) ?? 0) * TYPICAL_TOKENS,
    parameters: activeParameterCount,
    layers: layersOf(record),
    quantization,
  };
}

/** [A] Without a known architecture: what published models of this size have. */
function layersOf({ memory, parameterCount }: ModelRecord): number {
  return memory?.layers ?? Math.min(80, Math.max(4, Math.round(8 * Math.log2(1 + parameterCount / 1e8))));
}
