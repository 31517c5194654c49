import type { ServerKind } from '../../models/model-record.ts';
import { BASIC_SAMPLING } from '../capabilities.ts';
import type { Capabilities } from '../engine.ts';

/**
 * What each program accepts beyond the common protocol, from their documentation (Nov 2026). If the model itself cannot
 * call tools or see images, the server refuses with an error.
 */
const BY_KIND: Readonly<Record<ServerKind, Partial<Capabilities>>> = {
  'llama.cpp': {
    sampling: [...BASIC_SAMPLING, 'topK', 'minP', 'repeatPenalty'],
    responseFormats: ['json', 'json-schema', 'grammar'],
    continueLast: true,
    countTokens: true,
  },
  vllm: {
    sampling: [...BASIC_SAMPLING, 'topK', 'minP', 'repeatPenalty'],
    responseFormats: ['json', 'json-schema', 'grammar'],
    continueLast: true,
    countTokens: true,
  },
  // Its OpenAI endpoint ignores top_k, min_p and the repeat penalty silently.
  ollama: { embeddings: true },
  'lm-studio': {
    sampling: [...BASIC_SAMPLING, 'topK', 'repeatPenalty'],
    responseFormats: ['json-schema'],
    embeddings: true,
  },
  other: {},
};

export function serverCapabilities(kind: ServerKind): Capabilities {
  return {
    sampling: BASIC_SAMPLING,
    thinkingSwitch: false,
    tools: true,
    toolsWithFormat: true,
    responseFormats: ['json', 'json-schema'],
    images: true,
    continueLast: false,
    countTokens: false,
    embeddings: false,
    perplexity: false,
    logprobs: undefined,
    rawPrompt: false,
    ...BY_KIND[kind],
  };
}
