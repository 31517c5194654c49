import { expect, test } from 'vitest';
import { MADE_UP_DEVICE as device } from '../../models/testing/made-up.ts';
import { chooseBackend } from './worker/backend-params.ts';

test('the best backend is WebGPU with shader-f16, then threads on all cores, then one thread', () => {
  expect(chooseBackend(undefined, undefined, device)).toMatchObject({ kind: 'webgpu', gpuLayers: 999 });
  for (const without of [
    { features: [] },
    { webgpu: 'no-api' },
    { webgpu: 'no-adapter' },
    { isFallbackAdapter: true },
  ] as const) {
    const settings = chooseBackend(undefined, undefined, { ...device, ...without });
    expect(settings).toMatchObject({ kind: 'threads', threadCount: 8, gpuLayers: 0 });
  }
  expect(chooseBackend(undefined, undefined, { ...device, features: [], cores: 1 })).toMatchObject({
    kind: 'single',
    threadCount: 1,
  });
});

test('a requested backend is used, with the requested number of threads', () => {
  expect(chooseBackend('threads', 3, device)).toMatchObject({ kind: 'threads', threadCount: 3, gpuLayers: 0 });
  expect(chooseBackend('single', 3, device)).toMatchObject({ kind: 'single', threadCount: 1, gpuLayers: 0 });
});

test.each([
  [{ webgpu: 'no-api' }, 'webgpu-missing'],
  [{ webgpu: 'no-adapter' }, 'gpu-adapter-missing'],
  [{ features: [] }, 'gpu-feature-missing'],
] as const)('WebGPU on a device with %o is refused: %s', (without, code) => {
  expect(() => chooseBackend('webgpu', undefined, { ...device, ...without })).toThrow(
    expect.objectContaining({ code }),
  );
});
