import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import type { SpeedRange } from '../engines/engine-profile.ts';
import type { ModelRecord } from '../model-record.ts';

/** Whether a model can run on a device, and how well, as estimated before its download. */
export type Fit =
  | { readonly status: 'unknown' }
  | { readonly status: 'runs-elsewhere' }
  /** `code` and `data` are those of an AlcoveError. */
  | { readonly status: 'cannot-run'; readonly code: ErrorCode; readonly data: ErrorData }
  | {
      readonly status: 'runs-well' | 'runs-slowly' | 'may-not-fit' | 'too-slow';
      readonly reason: FitReason;
      readonly estimate: FitEstimate;
    };

/** The reason of the status; the numbers are in the estimate. */
export type FitReason =
  /** An earlier load on this device failed. */
  | { readonly kind: 'failed-before'; readonly code: ErrorCode }
  /** It needs more memory than this device has for certain. */
  | { readonly kind: 'memory' }
  /** A part of it may be larger than this graphics card binds at once. */
  | { readonly kind: 'binding'; readonly limitBytes: number }
  /** Browsers on phones end tabs of this size. */
  | { readonly kind: 'phone' }
  /** The browser grants less storage than it needs. */
  | { readonly kind: 'storage'; readonly freeBytes: number }
  | { readonly kind: 'speed' };

export interface FitEstimate {
  readonly speed: SpeedRange;
  /** Weights, KV cache and the rest. */
  readonly memoryBytes: number;
  /** Memory that this device has for certain. */
  readonly budgetBytes: number;
  /** Tokens that it is loaded with: what the user has chosen, or what fits comfortably. */
  readonly contextWindow: number;
  /** Undefined if the size or the rate is not known. */
  readonly downloadSeconds: number | undefined;
}

/** Whether the model can be loaded, as far as is known. */
export function canRun(fit: Fit): fit is Extract<Fit, { readonly estimate: FitEstimate }> {
  return 'estimate' in fit;
}

/** The record with the context window that it is loaded with on this device. */
export function fittedRecord(record: ModelRecord, fit: Fit): ModelRecord {
  if (!canRun(fit) || fit.estimate.contextWindow === record.contextWindow) return record;
  return { ...record, contextWindow: fit.estimate.contextWindow };
}
