import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import type { EngineProfile, Refusal } from './engine-profile.ts';

/** WebGPU's default for maxStorageBufferBindingSize, https://www.w3.org/TR/webgpu/#limits */
const DEFAULT_BINDING_BYTES = 128 * 1024 * 1024;

/** What TVM's runtime asks an adapter for; where that has less, a smaller binding (web-llm 0.2.86, detectGPUDevice). */
const MOST_BINDING_BYTES = 1024 * 1024 * 1024;

/** Weights up to this size are known to keep to a binding of the default size. */
const SMALL_WEIGHTS_BYTES = 800_000_000;

/** What TVM's runtime asks of every adapter (web-llm 0.2.86, detectGPUDevice). */
const REQUIRED_LIMITS = {
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxStorageBuffersPerShaderStage: 10,
} as const;

/** web-llm: MLC's weights, and a library that was compiled for each model, on WebGPU. */
export const WEBLLM: EngineProfile = {
  libraryVersion: '0.2.86',
  weights: 'mlc',
  sources: ['files', 'huggingface'],
  // It has kernels of its own for each model.
  preference: 0,
  // Not the few models with a sliding window or recurrent state: there a question in between costs a prefill.
  keepsPrefixes: true,
  separatesReasoning: false,
  imageTokens: () => 0,
  contextWindowOverride: 'context_window_size',
  // Activations in f16 need shader-f16: every such library of MLC's says `enable f16`.
  usualFeatures: (quantization) => (quantization.includes('f16') ? ['shader-f16'] : []),
  isReady: () => false,
  refusal: (record, device) => (device === undefined ? undefined : refusal(record, device)),
  backends: () => [{ kind: 'webgpu', backend: undefined }],
  isOnGraphicsCard: () => true,
  local: {
    usesCardMemory: true,
    memoryLimits: undefined,
    stepBytesPerToken: 0,
    mostBindingBytes: (maxBindingBytes) => Math.min(maxBindingBytes, MOST_BINDING_BYTES),
    // MLC keeps keys and values in the type of its activations: the `f32` of `q4f32_1`.
    kvPairBytes: ({ quantization }) => (quantization.includes('f32') ? 4 + 4 : 2 + 2),
    mayExceedBinding: (weightsBytes, maxBindingBytes) =>
      maxBindingBytes <= DEFAULT_BINDING_BYTES && weightsBytes > SMALL_WEIGHTS_BYTES,
  },
};

function refusal({ requiredFeatures, requiredBindingBytes }: ModelRecord, device: DeviceReport): Refusal | undefined {
  if (device.webgpu === 'no-api') return { code: 'webgpu-missing', data: {} };
  if (device.webgpu === 'no-adapter') return { code: 'gpu-adapter-missing', data: {} };
  const feature = requiredFeatures.find((required) => !device.features.includes(required));
  if (feature !== undefined) return { code: 'gpu-feature-missing', data: { feature } };
  const required = {
    ...REQUIRED_LIMITS,
    maxStorageBufferBindingSize: requiredBindingBytes ?? DEFAULT_BINDING_BYTES,
  };
  for (const [name, needed] of Object.entries(required)) {
    const limit = name as keyof typeof required;
    const available = device.limits[limit];
    if (available < needed) return { code: 'gpu-limit-too-low', data: { limit, needed, available } };
  }
  return undefined;
}
