import { expect, test } from 'vitest';
import { DEVICE } from '../../ui/testing/fixture-models.ts';
import { answerDevice } from './device-label.ts';

test('what an answer ran on is named: the card for WebGPU, the threads for the processor, nothing for a server', () => {
  expect(answerDevice('webllm', undefined, DEVICE)).toBe('apple metal-3, WebGPU');
  expect(answerDevice('webllm', undefined, { ...DEVICE, vendor: '', architecture: '' })).toBe('WebGPU');
  expect(answerDevice('wllama', { rung: 'threads', threadCount: 4 }, DEVICE)).toBe('CPU, 4 threads');
  expect(answerDevice('wllama', { rung: 'single', threadCount: 1 }, DEVICE)).toBe('CPU, 1 thread');
  expect(answerDevice('wllama', { rung: 'webgpu' }, DEVICE)).toBe('apple metal-3, WebGPU');
  expect(answerDevice('server', undefined, DEVICE)).toBeUndefined();
});
