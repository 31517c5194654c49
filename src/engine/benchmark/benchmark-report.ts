import type { DeviceBenchmark } from '../../models/device.ts';
import type { WireError } from '../../platform/errors.ts';

/** What the benchmark's worker says once, and then ends. */
export type BenchmarkReport =
  | { readonly ok: true; readonly benchmark: DeviceBenchmark }
  | { readonly ok: false; readonly error: WireError };
