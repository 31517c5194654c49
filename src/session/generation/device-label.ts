import type { Backend } from '../../models/backend.ts';
import type { DeviceReport } from '../../models/device.ts';
import { ENGINE_PROFILES } from '../../models/engines/engine-profiles.ts';
import type { EngineId } from '../../models/model-record.ts';

/**
 * What an answer was computed on, as far as the browser reports: the graphics card's maker and architecture, or the
 * processor's threads. Undefined if the browser reports nothing, or if a server computed it.
 */
export function deviceLabel(
  engine: EngineId,
  backend: Backend | undefined,
  device: DeviceReport | undefined,
): string | undefined {
  if (backend?.kind === 'single') return 'CPU, 1 thread';
  if (backend?.kind === 'threads')
    return backend.threadCount === undefined ? 'CPU' : `CPU, ${backend.threadCount} threads`;
  if (device === undefined || !ENGINE_PROFILES[engine].isOnGraphicsCard(backend)) return undefined;
  const name = [device.vendor, device.architecture].filter((part) => part !== '').join(' ');
  return name === '' ? 'WebGPU' : `${name}, WebGPU`;
}
