import type { DeviceBenchmark } from '../../models/device.ts';

/** Methods of the benchmark's worker. */
export interface BenchmarkMethods {
  readonly run: { readonly input: undefined; readonly output: DeviceBenchmark };
}
