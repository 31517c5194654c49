import type { EngineProfile } from './engine-profile.ts';

/** The browser's own model: the browser downloads and keeps it, and says neither what it takes nor how fast it is. */
export const BROWSER: EngineProfile = {
  libraryVersion: undefined,
  weights: undefined,
  // No catalogue may name it: whether there is one is for the browser to say.
  sources: [],
  preference: 2,
  keepsPrefixes: false,
  separatesReasoning: false,
  // Gemini Nano's, 256 and two that enclose them; other browsers do not say.
  imageTokens: () => 260,
  contextWindowOverride: undefined,
  usualFeatures: () => [],
  isReady: () => true,
  refusal: () => undefined,
  backends: () => [{ kind: 'webgpu', backend: undefined }],
  isOnGraphicsCard: () => false,
  local: undefined,
};
