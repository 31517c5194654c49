import { expect, test } from 'vitest';
import { DEVICE } from '../../ui/testing/fixture-models.ts';
import { deviceLabel } from './device-label.ts';

test('the device label names the card for WebGPU, the threads for the processor, and nothing for a server', () => {
  expect(deviceLabel('webllm', undefined, DEVICE)).toBe('apple metal-3, WebGPU');
  expect(deviceLabel('webllm', undefined, { ...DEVICE, vendor: '', architecture: '' })).toBe('WebGPU');
  expect(deviceLabel('wllama', { kind: 'threads', threadCount: 4 }, DEVICE)).toBe('CPU, 4 threads');
  expect(deviceLabel('wllama', { kind: 'single', threadCount: 1 }, DEVICE)).toBe('CPU, 1 thread');
  expect(deviceLabel('wllama', { kind: 'webgpu' }, DEVICE)).toBe('apple metal-3, WebGPU');
  expect(deviceLabel('server', undefined, DEVICE)).toBeUndefined();
});
