import type { DeviceReport } from '../device.ts';
import type { LocalProfile } from '../engines/engine-profile.ts';
import { profileOf } from '../engines/engine-profiles.ts';
import type { ModelRecord } from '../model-record.ts';
import { memoryBudget } from './fit-memory.ts';
import { memoryNeed } from './memory.ts';

/** Fewer tokens do not hold a conversation. */
export const LEAST_CONTEXT_WINDOW = 1_024;
/** Where memory is short a smaller context window is taken: at least this, or half of the configured one if that is less. */
const ENOUGH_CONTEXT_WINDOW = 4_096;

/** Of the memory that is sure to be there, what a model takes with a window that nobody has chosen. */
const COMFORTABLE_SHARE = 0.75;

/**
 * The largest window that a model gets by itself. A chat that fills it is read from the start after a reload, an edit of its
 * beginning, or another chat. A graphics card reads some 200 tokens a second of a model of its size: 80 s. A processor reads 25 to
 * 100 (SmolLM2 135M on two cores of a Xeon: 26), so half of that takes it two to five minutes already.
 */
const CARD_CEILING = 16_384;
const PROCESSOR_CEILING = 8_192;

/** Why a model's context window cannot be larger. */
export type WindowLimit =
  /** The model was trained for no more. */
  | 'trained'
  /** The device has no more memory. */
  | 'memory'
  /** The keys and values of one layer are one buffer, and the graphics card accepts no larger one. */
  | 'binding'
  /** What a token takes is not known, or what the model was trained for. */
  | 'unknown';

/** A context window that can be chosen for a model, and how that fits this device. */
export interface WindowChoice {
  readonly tokens: number;
  readonly memoryBytes: number;
  /** `tight`: more than a model should take by itself. `doubtful`: more than is sure to be there. */
  readonly fit: 'comfortable' | 'tight' | 'doubtful';
}

export interface WindowChoices {
  /** In rising order; a single one where there is nothing to choose. */
  readonly choices: readonly WindowChoice[];
  readonly limit: WindowLimit;
}

/** Memory that a model takes with a context window, bytes. */
export function memoryWith(record: ModelRecord, tokens: number): number {
  const { weightsBytes, kvBytesPerToken = 0, restBytes } = memoryNeed(record);
  const buffers = (profileOf(record).local?.stepBytesPerToken ?? 0) * Math.max(0, tokens - record.contextWindow);
  return Math.round(weightsBytes + kvBytesPerToken * tokens + buffers + restBytes);
}

/**
 * The window that a model gets unless the user has chosen one: the configured one or, where memory is short, a smaller one; a
 * larger one where it fits comfortably. It depends on nothing that changes during a visit, so that a model is not loaded again.
 */
export function usualContextWindow(record: ModelRecord, engine: LocalProfile, device: DeviceReport): number {
  const { sureBytes } = memoryBudget(engine, device);
  const configured = shortened(record, sureBytes);
  const ceiling = engine.usesCardMemory && !device.isFallbackAdapter ? CARD_CEILING : PROCESSOR_CEILING;
  const { most } = mostContextWindow(record, engine, device);
  const fitting = steps(record, Math.min(most, ceiling)).findLast(
    (tokens) => memoryWith(record, tokens) <= sureBytes * COMFORTABLE_SHARE,
  );
  return Math.max(configured, fitting ?? 0);
}

/** The configured window, or one that fits. */
function shortened(record: ModelRecord, sureBytes: number): number {
  const { weightsBytes, kvBytesPerToken, restBytes } = memoryNeed(record);
  if (kvBytesPerToken === undefined) return record.contextWindow;
  const fitting = Math.floor((sureBytes - weightsBytes - restBytes) / kvBytesPerToken / 512) * 512;
  const least = Math.max(LEAST_CONTEXT_WINDOW, Math.min(record.contextWindow / 2, ENOUGH_CONTEXT_WINDOW));
  return fitting < least ? record.contextWindow : Math.min(record.contextWindow, fitting);
}

/** What the user has chosen, within what there is to choose. @param chosen of unknown origin */
export function chosenContextWindow(
  record: ModelRecord,
  engine: LocalProfile,
  device: DeviceReport,
  chosen: number,
): number {
  const { choices } = windowChoices(record, engine, device);
  const most = choices.at(-1)?.tokens ?? record.contextWindow;
  return Math.min(most, Math.max(Math.min(LEAST_CONTEXT_WINDOW, record.contextWindow), Math.floor(chosen)));
}

/**
 * The windows that a slider offers, up to what the model was trained for and the device may hold.
 * @param current offered too, if it is within these bounds
 */
export function windowChoices(
  record: ModelRecord,
  engine: LocalProfile,
  device: DeviceReport,
  current = 0,
): WindowChoices {
  const usual = usualContextWindow(record, engine, device);
  const { sureBytes, possibleBytes } = memoryBudget(engine, device);
  const { most, limit } = mostContextWindow(record, engine, device);
  if (limit === 'unknown') return { choices: [choice(record, usual, sureBytes)], limit };
  // Of a model that takes more than there may be the user can still have what it has.
  const mostBytes = Math.max(possibleBytes, memoryWith(record, usual));
  const all = [...new Set([...steps(record, most), usual, most, ...(current > 0 && current < most ? [current] : [])])];
  const choices = all
    .map((tokens) => choice(record, tokens, sureBytes))
    .filter(({ memoryBytes }) => memoryBytes <= mostBytes)
    .sort((a, b) => a.tokens - b.tokens);
  return { choices, limit: choices.at(-1)?.tokens === most ? limit : 'memory' };
}

function choice(record: ModelRecord, tokens: number, sureBytes: number): WindowChoice {
  const memoryBytes = memoryWith(record, tokens);
  const isSure = memoryBytes <= sureBytes;
  return {
    tokens,
    memoryBytes,
    fit: memoryBytes <= sureBytes * COMFORTABLE_SHARE ? 'comfortable' : isSure ? 'tight' : 'doubtful',
  };
}

function mostContextWindow(
  record: ModelRecord,
  engine: LocalProfile,
  { limits }: DeviceReport,
): { readonly most: number; readonly limit: WindowLimit } {
  const { contextWindow, trainedContextWindow, memory } = record;
  const { kvBytesPerToken } = memoryNeed(record);
  if (kvBytesPerToken === undefined || memory === undefined || trainedContextWindow === undefined) {
    return { most: contextWindow, limit: 'unknown' };
  }
  const trained = Math.max(trainedContextWindow, contextWindow);
  const bound = engine.mostBindingBytes?.(limits.maxStorageBufferBindingSize) ?? Number.POSITIVE_INFINITY;
  const bindable = Math.floor(bound / (kvBytesPerToken / memory.kvLayers) / 512) * 512;
  return bindable < trained
    ? { most: Math.max(contextWindow, bindable), limit: 'binding' }
    : { most: trained, limit: 'trained' };
}

/** Powers of two and what is midway between them, from the least window on. */
function steps({ contextWindow }: ModelRecord, most: number): number[] {
  const sizes: number[] = [];
  for (let size = Math.min(LEAST_CONTEXT_WINDOW, contextWindow); size <= most; size *= 2) {
    sizes.push(size);
    if (size * 1.5 <= most) sizes.push(size * 1.5);
  }
  return sizes.map(Math.floor);
}
