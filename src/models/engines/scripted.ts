import type { EngineProfile } from './engine-profile.ts';

/** The scripted engine writes a set text, for tests of the interface, benchmarks and demonstrations. */
export const SCRIPTED: EngineProfile = {
  libraryVersion: undefined,
  weights: undefined,
  sources: ['files', 'huggingface'],
  preference: 0,
  keepsPrefixes: true,
  separatesReasoning: false,
  imageTokens: () => 64,
  contextWindowOverride: undefined,
  usualFeatures: () => [],
  isReady: () => true,
  refusal: () => undefined,
  backends: () => [{ kind: 'webgpu', backend: undefined }],
  isOnGraphicsCard: () => false,
  local: {
    usesCardMemory: false,
    memoryLimits: undefined,
    stepBytesPerToken: 0,
    mostBindingBytes: undefined,
    kvPairBytes: () => 2 + 2,
    mayExceedBinding: () => false,
  },
};
