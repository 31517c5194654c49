import type { DeviceBenchmark } from '../../models/device.ts';
import { AlcoveError, fromWireError } from '../../platform/errors.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import type { BenchmarkReport } from './benchmark-report.ts';
import workerUrl from './worker/benchmark-worker.ts?worker&url';

/** The benchmark takes less than two seconds on an idle device. */
const HUNG_AFTER_MS = 15_000;

/** Measures this device in a worker of its own, in less than two seconds. @throws AlcoveError `engine-hung`, `engine-crashed` */
export async function runBenchmark(): Promise<DeviceBenchmark> {
  const worker = createModuleWorker(workerUrl, 'alcove-benchmark');
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<DeviceBenchmark>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<BenchmarkReport>) => {
        if (data.ok) resolve(data.benchmark);
        else reject(fromWireError(data.error));
      });
      worker.addEventListener('error', (event) => {
        reject(new AlcoveError('engine-crashed', event.message));
      });
      timer = setTimeout(() => reject(new AlcoveError('engine-hung', 'the benchmark does not end')), HUNG_AFTER_MS);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
