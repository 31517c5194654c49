import { expect, test } from 'vitest';
import { MADE_UP_DEVICE as device } from '../../models/testing/made-up.ts';
import { chooseBackend } from './worker/backend-params.ts';

test('the best rung is WebGPU with shader-f16, then threads on all cores, then one thread', () => {
  expect(chooseBackend(undefined, undefined, device)).toMatchObject({ rung: 'webgpu', gpuLayers: 999 });
  for (const without of [
    { features: [] },
    { webgpu: 'no-api' },
    { webgpu: 'no-adapter' },
    { isFallbackAdapter: true },
  ] as const) {
    const settings = chooseBackend(undefined, undefined, { ...device, ...without });
    expect(settings).toMatchObject({ rung: 'threads', threadCount: 8, gpuLayers: 0 });
  }
  expect(chooseBackend(undefined, undefined, { ...device, features: [], cores: 1 })).toMatchObject({
    rung: 'single',
    threadCount: 1,
  });
});

test('a rung that is asked for is taken, with the number of threads that is asked for', () => {
  expect(chooseBackend('threads', 3, device)).toMatchObject({ rung: 'threads', threadCount: 3, gpuLayers: 0 });
  expect(chooseBackend('single', 3, device)).toMatchObject({ rung: 'single', threadCount: 1, gpuLayers: 0 });
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
