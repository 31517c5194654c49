import type { Backend } from '../../models/backend.ts';
import type { DeviceReport } from '../../models/device.ts';
import type { EngineId } from '../../models/model-record.ts';

/**
 * What an answer ran on, as far as the browser tells: the graphics card's maker and kind, or the processor's threads.
 * Undefined where it says nothing, or where a server did the work.
 * @param way how llama.cpp runs the model
 */
export function deviceLabel(
  engine: EngineId,
  way: Backend | undefined,
  device: DeviceReport | undefined,
): string | undefined {
  if (way?.rung === 'single') return 'CPU, 1 thread';
  if (way?.rung === 'threads') return way.threadCount === undefined ? 'CPU' : `CPU, ${way.threadCount} threads`;
  if (device === undefined || (engine !== 'webllm' && way?.rung !== 'webgpu')) return undefined;
  const name = [device.vendor, device.architecture].filter((part) => part !== '').join(' ');
  return name === '' ? 'WebGPU' : `${name}, WebGPU`;
}
