import { toWireError } from '../../../platform/errors.ts';
import type { BenchmarkReport } from '../benchmark-report.ts';
import { benchmarkCpu } from './cpu-benchmark.ts';
import { benchmarkGpu } from './gpu-benchmark.ts';

async function report(): Promise<BenchmarkReport> {
  try {
    const cpu = await benchmarkCpu();
    // An adapter that fails here is one without a figure, not a device without one.
    const gpu = await benchmarkGpu().catch(() => undefined);
    return { ok: true, benchmark: { gpu, cpu } };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}

void report().then((message) => postMessage(message));
