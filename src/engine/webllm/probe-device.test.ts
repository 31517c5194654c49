import { afterEach, expect, test } from 'vitest';
import { probeDevice } from '../probe-device.ts';
import { WebLlmEngine } from './webllm-engine.ts';

/** What a browser without WebGPU, or without a GPU that it supports, exposes. */
function pretendGpu(gpu: { requestAdapter: () => Promise<null> } | undefined): void {
  Object.defineProperty(navigator, 'gpu', { configurable: true, value: gpu });
}

// Uncovers the prototype's own property.
afterEach(() => {
  Reflect.deleteProperty(navigator, 'gpu');
});

test('a device with WebGPU is reported with its features and limits', async () => {
  const device = await probeDevice();
  expect(device).toMatchObject({ webgpu: 'available', cores: navigator.hardwareConcurrency });
  expect(device.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 1024 * 1024);
  expect(device.features).toEqual([...device.features].sort());
  expect(structuredClone(device)).toEqual(device);
});

test('a browser without WebGPU is reported as having no API', async () => {
  pretendGpu(undefined);
  expect(await new WebLlmEngine().probe()).toMatchObject({
    supported: false,
    reason: { code: 'webgpu-missing' },
    device: { webgpu: 'no-api', features: [], limits: { maxBufferSize: 0 } },
  });
});

test('a browser without an adapter is reported as having none, also if the request throws', async () => {
  const none = { supported: false, reason: { code: 'gpu-adapter-missing' }, device: { webgpu: 'no-adapter' } };
  pretendGpu({ requestAdapter: async () => null });
  expect(await new WebLlmEngine().probe()).toMatchObject(none);
  pretendGpu({ requestAdapter: () => Promise.reject(new TypeError('blocked')) });
  expect(await new WebLlmEngine().probe()).toMatchObject(none);
});
