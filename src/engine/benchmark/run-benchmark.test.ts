import { expect, test } from 'vitest';
import { runBenchmark } from './run-benchmark.ts';

test('measures this device for real, on its graphics card and on its processor, in a worker', async () => {
  const { gpu, cpu } = await runBenchmark();
  // What no device in use is below, and none above.
  expect(cpu.operationsPerSecond).toBeGreaterThan(1e8);
  expect(cpu.operationsPerSecond).toBeLessThan(1e12);
  expect(cpu.secondsPerMessage).toBeGreaterThan(0);
  expect(cpu.stolenFraction).toBeGreaterThanOrEqual(0);
  expect(cpu.stolenFraction).toBeLessThanOrEqual(1);
  if (cpu.threads === undefined) throw new Error('the tests’ pages are isolated, and their machine has two cores');
  expect(cpu.threads.count).toBeGreaterThan(1);
  expect(cpu.threads.operationsPerSecond).toBeGreaterThan(1e8);
  expect(cpu.threads.secondsPerBarrier).toBeGreaterThan(0);
  expect(cpu.threads.secondsPerBarrier).toBeLessThan(0.1);
  if (gpu === undefined) throw new Error('SwiftShader is an adapter');
  expect(gpu.bytesPerSecond).toBeGreaterThan(1e7);
  expect(gpu.bytesPerSecond).toBeLessThan(2e13);
  expect(gpu.weightsPerSecond).toBeGreaterThan(1e6);
  expect(gpu.secondsPerDispatch).toBeGreaterThan(0);
  expect(gpu.secondsPerRoundTrip).toBeGreaterThan(0);
});
