import type { ModelRecord } from '../model-record.ts';
import { downloadSize } from './download-size.ts';

/** What a variant takes of memory while it runs, bytes. */
export interface MemoryNeed {
  readonly weightsBytes: number;
  /** Undefined where the architecture is not known. */
  readonly kvBytesPerToken: number | undefined;
  /** Activations, buffers, the engine itself. */
  readonly restBytes: number;
}

/** Of `q8_0`: numbers of 8 bits, and for all of a block one scale of 16. */
const BLOCK_NUMBERS = 32;
const BLOCK_BYTES = 34;

/**
 * What llama.cpp keeps keys in on a processor; why not in f16, see wllama-host.ts. It refuses a head that is not made of
 * whole blocks, so where its size is not known keys are f32.
 */
export function llamaKeyType({ memory }: ModelRecord): 'q8_0' | 'f32' {
  return memory !== undefined && memory.headSize % BLOCK_NUMBERS === 0 ? 'q8_0' : 'f32';
}

/**
 * Bytes of a key's number and a value's number in the KV cache: MLC keeps both in the type of its activations (the `f32` of
 * `q4f32_1`). With llama.cpp values are f16; on a GPU keys are too.
 */
function kvPairBytes(record: ModelRecord): number {
  const { engine, quantization } = record;
  if (engine === 'wllama') return (llamaKeyType(record) === 'q8_0' ? BLOCK_BYTES / BLOCK_NUMBERS : 4) + 2;
  return quantization.includes('f32') ? 4 + 4 : 2 + 2;
}

/** Keys and values of one token in all layers that keep them. */
export function kvBytesPerToken(record: ModelRecord): number | undefined {
  if (record.memory === undefined) return undefined;
  const { kvLayers, kvHeads, headSize } = record.memory;
  return kvLayers * kvHeads * headSize * kvPairBytes(record);
}

/** Of the weights, what they take while they run; a little more than the download where that has more than weights. */
export function weightsBytes(record: ModelRecord): number {
  return downloadSize(record)?.bytes ?? record.vramBytes;
}

export function memoryNeed(record: ModelRecord): MemoryNeed {
  const weights = Math.min(weightsBytes(record), record.vramBytes || Number.POSITIVE_INFINITY);
  const perToken = kvBytesPerToken(record);
  const rest = record.vramBytes - weights - (perToken ?? 0) * record.contextWindow;
  return { weightsBytes: weights, kvBytesPerToken: perToken, restBytes: Math.max(0, rest) };
}

/** Buffers for activations besides the weights: llama.cpp's compute buffers and its own heap, seen at 2,048 tokens. */
const REST_BYTES = 100 * 1024 * 1024;

/** What a record takes that does not say it: its weights, its KV cache, and some room to work. */
export function estimateMemoryBytes(record: Omit<ModelRecord, 'vramBytes'>): number {
  const whole = { ...record, vramBytes: 0 };
  return Math.round(weightsBytes(whole) + (kvBytesPerToken(whole) ?? 0) * record.contextWindow + REST_BYTES);
}
