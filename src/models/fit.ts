import type { ErrorCode, ErrorData } from '../errors.ts';
import type { DeviceReport } from './device.ts';
import type { ModelRecord } from './model-record.ts';

/** Whether a model can run on a device, said before its download. `code` and `data` are those of an AlcoveError. */
export type Fit =
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'runs' }
  | { readonly verdict: 'cannot-run'; readonly code: ErrorCode; readonly data: ErrorData };

/** WebGPU's default for maxStorageBufferBindingSize, https://www.w3.org/TR/webgpu/#limits */
const DEFAULT_BINDING_BYTES = 128 * 1024 * 1024;

/** What TVM's runtime asks of every adapter (web-llm 0.2.86, detectGPUDevice). */
const REQUIRED_LIMITS = {
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxStorageBuffersPerShaderStage: 10,
} as const;

export function fitModel(record: ModelRecord, device: DeviceReport | undefined): Fit {
  if (record.source.kind === 'own-server') return { verdict: 'runs' };
  if (record.engine === 'server') return cannotRun('model-too-large', {});
  // llama.cpp runs on any processor; what the graphics card cannot do, it does.
  if (record.engine !== 'webllm') return { verdict: 'runs' };
  if (device === undefined) return { verdict: 'unknown' };
  if (device.webgpu === 'no-api') return cannotRun('webgpu-missing', {});
  if (device.webgpu === 'no-adapter') return cannotRun('gpu-adapter-missing', {});
  const missing = record.requiredFeatures.find((feature) => !device.features.includes(feature));
  if (missing !== undefined) return cannotRun('gpu-feature-missing', { feature: missing });
  const required = {
    ...REQUIRED_LIMITS,
    maxStorageBufferBindingSize: record.requiredBindingBytes ?? DEFAULT_BINDING_BYTES,
  };
  for (const [name, needed] of Object.entries(required)) {
    const limit = name as keyof typeof required;
    const available = device.limits[limit];
    if (available < needed) return cannotRun('gpu-limit-too-low', { limit, needed, available });
  }
  return { verdict: 'runs' };
}

function cannotRun(code: ErrorCode, data: ErrorData): Fit {
  return { verdict: 'cannot-run', code, data };
}
