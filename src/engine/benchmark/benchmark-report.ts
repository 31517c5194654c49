import type { DeviceBenchmark } from '../../models/device.ts';
import type { WireError } from '../../platform/errors.ts';

/** The one message of the benchmark's worker, which then ends. */
export type BenchmarkReport =
  | { readonly ok: true; readonly benchmark: DeviceBenchmark }
  | { readonly ok: false; readonly error: WireError };
