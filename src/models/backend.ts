import type { ModelRecord } from './model-record.ts';

/** What llama.cpp computes with: the GPU for all layers, several cores, or one core. */
export type BackendKind = 'webgpu' | 'threads' | 'single';

/** What runs a model, for an engine that offers several. A backend that the device does not offer fails the load. */
export interface Backend {
  readonly kind: BackendKind;
  /** For `threads`; default: all cores. */
  readonly threadCount?: number;
}

/** Which model a call is for, and what is to run it. */
export interface ModelTarget {
  readonly model: ModelRecord;
  /** Default: the one that the model is loaded on, else the best that the device offers. */
  readonly backend?: Backend | undefined;
}

export function isSameBackend(a: Backend | undefined, b: Backend | undefined): boolean {
  return a?.kind === b?.kind && a?.threadCount === b?.threadCount;
}
