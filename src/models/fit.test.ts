import { expect, test } from 'vitest';
import type { DeviceReport } from './device.ts';
import { fitModel } from './fit.ts';
import type { ModelRecord } from './model-record.ts';

const MIB = 1024 * 1024;

const device: DeviceReport = {
  webgpu: 'available',
  features: ['shader-f16'],
  limits: {
    maxBufferSize: 1024 * MIB,
    maxStorageBufferBindingSize: 1024 * MIB,
    maxComputeWorkgroupStorageSize: 32 * 1024,
    maxStorageBuffersPerShaderStage: 10,
  },
  vendor: '',
  architecture: '',
  isFallbackAdapter: false,
  memoryBytes: undefined,
  cores: 8,
  crossOriginIsolated: true,
};

const record: ModelRecord = {
  id: 'm',
  name: 'M',
  family: 'M',
  maker: 'M',
  engine: 'webllm',
  quantization: 'q4f16_1',
  parameterCount: 1e9,
  contextWindow: 4096,
  vramBytes: 900e6,
  requiredFeatures: ['shader-f16'],
  licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
  source: { kind: 'files', revision: '1', files: [] },
};

test('a device with what the record asks for runs it', () => {
  expect(fitModel(record, device)).toEqual({ verdict: 'runs' });
  expect(fitModel(record, undefined)).toEqual({ verdict: 'unknown' });
});

test.each([
  [{ webgpu: 'no-api' }, 'webgpu-missing', {}],
  [{ webgpu: 'no-adapter' }, 'gpu-adapter-missing', {}],
  [{ features: [] }, 'gpu-feature-missing', { feature: 'shader-f16' }],
  [
    { limits: { ...device.limits, maxStorageBuffersPerShaderStage: 8 } },
    'gpu-limit-too-low',
    { limit: 'maxStorageBuffersPerShaderStage', needed: 10, available: 8 },
  ],
] as const)('a device with %o cannot run it: %s', (difference, code, data) => {
  expect(fitModel(record, { ...device, ...difference })).toEqual({ verdict: 'cannot-run', code, data });
});

test('a record that binds more than 128 MiB at once is refused on a phone that allows no more', () => {
  const phone = { ...device, limits: { ...device.limits, maxStorageBufferBindingSize: 128 * MIB } };
  expect(fitModel(record, phone).verdict).toBe('runs');
  expect(fitModel({ ...record, requiredBindingBytes: 256 * MIB }, phone).verdict).toBe('cannot-run');
});

test('llama.cpp runs its models without a graphics card', () => {
  expect(fitModel({ ...record, engine: 'wllama' }, { ...device, webgpu: 'no-api', features: [] })).toEqual({
    verdict: 'runs',
  });
});
