import type { DeviceReport } from '../device.ts';
import type { ModelFile, ModelRecord } from '../model-record.ts';

/** A model for tests, of web-llm unless said otherwise, with no file. */
export function madeUpRecord(change: Partial<ModelRecord> = {}): ModelRecord {
  return {
    id: 'm',
    name: 'M',
    family: 'M',
    maker: 'M',
    engine: 'webllm',
    quantization: 'q4f16_1',
    parameterCount: 1e9,
    contextWindow: 4096,
    vramBytes: 900e6,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    source: { kind: 'files', revision: '1', files: [] },
    ...change,
  };
}

/** The toy's tokenizer, 55 KB: it downloads and verifies; no engine loads it. */
export const REAL_FILE: ModelFile = {
  path: 'library.wasm',
  url: `${location.origin}/models/toy/tokenizer.json`,
  sizeBytes: 55_213,
  sha256: '627a03e4e4613378bad707be8fe5a95bb43b0da7edce954fe3062e50879f1548',
};

/** A model whose one file can be downloaded. */
export function downloadableRecord(change: Partial<ModelRecord> = {}): ModelRecord {
  const files = { kind: 'files', revision: '1', files: [REAL_FILE] } as const;
  // Small, so that no device is too slow for it.
  return madeUpRecord({ parameterCount: 1e6, vramBytes: 0, source: files, ...change });
}

/** A model that a script plays. */
export function scriptedRecord(change: Partial<ModelRecord> = {}): ModelRecord {
  const script = { id: 'script', name: 'Script', family: 'Script', maker: 'Alcove', quantization: 'none' };
  return madeUpRecord({
    ...script,
    engine: 'scripted',
    parameterCount: 1,
    contextWindow: 1000,
    vramBytes: 0,
    ...change,
  });
}

const MIB = 1024 * 1024;

/** A device with a graphics card that can do all that is asked of one. */
export const MADE_UP_DEVICE: DeviceReport = {
  webgpu: 'available',
  features: ['shader-f16'],
  limits: {
    maxBufferSize: 1024 * MIB,
    maxStorageBufferBindingSize: 1024 * MIB,
    maxComputeWorkgroupStorageSize: 32 * 1024,
    maxStorageBuffersPerShaderStage: 10,
  },
  vendor: '',
  architecture: '',
  isFallbackAdapter: false,
  memoryBytes: undefined,
  cores: 8,
  sharedMemory: true,
};
