import { BASIC_SAMPLING } from '../capabilities.ts';
import type { Capabilities } from '../engine.ts';

/** The models whose thinking web-llm switches off, by an empty `<think>` block before the answer: Qwen3 alone. */
const SWITCHED_THINKING = /^Qwen3-/;

/** Of web-llm 0.2.86. */
const MOST_LOGPROBS = 5;

/** @param modelId web-llm's own id, from which it derives them */
export function webLlmCapabilities(modelId: string): Capabilities {
  return {
    sampling: [...BASIC_SAMPLING, 'repeatPenalty'],
    thinkingSwitch: SWITCHED_THINKING.test(modelId),
    tools: true,
    toolsWithFormat: false,
    responseFormats: ['json', 'json-schema', 'grammar'],
    images: false,
    continueLast: false,
    countTokens: false,
    embeddings: false,
    perplexity: false,
    logprobs: MOST_LOGPROBS,
    rawPrompt: true,
  };
}
