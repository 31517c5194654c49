import type { EngineId } from '../model-record.ts';
import type { SpeedEstimate } from './engine-profile.ts';
import { graphicsSpeed } from './graphics-speed.ts';
import { processorSpeed } from './processor-speed.ts';
import { hasUsableGpu } from './wllama.ts';

/**
 * How fast each engine decodes on this device; undefined for one whose models run elsewhere. Apart from the profiles because
 * the page's entry contains those, and needs no speeds.
 */
export const ENGINE_SPEEDS: Readonly<Record<EngineId, SpeedEstimate | undefined>> = {
  webllm: graphicsSpeed,
  wllama: (work, device, benchmark) => {
    // iOS has no browser with JSPI, which wllama's build for WebGPU needs.
    const isOnGpu = hasUsableGpu(device) && device.system !== 'ios';
    return isOnGpu ? graphicsSpeed(work, device, benchmark) : processorSpeed(work, device, benchmark);
  },
  server: undefined,
  browser: undefined,
  scripted: processorSpeed,
};
