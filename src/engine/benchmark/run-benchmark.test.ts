import { expect, test } from 'vitest';
import { runBenchmark } from './run-benchmark.ts';

test('measures this device for real, on its graphics card and on its processor, in a worker', async () => {
  const { gpu, cpuOperationsPerSecond } = await runBenchmark();
  // What no device in use is below, and none above.
  expect(cpuOperationsPerSecond).toBeGreaterThan(1e8);
  expect(cpuOperationsPerSecond).toBeLessThan(1e12);
  if (gpu === undefined) throw new Error('SwiftShader is an adapter');
  expect(gpu.bytesPerSecond).toBeGreaterThan(1e7);
  expect(gpu.bytesPerSecond).toBeLessThan(2e13);
  expect(gpu.operationsPerSecond).toBeGreaterThan(1e7);
  expect(gpu.secondsPerDispatch).toBeGreaterThan(0);
  expect(gpu.secondsPerRoundTrip).toBeGreaterThan(0);
});
