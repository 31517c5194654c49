import type { WireError } from '../../errors.ts';
import type { DeviceBenchmark } from '../../models/device.ts';

/** What the benchmark's worker says once, and then ends. */
export type BenchmarkReport =
  | { readonly ok: true; readonly benchmark: DeviceBenchmark }
  | { readonly ok: false; readonly error: WireError };
