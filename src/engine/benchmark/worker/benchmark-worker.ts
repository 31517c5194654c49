import { serveCalls } from '../../../platform/worker-rpc.ts';
import type { BenchmarkMethods } from '../benchmark-methods.ts';
import { benchmarkCpu } from './cpu-benchmark.ts';
import { benchmarkGpu } from './gpu-benchmark.ts';

serveCalls<BenchmarkMethods>({
  run: async () => {
    const cpu = await benchmarkCpu();
    // An adapter that fails here is one without a figure, not a device without one.
    const gpu = await benchmarkGpu().catch(() => undefined);
    return { gpu, cpu };
  },
});
