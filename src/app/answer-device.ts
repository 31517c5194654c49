import type { DeviceReport } from '../models/device.ts';
import type { EngineId } from '../models/model-record.ts';

/**
 * What an answer ran on, as far as the browser tells: the graphics card's maker and kind for an engine on WebGPU.
 * Undefined where it says nothing, or where a server did the work.
 */
export function answerDevice(engine: EngineId, device: DeviceReport | undefined): string | undefined {
  if (device === undefined || engine !== 'webllm') return undefined;
  const name = [device.vendor, device.architecture].filter((part) => part !== '').join(' ');
  return name === '' ? undefined : `${name}, WebGPU`;
}
