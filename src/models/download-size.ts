import type { ModelRecord } from './model-record.ts';

/**
 * Bits a weight takes on disk, scales included: 4-bit weights in groups of 32 share one f16 or f32 scale
 * (https://llm.mlc.ai/docs/compilation/configure_quantization.html).
 */
const BITS_PER_WEIGHT: Readonly<Record<string, number>> = {
  q0f16: 16,
  q0f32: 32,
  q3f16_1: 3.6,
  q4f16_0: 4.5,
  q4f16_1: 4.5,
  q4f32_1: 5,
};

export interface DownloadSize {
  readonly bytes: number;
  /** False for an estimate from the parameter count; the exact size is known once the download is planned. */
  readonly isExact: boolean;
}

/** Undefined where neither the size nor the quantization is known. */
export function downloadSize(record: ModelRecord): DownloadSize | undefined {
  if (record.sizeBytes !== undefined) return { bytes: record.sizeBytes, isExact: true };
  const bits = BITS_PER_WEIGHT[record.quantization];
  return bits === undefined ? undefined : { bytes: (record.parameterCount * bits) / 8, isExact: false };
}
