import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import type { SpeedRange } from '../engines/engine-profile.ts';
import type { ModelRecord } from '../model-record.ts';

/** Whether a model can run on a device, and how, said before its download. */
export type Fit =
  | { readonly verdict: 'unknown' }
  /** On a server of the reader's own, whatever this device is. */
  | { readonly verdict: 'runs-elsewhere' }
  /** `code` and `data` are those of an AlcoveError. */
  | { readonly verdict: 'cannot-run'; readonly code: ErrorCode; readonly data: ErrorData }
  | {
      readonly verdict: 'runs-well' | 'runs-slowly' | 'may-not-fit';
      readonly reason: FitReason;
      readonly estimate: FitEstimate;
    };

/** Why the verdict is what it is; the numbers are in the estimate. */
export type FitReason =
  /** It was loaded here before and did this. */
  | { readonly kind: 'failed-before'; readonly code: ErrorCode }
  /** Needs more memory than is sure to be there. */
  | { readonly kind: 'memory' }
  /** One part of it may be larger than this graphics card binds at once. */
  | { readonly kind: 'binding'; readonly limitBytes: number }
  /** A browser with so little room kills tabs of this size. */
  | { readonly kind: 'phone' }
  /** The store of this browser has less room than it takes. */
  | { readonly kind: 'storage'; readonly freeBytes: number }
  | { readonly kind: 'speed' };

export interface FitEstimate {
  readonly speed: SpeedRange;
  /** Weights, KV cache and the rest. */
  readonly memoryBytes: number;
  /** What is sure to be there. */
  readonly budgetBytes: number;
  /** Tokens: what was configured, or fewer where memory is short. */
  readonly contextWindow: number;
  /** Undefined where the size or the rate is not known. */
  readonly downloadSeconds: number | undefined;
}

/** It can be loaded, for all that is known. */
export function canRun(fit: Fit): fit is Extract<Fit, { readonly estimate: FitEstimate }> {
  return 'estimate' in fit;
}

/** The record as it fits: with the smaller context window where memory is short for the configured one. */
export function fittedRecord(record: ModelRecord, fit: Fit): ModelRecord {
  if (!canRun(fit) || fit.estimate.contextWindow >= record.contextWindow) return record;
  const { contextWindow } = fit.estimate;
  const overrides = record.overrides && { overrides: { ...record.overrides, context_window_size: contextWindow } };
  return { ...record, contextWindow, ...overrides };
}
