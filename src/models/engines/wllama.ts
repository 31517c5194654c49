import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import type { BackendOffer, EngineProfile } from './engine-profile.ts';

/** `q8_0` stores numbers of 8 bits, and one scale of 16 bits for each block of them. */
const BLOCK_NUMBERS = 32;
const BLOCK_BYTES = 34;

/** llama.cpp as WebAssembly, through wllama: GGUF files, on any device. */
export const WLLAMA: EngineProfile = {
  libraryVersion: '3.13.0',
  weights: 'gguf',
  sources: ['files', 'huggingface', 'url', 'disk'],
  // It runs where web-llm cannot.
  preference: 1,
  keepsPrefixes: true,
  separatesReasoning: true,
  imageTokens: ({ imageTokens = 0 }) => imageTokens,
  contextWindowOverride: undefined,
  usualFeatures: () => [],
  isReady: () => false,
  // It runs on any processor, and computes there what the graphics card cannot.
  refusal: () => undefined,
  backends: (device, { hasGpuLlama }) => [
    ...(hasGpuLlama && hasUsableGpu(device) ? [{ kind: 'webgpu', backend: { kind: 'webgpu' } } as const] : []),
    ...threadCounts(device).map((threadCount): BackendOffer => {
      return { kind: 'threads', backend: { kind: 'threads', threadCount } };
    }),
    { kind: 'single', backend: { kind: 'single' } },
  ],
  isOnGraphicsCard: (backend) => backend?.kind === 'webgpu',
  local: {
    usesCardMemory: false,
    // WebAssembly has 4 GiB for everything; wllama's build with 64-bit addresses has more, and fewer browsers run it.
    memoryLimits: { sureBytes: 3.6e9, possibleBytes: 8e9, hopelessBytes: 16e9 },
    // The scores of a step of 32 tokens in f32, for each token of the window and each of (an assumed) 32 heads.
    stepBytesPerToken: 32 * 32 * 4,
    mostBindingBytes: undefined,
    // Values are f16; on a GPU keys are too.
    kvPairBytes: (record) => (llamaKeyType(record) === 'q8_0' ? BLOCK_BYTES / BLOCK_NUMBERS : 4) + 2,
    mayExceedBinding: () => false,
  },
};

/**
 * The type in which llama.cpp keeps keys on a processor; why not f16, see wllama-host.ts. It refuses a head size that is
 * not a multiple of a block, so keys are f32 where the head size is not known.
 */
export function llamaKeyType({ memory }: ModelRecord): 'q8_0' | 'f32' {
  return memory !== undefined && memory.headSize % BLOCK_NUMBERS === 0 ? 'q8_0' : 'f32';
}

/** llama.cpp's WebGPU shaders need f16; a software adapter is slower than the processor that it runs on. */
export function hasUsableGpu({ webgpu, features, isFallbackAdapter }: DeviceReport): boolean {
  return webgpu === 'available' && features.includes('shader-f16') && !isFallbackAdapter;
}

/** All cores, then half of them, which may be as fast where two logical cores share one that computes. */
function threadCounts({ cores, sharedMemory }: DeviceReport): readonly number[] {
  if (!sharedMemory || cores < 2) return [];
  const half = Math.ceil(cores / 2);
  return half < 2 ? [cores] : [...new Set([cores, half])];
}
