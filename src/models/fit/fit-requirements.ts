import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';

export interface Refusal {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** WebGPU's default for maxStorageBufferBindingSize, https://www.w3.org/TR/webgpu/#limits */
const DEFAULT_BINDING_BYTES = 128 * 1024 * 1024;

/** What TVM's runtime asks of every adapter (web-llm 0.2.86, detectGPUDevice). */
const REQUIRED_LIMITS = {
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxStorageBuffersPerShaderStage: 10,
} as const;

/** Why a model cannot run on a device, whatever its memory. Undefined also while the device is not known. */
export function refusalOf(record: ModelRecord, device: DeviceReport | undefined): Refusal | undefined {
  if (record.source.kind !== 'own-server' && record.engine === 'server') return { code: 'model-too-large', data: {} };
  if (record.abilities?.includes('embeddings') === true && !record.abilities.includes('chat')) {
    return { code: 'model-not-for-chat', data: {} };
  }
  // llama.cpp runs on any processor; what the graphics card cannot do, it does.
  if (record.engine !== 'webllm' || device === undefined) return undefined;
  if (device.webgpu === 'no-api') return { code: 'webgpu-missing', data: {} };
  if (device.webgpu === 'no-adapter') return { code: 'gpu-adapter-missing', data: {} };
  const missing = record.requiredFeatures.find((feature) => !device.features.includes(feature));
  if (missing !== undefined) return { code: 'gpu-feature-missing', data: { feature: missing } };
  const required = {
    ...REQUIRED_LIMITS,
    maxStorageBufferBindingSize: record.requiredBindingBytes ?? DEFAULT_BINDING_BYTES,
  };
  for (const [name, needed] of Object.entries(required)) {
    const limit = name as keyof typeof required;
    const available = device.limits[limit];
    if (available < needed) return { code: 'gpu-limit-too-low', data: { limit, needed, available } };
  }
  return undefined;
}
