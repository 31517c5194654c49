import { profileOf } from '../engines/engine-profiles.ts';
import type { ModelRecord } from '../model-record.ts';
import { downloadSize } from './download-size.ts';

/** Memory that a variant takes while it runs, bytes. */
export interface MemoryNeed {
  readonly weightsBytes: number;
  /** Undefined if the architecture is not known. */
  readonly kvBytesPerToken: number | undefined;
  /** Activations, buffers, the engine itself. */
  readonly restBytes: number;
}

/** Keys and values of one token in all layers that keep them, bytes. Undefined if the architecture is not known. */
export function kvBytesPerToken(record: ModelRecord): number | undefined {
  const { local } = profileOf(record);
  if (record.memory === undefined || local === undefined) return undefined;
  const { kvLayers, kvHeads, headSize } = record.memory;
  return kvLayers * kvHeads * headSize * local.kvPairBytes(record);
}

/** Memory of the weights: the size of the download, which may hold a little more than weights. */
export function weightsBytes(record: ModelRecord): number {
  return downloadSize(record)?.bytes ?? record.vramBytes;
}

export function memoryNeed(record: ModelRecord): MemoryNeed {
  const weights = Math.min(weightsBytes(record), record.vramBytes || Number.POSITIVE_INFINITY);
  const perToken = kvBytesPerToken(record);
  const rest = record.vramBytes - weights - (perToken ?? 0) * record.contextWindow;
  return { weightsBytes: weights, kvBytesPerToken: perToken, restBytes: Math.max(0, rest) };
}

/** llama.cpp's compute buffers and its own heap, as measured at 2,048 tokens. */
const REST_BYTES = 100 * 1024 * 1024;

/** Memory of a model whose record does not state it: weights, KV cache and buffers. */
export function estimateMemoryBytes(record: Omit<ModelRecord, 'vramBytes'>): number {
  const whole = { ...record, vramBytes: 0 };
  return Math.round(weightsBytes(whole) + (kvBytesPerToken(whole) ?? 0) * record.contextWindow + REST_BYTES);
}
