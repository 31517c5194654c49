import type { BackendKind } from '../../../models/backend.ts';
import type { DeviceReport } from '../../../models/device.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { hasJspi, llamaBuild } from '../../../platform/wasm-build.ts';

/** A backend in llama.cpp's terms. */
export interface BackendSettings {
  readonly kind: BackendKind;
  readonly threadCount: number;
  readonly gpuLayers: number;
  /** Prompt tokens that llama.cpp processes in one step. */
  readonly batchTokens: number;
}

/** More layers than any model has. */
const ALL_LAYERS = 999;

/** llama.cpp's default. */
const GPU_BATCH_TOKENS = 512;

/**
 * Small, because llama.cpp can be cancelled only between two steps. On a processor the size makes no difference beyond noise
 * (SmolLM2 135M Q4_1, one thread, 2-core Xeon with other work, November 2026, tokens/s of two runs each: 512 gave 12.0 and
 * 9.7, 64 gave 11.1 and 10.5, 32 gave 9.7 and 14.8).
 */
const CPU_BATCH_TOKENS = 32;

/**
 * @param wanted undefined for the best that there is
 * @param threadCount for `threads`; undefined for all cores
 * @throws AlcoveError when the device does not offer what is wanted
 */
export function chooseBackend(
  wanted: BackendKind | undefined,
  threadCount: number | undefined,
  device: DeviceReport,
): BackendSettings {
  const kind = wanted ?? bestKind(device);
  switch (kind) {
    case 'webgpu': {
      const refusal = gpuRefusal(device);
      if (refusal !== undefined) throw refusal;
      const count = device.sharedMemory ? (threadCount ?? device.cores) : 1;
      return { kind, threadCount: count, gpuLayers: ALL_LAYERS, batchTokens: GPU_BATCH_TOKENS };
    }
    case 'threads':
      if (!device.sharedMemory) throw new AlcoveError('load-failed', 'threads need memory that workers share');
      return { kind, threadCount: threadCount ?? device.cores, gpuLayers: 0, batchTokens: CPU_BATCH_TOKENS };
    case 'single':
      return { kind, threadCount: 1, gpuLayers: 0, batchTokens: CPU_BATCH_TOKENS };
  }
}

function bestKind(device: DeviceReport): BackendKind {
  if (!device.isFallbackAdapter && gpuRefusal(device) === undefined) return 'webgpu';
  return device.sharedMemory && device.cores > 1 ? 'threads' : 'single';
}

/** Why llama.cpp's WebGPU cannot run here; undefined if it can. Without shader-f16 it falls back to the CPU by itself. */
function gpuRefusal(device: DeviceReport): AlcoveError | undefined {
  if (device.webgpu === 'no-api' || (llamaBuild() === 'default' && !hasJspi())) {
    return new AlcoveError('webgpu-missing', 'WebGPU needs a browser with it and JSPI, or the compatible build');
  }
  if (device.webgpu === 'no-adapter') return new AlcoveError('gpu-adapter-missing', 'no adapter');
  if (device.features.includes('shader-f16')) return undefined;
  return new AlcoveError('gpu-feature-missing', 'no shader-f16', { data: { feature: 'shader-f16' } });
}
