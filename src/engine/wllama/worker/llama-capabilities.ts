import { BASIC_SAMPLING } from '../../capabilities.ts';
import type { Capabilities } from '../../engine.ts';

/** What llama.cpp reports about a loaded model. */
export interface LoadedModel {
  /** Of the GGUF file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** A projector for images was loaded with it. */
  readonly hasImageInput: boolean;
}

/** OpenAI's limit; llama.cpp has none. */
const MOST_LOGPROBS = 20;

/** Before a model is loaded. llama.cpp computes embeddings with any model, though a chat model's are of little use. */
export const LLAMA_CAPABILITIES: Capabilities = {
  sampling: [...BASIC_SAMPLING, 'topK', 'minP', 'repeatPenalty'],
  thinkingSwitch: false,
  tools: true,
  responseFormats: ['json', 'json-schema', 'grammar'],
  images: false,
  continueLast: true,
  countTokens: true,
  embeddings: true,
  perplexity: true,
  logprobs: MOST_LOGPROBS,
  toolsWithFormat: false,
  rawPrompt: true,
};

export function llamaCapabilities({ metadata, hasImageInput }: LoadedModel): Capabilities {
  const template = metadata['tokenizer.chat_template'] ?? '';
  return {
    ...LLAMA_CAPABILITIES,
    thinkingSwitch: template.includes('enable_thinking'),
    images: hasImageInput,
  };
}
