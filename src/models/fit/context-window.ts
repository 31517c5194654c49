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
export const COMFORTABLE_SHARE = 0.75;

/**
 * The largest window that a model gets by itself. A chat that fills it is read from the start after a reload, an edit of its
 * beginning, or another chat. A graphics card reads some 200 tokens a second of a model of its size: 80 s. A processor reads 25 to
 * 100 (SmolLM2 135M on two cores of a Xeon: 26), so half of that takes it two to five minutes already.
 */
const CARD_CEILING = 16_384;
const PROCESSOR_CEILING = 8_192;

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
  const most = Math.min(ceiling, mostContextWindow(record, engine, device));
  return Math.max(configured, within(record, most, sureBytes * COMFORTABLE_SHARE));
}

/** The largest whole number of 1,024 tokens, or `most` itself, whose memory is at most `bytes`; may be negative. */
export function within(record: ModelRecord, most: number, bytes: number): number {
  const none = memoryWith(record, 0);
  const perToken = (memoryWith(record, most) - none) / most;
  const tokens = perToken > 0 ? Math.floor((bytes - none) / perToken / 1_024) * 1_024 : most;
  return Math.min(most, tokens);
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
  const usual = usualContextWindow(record, engine, device);
  const most = mostContextWindow(record, engine, device);
  const possible = within(record, most, memoryBudget(engine, device).possibleBytes);
  // Of a model that takes more than there may be the user can still have what it has.
  return Math.min(Math.max(usual, possible), Math.max(Math.min(LEAST_CONTEXT_WINDOW, usual), Math.floor(chosen)));
}

/** Tokens that the model was trained for and the graphics card's buffers hold; the configured ones where that is not known. */
export function mostContextWindow(record: ModelRecord, engine: LocalProfile, { limits }: DeviceReport): number {
  const { contextWindow, trainedContextWindow, memory } = record;
  const { kvBytesPerToken } = memoryNeed(record);
  if (kvBytesPerToken === undefined || memory === undefined || trainedContextWindow === undefined) return contextWindow;
  const bytes = engine.mostBindingBytes?.(limits.maxStorageBufferBindingSize) ?? Number.POSITIVE_INFINITY;
  const bindable = Math.floor((bytes * memory.kvLayers) / kvBytesPerToken / 512) * 512;
  return Math.max(contextWindow, Math.min(trainedContextWindow, bindable));
}
