import { isExternal, type ModelRecord } from '../model-record.ts';
import { bitsPerWeight } from './quantization.ts';

export interface DownloadSize {
  readonly bytes: number;
  /** False for an estimate from the parameter count; the exact size is known once the download is planned. */
  readonly isExact: boolean;
}

/** Undefined if neither the size nor the quantization is known, or if there is nothing to download. */
export function downloadSize(record: ModelRecord): DownloadSize | undefined {
  if (isExternal(record)) return undefined;
  if (record.sizeBytes !== undefined) return { bytes: record.sizeBytes, isExact: true };
  const bits = bitsPerWeight(record.quantization);
  return bits === undefined ? undefined : { bytes: (record.parameterCount * bits) / 8, isExact: false };
}
