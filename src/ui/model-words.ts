import { msg, str } from '@lit/localize';
import type { ModelEntry, SessionState } from '../app/session-state.ts';
import { downloadSize } from '../models/download-size.ts';
import type { ModelRecord } from '../models/model-record.ts';
import { formatBytes, formatNumber, formatParameters } from './format.ts';

/** `1.1 GB`, `about 1.1 GB`; undefined where nobody can say. */
export function sizeWords(record: ModelRecord): string | undefined {
  const size = downloadSize(record);
  if (size === undefined) return undefined;
  return size.isExact ? formatBytes(size.bytes) : msg(str`about ${formatBytes(size.bytes)}`);
}

/** What is said of a model besides its size: `2 billion parameters`, `reads 4,096 tokens`, `q4f16_1`. */
export function factWords(record: ModelRecord): readonly string[] {
  return [
    msg(str`${formatParameters(record.parameterCount)} parameters`),
    msg(str`reads ${formatNumber(record.contextWindow)} tokens`),
    record.quantization,
  ];
}

/** The model that comes with the site, to try it with. */
export function isToy(record: ModelRecord): boolean {
  return record.family === 'Toy';
}

export function selectedEntry(state: SessionState): ModelEntry | undefined {
  return state.models.find(({ record }) => record.id === state.selectedModelId);
}

/** No model is here yet: the first page is shown. */
export function isFirstRun(state: SessionState): boolean {
  return !state.models.some(({ weights }) => weights.status === 'stored');
}

/** Memory of the graphics card up to which a model is recommended: what a laptop's can share without harm. */
const RECOMMENDED_VRAM_BYTES = 2_500_000_000;

/** Of the device's memory, what a recommended model may take. */
const MEMORY_SHARE = 0.4;

/** The model to begin with: the largest that this device runs with ease. Undefined until the device is known. */
export function recommendedEntry(state: SessionState): ModelEntry | undefined {
  const memory = state.device?.memoryBytes ?? Number.POSITIVE_INFINITY;
  const limit = Math.min(RECOMMENDED_VRAM_BYTES, memory * MEMORY_SHARE);
  const runs = state.models.filter(
    ({ record, fit }) =>
      fit.verdict === 'runs' &&
      !isToy(record) &&
      record.engine !== 'wllama' &&
      record.abilities?.includes('chat') !== false,
  );
  const easy = runs.filter(({ record }) => record.vramBytes <= limit);
  const byParameters = (a: ModelEntry, b: ModelEntry): number =>
    b.record.parameterCount - a.record.parameterCount || a.record.vramBytes - b.record.vramBytes;
  return easy.sort(byParameters)[0] ?? runs.sort(byParameters).at(-1);
}

/** A model's bytes are here, or on their way. */
export function hasWeights({ weights }: ModelEntry): boolean {
  return weights.status !== 'absent';
}
