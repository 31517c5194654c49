import { afterEach, expect, test } from 'vitest';
import type { DeviceBenchmark } from '../../models/device.ts';
import { button, deepText, settle } from '../testing/deep-dom.ts';
import { STATES } from '../testing/states.ts';
import { DeviceSpeed } from './device-speed.ts';

afterEach(() => document.querySelector('alcove-device-speed')?.remove());

async function show(benchmark?: DeviceBenchmark): Promise<DeviceSpeed> {
  const view = new DeviceSpeed();
  view.state = { ...STATES.ready, ...(benchmark && { deviceCheck: 'measured', benchmark }) };
  document.body.append(view);
  await settle(view);
  return view;
}

const CPU = { operationsPerSecond: 9e9, bytesPerSecond: 12e9, secondsPerMessage: 1e-5, threads: undefined };

test('a measurement shows its figures, and a button repeats it', async () => {
  const view = await show({ gpu: undefined, cpu: CPU });
  const text = deepText(view);
  expect(text).toContain('12 GB/s');
  expect(text).toContain('9 billion operations/s');
  expect(text).not.toContain('busy');
  expect(text).not.toContain('Graphics card');
  const asked: string[] = [];
  view.addEventListener('alcove-model-action', ({ action }) => asked.push(action));
  button(view, 'Measure again').click();
  expect(asked).toEqual(['measure']);
});

test('figures that were measured under load say so', async () => {
  expect(deepText(await show({ gpu: undefined, cpu: { ...CPU, stolenFraction: 0.4 } }))).toContain(
    'The device was busy',
  );
});

test('a device that was not measured says that its speed is an estimate', async () => {
  const view = await show();
  expect(deepText(view)).toContain('an estimate');
  expect(button(view, 'Measure this device (2 s)').disabled).toBe(false);
});
