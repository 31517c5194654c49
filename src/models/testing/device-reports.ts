import type { DeviceReport } from '../device.ts';

/**
 * Devices of people who wrote public issues, as their browser would report them: what the issue says, and what such a device
 * reports elsewhere (webgpureport.org's usual limits). `failed` are the models that they saw crash, hang or refused, by id or
 * by what is like it today; `worked` those that ran.
 */
export interface RecordedDevice {
  readonly name: string;
  readonly issue: string;
  readonly device: DeviceReport;
  readonly failed: readonly string[];
  readonly worked?: readonly string[];
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

type Change = Partial<Omit<DeviceReport, 'limits'>> & { readonly bindingBytes?: number; readonly bufferBytes?: number };

function device({ bindingBytes = 2 * GIB - 4, bufferBytes = 2 * GIB, ...change }: Change): DeviceReport {
  return {
    webgpu: 'available',
    features: ['shader-f16'],
    limits: {
      maxBufferSize: bufferBytes,
      maxStorageBufferBindingSize: bindingBytes,
      maxComputeWorkgroupStorageSize: 32 * 1024,
      maxStorageBuffersPerShaderStage: 10,
    },
    vendor: '',
    architecture: '',
    isFallbackAdapter: false,
    memoryBytes: 8 * GIB,
    cores: 8,
    sharedMemory: true,
    system: 'windows',
    ...change,
  };
}

const NO_GPU = { features: [], bindingBytes: 0, bufferBytes: 0 } as const;
const SMALL_BUFFERS = { bindingBytes: 128 * MIB, bufferBytes: 256 * MIB } as const;
const IOS = { vendor: 'apple', system: 'ios', memoryBytes: undefined, bindingBytes: GIB, bufferBytes: GIB } as const;

const LLAMA_8B = [
  'Llama-3-8B-Instruct-q4f32_1-MLC',
  'Llama-3-8B-Instruct-q4f32_1-MLC-1k',
  'Llama-3.1-8B-Instruct-q4f32_1-MLC',
];
const SEVENS = [
  'Llama-2-7b-chat-hf-q4f32_1-MLC-1k',
  'Llama-2-7b-chat-hf-q4f16_1-MLC-1k',
  'Mistral-7B-Instruct-v0.3-q4f16_1-MLC',
];
const ALL_F16 = [
  'Llama-3.2-1B-Instruct-q4f16_1-MLC',
  'Qwen3-0.6B-q4f16_1-MLC',
  'gemma-2-2b-it-q4f16_1-MLC',
  'SmolLM2-360M-Instruct-q4f16_1-MLC',
];

export const RECORDED_DEVICES: readonly RecordedDevice[] = [
  // Phones
  {
    name: 'iPhone, iOS 26, Safari',
    issue: 'mlc-ai/web-llm#753',
    device: device({ ...IOS, cores: 4 }),
    failed: ['Qwen2.5-3B-Instruct-q4f16_1-MLC'],
    worked: ['SmolLM2-135M-Instruct-q0f16-MLC'],
  },
  {
    name: 'iPhone, iOS 18 beta, buffers of 256 MB',
    issue: 'mlc-ai/web-llm#386',
    device: device({ ...IOS, cores: 4, ...SMALL_BUFFERS }),
    failed: ['Llama-3.2-3B-Instruct-q4f16_1-MLC', 'Phi-3.5-mini-instruct-q4f16_1-MLC', ...SEVENS],
  },
  {
    name: 'iPhone 15, 6 GB, a model of 3 billion parameters',
    issue: 'mlc-ai/mlc-llm#1643',
    device: device({ ...IOS, cores: 6 }),
    failed: ['RedPajama-INCITE-Chat-3B-v1-q4f16_1-MLC', 'RedPajama-INCITE-Chat-3B-v1-q4f16_1-MLC-1k'],
  },
  {
    name: 'iPhone in an older iOS, no WebGPU, llama.cpp out of memory',
    issue: 'ngxson/wllama#72',
    device: device({
      ...NO_GPU,
      webgpu: 'no-api',
      system: 'ios',
      memoryBytes: undefined,
      cores: 4,
      sharedMemory: false,
    }),
    failed: ['Llama-3.2-3B-Instruct-Q4_K_M-GGUF', 'Qwen3-1.7B-Q8_0-GGUF'],
  },
  {
    name: 'iPad, which calls itself a Mac',
    issue: 'mlc-ai/web-llm#753',
    device: device({ ...IOS, cores: 8 }),
    failed: ['Qwen2.5-3B-Instruct-q4f16_1-MLC', 'Qwen3.5-2B-q4f16_1-MLC'],
  },
  {
    name: 'Pixel 6a, 6 GB that the browser reports as 4',
    issue: 'mlc-ai/web-llm#524',
    device: device({ vendor: 'arm', architecture: 'valhall', system: 'android', memoryBytes: 4 * GIB }),
    failed: ['gemma-2-2b-it-q4f16_1-MLC-1k', 'gemma-2-2b-it-q4f16_1-MLC', 'Phi-3-mini-4k-instruct-q4f16_1-MLC-1k'],
    worked: ['TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC-1k'],
  },
  {
    name: 'Pixel 6a, 6 GB that the browser reports as 8',
    issue: 'mlc-ai/web-llm#524',
    device: device({ vendor: 'arm', architecture: 'valhall', system: 'android', memoryBytes: 8 * GIB }),
    failed: ['gemma-2-2b-it-q4f16_1-MLC-1k', 'Phi-3-mini-4k-instruct-q4f16_1-MLC-1k'],
    worked: ['TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC-1k'],
  },
  {
    name: 'Pixel 6a, llama.cpp with Gemma 2 2B: it crawls, then unreachable',
    issue: 'ngxson/wllama#62',
    device: device({ ...NO_GPU, webgpu: 'no-adapter', system: 'android', memoryBytes: 4 * GIB }),
    failed: ['gemma-2-2b-it-Q4_K_M-GGUF'],
  },
  {
    name: 'Galaxy S20, bindings of 128 MiB',
    issue: 'apache/tvm#14640',
    device: device({ vendor: 'arm', system: 'android', ...SMALL_BUFFERS, features: [] }),
    failed: ['Llama-3.2-3B-Instruct-q4f32_1-MLC', ...SEVENS],
  },
  {
    name: 'Android phone, bindings of 128 MiB, Llama 2 7B takes Chrome down',
    issue: 'mlc-ai/web-llm#209',
    device: device({ vendor: 'qualcomm', system: 'android', ...SMALL_BUFFERS }),
    failed: SEVENS,
  },
  {
    name: 'Galaxy S23 and its like, 2 GB bindings',
    issue: 'mlc-ai/web-llm#262',
    device: device({ vendor: 'qualcomm', architecture: 'adreno-7xx', system: 'android', features: [] }),
    failed: [...SEVENS, ...LLAMA_8B, ...ALL_F16],
    worked: ['TinyLlama-1.1B-Chat-v1.0-q4f32_1-MLC-1k'],
  },
  {
    name: 'Poco F3, bindings of 128 MiB',
    issue: 'mlc-ai/web-stable-diffusion#35',
    device: device({ vendor: 'qualcomm', system: 'android', ...SMALL_BUFFERS, features: [] }),
    failed: ['Phi-3.5-mini-instruct-q4f32_1-MLC', ...LLAMA_8B],
  },
  {
    name: 'Pixel 8 Pro, 12 GB, Llama 3 8B out of memory',
    issue: 'mlc-ai/mlc-llm#2686',
    device: device({ vendor: 'arm', system: 'android', memoryBytes: 8 * GIB }),
    failed: LLAMA_8B,
  },
  {
    name: 'Cheap phone, 2 GB',
    issue: 'ngxson/wllama#18',
    device: device({ ...NO_GPU, webgpu: 'no-adapter', system: 'android', memoryBytes: 2 * GIB, sharedMemory: false }),
    failed: ['Llama-3.2-1B-Instruct-Q4_K_M-GGUF', 'Qwen3-0.6B-Q8_0-GGUF'],
  },
  {
    name: 'All Qualcomm: no shader-f16',
    issue: 'gpuweb/gpuweb#5006',
    device: device({ vendor: 'qualcomm', system: 'android', features: [] }),
    failed: ALL_F16,
  },
  // Graphics in the processor
  {
    name: 'Intel graphics, no shader-f16',
    issue: 'mlc-ai/web-llm#254',
    device: device({ vendor: 'intel', architecture: 'gen-9', features: [] }),
    failed: [...ALL_F16, ...LLAMA_8B],
  },
  {
    name: 'Linux without f16 in its driver',
    issue: 'mlc-ai/web-llm#241',
    device: device({ vendor: 'intel', system: 'linux', features: [] }),
    failed: ALL_F16,
  },
  {
    name: 'Chrome that lacks f16 without a flag',
    issue: 'mlc-ai/web-llm#255',
    device: device({ features: [] }),
    failed: ALL_F16,
  },
  {
    name: 'Laptop with two cards, runs on the one in the processor',
    issue: 'mlc-ai/web-llm#609',
    device: device({ vendor: 'intel', architecture: 'xe' }),
    failed: LLAMA_8B,
  },
  {
    name: 'Intel graphics, 4 GB of memory',
    issue: 'mlc-ai/web-llm#26',
    device: device({ vendor: 'intel', memoryBytes: 4 * GIB, cores: 4 }),
    failed: [...LLAMA_8B, ...SEVENS, 'Phi-3.5-mini-instruct-q4f16_1-MLC'],
  },
  {
    name: 'MacBook Air M1, 8 GB, device lost with Llama 3.1',
    issue: 'mlc-ai/web-llm#517',
    device: device({ vendor: 'apple', architecture: 'metal-3', system: 'mac' }),
    failed: ['Llama-3.1-8B-Instruct-q4f32_1-MLC', 'Llama-3.1-8B-Instruct-q4f16_1-MLC'],
  },
  {
    name: 'Safari on a Mac, which tells no memory',
    issue: 'mlc-ai/web-llm#386',
    device: device({ vendor: 'apple', system: 'mac', memoryBytes: undefined }),
    failed: LLAMA_8B,
  },
  // Cards of their own
  {
    name: 'RTX 3050 Ti laptop, 4 GB of its own',
    issue: 'mlc-ai/web-llm#387',
    device: device({ vendor: 'nvidia', architecture: 'ampere', system: 'linux' }),
    failed: ['Llama-3-8B-Instruct-q4f32_1-MLC-1k', 'Llama-3-8B-Instruct-q4f32_1-MLC'],
  },
  {
    name: 'A card of 4 GB, lost when an old chat is read again',
    issue: 'mlc-ai/web-llm#647',
    device: device({ vendor: 'nvidia', architecture: 'turing' }),
    failed: [
      'Llama-3.1-8B-Instruct-q4f16_1-MLC',
      'Phi-3.5-mini-instruct-q4f16_1-MLC',
      'Mistral-7B-Instruct-v0.3-q4f16_1-MLC',
    ],
  },
  {
    name: 'GTX 1650, 4 GB: refused at 2.9',
    issue: 'mlc-ai/mlc-llm#374',
    device: device({ vendor: 'nvidia', architecture: 'turing' }),
    failed: ['Llama-2-7b-chat-hf-q4f16_1-MLC-1k', 'Mistral-7B-Instruct-v0.2-q4f16_1-MLC'],
  },
  {
    name: 'GTX 10: no f16 in its shaders',
    issue: 'mlc-ai/web-llm#254',
    device: device({ vendor: 'nvidia', architecture: 'pascal', features: [] }),
    failed: ALL_F16,
  },
  {
    name: 'Radeon, garbage from a model that is too large',
    issue: 'mlc-ai/web-llm#356',
    device: device({ vendor: 'amd', architecture: 'rdna-2' }),
    failed: LLAMA_8B,
  },
  // No WebGPU
  {
    name: 'Firefox without WebGPU',
    issue: 'mlc-ai/web-llm#229',
    device: device({ ...NO_GPU, webgpu: 'no-api', memoryBytes: undefined, system: 'linux' }),
    failed: [...ALL_F16, ...LLAMA_8B],
  },
  {
    name: 'Hardware acceleration switched off',
    issue: 'abi/secret-llama#26',
    device: device({ ...NO_GPU, webgpu: 'no-adapter', memoryBytes: 4 * GIB, cores: 4 }),
    failed: [...ALL_F16, 'Llama-3.1-8B-Instruct-q4f32_1-MLC'],
  },
  {
    name: 'No f16: llama.cpp’s WebGPU aborts',
    issue: 'ngxson/wllama#241',
    device: device({ features: [], vendor: 'nvidia', architecture: 'pascal' }),
    failed: ALL_F16,
  },
];
