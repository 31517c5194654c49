import type { DeviceBenchmark } from '../../models/device.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { BenchmarkMethods } from './benchmark-methods.ts';
import workerScript from './worker/benchmark-worker.ts?worker-file';

/** The benchmark takes less than two seconds on an idle device. */
const HUNG_AFTER_MS = 15_000;

/** Measures this device in a worker of its own, in less than two seconds. @throws AlcoveError `engine-hung`, `engine-crashed` */
export async function runBenchmark(): Promise<DeviceBenchmark> {
  const worker = new WorkerClient<BenchmarkMethods>(workerScript, 'alcove-benchmark', {
    failureCode: 'engine-crashed',
  });
  const hung = new AlcoveError('engine-hung', 'the benchmark does not end');
  const timer = setTimeout(() => worker.end(hung), HUNG_AFTER_MS);
  try {
    return await worker.call('run', undefined);
  } finally {
    clearTimeout(timer);
    worker.end();
  }
}
