import type { EngineProfile } from './engine-profile.ts';

/** A custom server that speaks the OpenAI protocol: nothing of its models is stored or computed on this device. */
export const SERVER: EngineProfile = {
  libraryVersion: undefined,
  weights: undefined,
  sources: ['server'],
  preference: 0,
  // The server decides what it keeps, and is asked no more than it has to be.
  keepsPrefixes: false,
  separatesReasoning: false,
  // Of a large image: 85 to 1,105 by OpenAI's rules, 256 to 4,096 with the models that servers run.
  imageTokens: () => 1_000,
  contextWindowOverride: undefined,
  usualFeatures: () => [],
  isReady: ({ source }) => source.kind === 'custom-server',
  refusal: ({ source }) => (source.kind === 'custom-server' ? undefined : { code: 'model-too-large', data: {} }),
  backends: () => [{ kind: 'webgpu', backend: undefined }],
  isOnGraphicsCard: () => false,
  local: undefined,
};
