import type { ServerKind } from '../../models/model-record.ts';
import { BASIC_SAMPLING } from '../capabilities.ts';
import type { Capabilities } from '../engine.ts';

/**
 * What each program takes over the common protocol, from their documentation (Nov 2026). Whether the model itself can
 * call tools or see is for the server to refuse: it does so with an error, not silently.
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
  // Its OpenAI endpoint drops top_k, min_p and the repeat penalty without a word.
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
    responseFormats: ['json', 'json-schema'],
    images: true,
    continueLast: false,
    countTokens: false,
    embeddings: false,
    perplexity: false,
    ...BY_KIND[kind],
  };
}
