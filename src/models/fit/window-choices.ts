import type { DeviceReport } from '../device.ts';
import type { LocalProfile } from '../engines/engine-profile.ts';
import type { ModelRecord } from '../model-record.ts';
import {
  COMFORTABLE_SHARE,
  LEAST_CONTEXT_WINDOW,
  memoryWith,
  mostContextWindow,
  usualContextWindow,
  within,
} from './context-window.ts';
import { memoryBudget } from './fit-memory.ts';

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
  const { memory, trainedContextWindow } = record;
  if (memory === undefined || trainedContextWindow === undefined) {
    return { choices: [choice(record, usual, sureBytes)], limit: 'unknown' };
  }
  const bound = mostContextWindow(record, engine, device);
  const most = Math.max(usual, within(record, bound, possibleBytes));
  const sizes = [...steps(usual, most), usual, most, ...(current > 0 && current < most ? [current] : [])];
  const limit = most < bound ? 'memory' : bound < trainedContextWindow ? 'binding' : 'trained';
  const choices = [...new Set(sizes)].sort((a, b) => a - b).map((tokens) => choice(record, tokens, sureBytes));
  return { choices, limit };
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

/** Powers of two and what is midway between them, from the least window on. */
function steps(usual: number, most: number): number[] {
  const sizes: number[] = [];
  for (let size = Math.min(LEAST_CONTEXT_WINDOW, usual); size <= most; size *= 2) {
    sizes.push(size);
    if (size * 1.5 <= most) sizes.push(Math.floor(size * 1.5));
  }
  return sizes;
}
