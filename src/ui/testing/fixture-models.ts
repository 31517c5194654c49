import { serverRecords } from '../../models/catalogue/custom-server.ts';
import type { DeviceReport } from '../../models/device.ts';
import { fitModel } from '../../models/fit/fit.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ModelEntry, WeightsState } from '../../session/state/session-state.ts';
import { HOUR_MS, NOW } from './fixture-time.ts';

export const DEVICE: DeviceReport = {
  webgpu: 'available',
  features: ['shader-f16'],
  limits: {
    maxBufferSize: 4_294_967_296,
    maxStorageBufferBindingSize: 2_147_483_644,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
  },
  vendor: 'apple',
  architecture: 'metal-3',
  isFallbackAdapter: false,
  memoryBytes: 8_000_000_000,
  cores: 8,
  sharedMemory: true,
};

function record(change: Partial<ModelRecord> & Pick<ModelRecord, 'id' | 'name'>): ModelRecord {
  return {
    family: 'Qwen3.5',
    maker: 'Alibaba',
    engine: 'webllm',
    quantization: 'q4f16_1',
    parameterCount: 2_000_000_000,
    contextWindow: 4_096,
    vramBytes: 2_354_514_493,
    requiredFeatures: ['shader-f16'],
    licence: { name: 'Apache-2.0', url: 'https://spdx.org/licenses/Apache-2.0.html' },
    source: { kind: 'files', revision: '1', files: [] },
    ...change,
  };
}

export const QWEN = record({
  id: 'qwen',
  name: 'Qwen3.5 2B',
  trainedContextWindow: 262_144,
  memory: { layers: 24, kvLayers: 6, kvHeads: 2, headSize: 256 },
  abilities: ['chat', 'thinking', 'tools', 'code'],
  languages: ['en', 'zh', 'de', 'ar'],
});
export const TOY = record({
  id: 'toy',
  name: 'Toy, to try the app',
  family: 'Toy',
  purpose: 'toy',
  modelKey: 'toy',
  maker: 'Alcove',
  quantization: 'q0f32',
  parameterCount: 870_000,
  contextWindow: 2_048,
  sizeBytes: 7_286_550,
  vramBytes: 67_108_864,
  requiredFeatures: [],
  licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
  note: 'A toy model of 0.87 million parameters that knows a few phrases, to see how Alcove works. It knows nothing else.',
});
const LLAMA = record({
  id: 'llama',
  name: 'Llama 3.2 1B Instruct',
  maker: 'Meta',
  parameterCount: 1_230_000_000,
  vramBytes: 921_740_247,
  abilities: ['chat', 'tools'],
  languages: ['en'],
  licence: { name: 'Llama 3.2 Community License', url: 'https://www.llama.com/llama3_2/license/' },
});
const LLAMA_F32 = record({ ...LLAMA, id: 'llama-f32', quantization: 'q4f32_1', vramBytes: 1_183_653_560 });
const LARGE = record({
  id: 'large',
  name: 'Donaudampfschifffahrtsgesellschaft-Sprachmodell 70B Instruct',
  parameterCount: 70_000_000_000,
  vramBytes: 42_000_000_000,
  requiredBindingBytes: 4_000_000_000,
});
export const SMOL = record({
  id: 'smol',
  name: 'SmolLM2 360M Instruct',
  maker: 'Hugging Face',
  parameterCount: 361_821_120,
  vramBytes: 394_327_491,
  abilities: ['chat'],
  languages: ['en'],
  note: 'Very small: quick, and often wrong about facts.',
});

export function entry(
  of: ModelRecord,
  weights: WeightsState = { status: 'absent' },
  device: DeviceReport | undefined = DEVICE,
): ModelEntry {
  return { record: of, fit: fitModel(of, device), weights };
}

/** Two models on a server of this computer, one of which computes embeddings. */
export const SERVED = serverRecords({
  id: 'lm',
  baseUrl: 'http://localhost:1234/v1',
  kind: 'lm-studio',
  hasKey: false,
  models: [
    { name: 'google/gemma-4-e2b', contextWindow: 32_768, isEmbedding: false },
    { name: 'nomic-v2', contextWindow: 2_048, isEmbedding: true },
  ],
  listedAt: NOW,
});

export const ALL = [TOY, SMOL, LLAMA, LLAMA_F32, QWEN, LARGE];
export const STORED = {
  status: 'stored',
  sizeBytes: 1_130_000_000,
  lastUsedAt: NOW - 26 * HOUR_MS,
} as const satisfies WeightsState;

export function models(weights: Readonly<Record<string, WeightsState>> = {}, device?: DeviceReport): ModelEntry[] {
  return ALL.map((of) => entry(of, weights[of.id], device));
}

export const FIGURES = {
  loadedBytes: 612_400_000,
  totalBytes: 1_130_000_000,
  bytesPerSecond: 24_300_000,
  secondsLeft: 21,
  waitingForNetwork: false,
};
