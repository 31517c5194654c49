import type { DeviceBenchmark } from '../../models/device.ts';

export interface BenchmarkMethods {
  readonly run: { readonly input: undefined; readonly output: DeviceBenchmark };
}
