/** How llama.cpp runs: with the layers on the GPU, on several cores, or on one. */
export type Rung = 'webgpu' | 'threads' | 'single';

/** How to run a model, for an engine that knows several ways. One that the device does not offer fails the load. */
export interface Backend {
  readonly rung: Rung;
  /** For `threads`; default: all cores. */
  readonly threadCount?: number;
}

export function isSameBackend(a: Backend | undefined, b: Backend | undefined): boolean {
  return a?.rung === b?.rung && a?.threadCount === b?.threadCount;
}
