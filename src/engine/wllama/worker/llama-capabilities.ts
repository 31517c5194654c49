import type { ModelRecord } from '../../../models/model-record.ts';
import { BASIC_SAMPLING } from '../../capabilities.ts';
import type { Capabilities, Sampling } from '../../engine.ts';

/** What llama.cpp reports about a loaded model. */
export interface LoadedModel {
  /** Of the GGUF file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** A projector for images was loaded with it. */
  readonly hasImageInput: boolean;
}

/** OpenAI's limit; llama.cpp has none. */
const MOST_LOGPROBS = 20;

/** Of llama.cpp (`common_params_sampling`, 2026-11), under the keys by which a GGUF file may name its own. */
const SAMPLING_DEFAULTS = [
  ['temperature', 0.8, 'temp'],
  ['topK', 40, 'top_k'],
  ['topP', 0.95, 'top_p'],
  ['minP', 0.05, 'min_p'],
  ['repeatPenalty', 1, 'penalty_repeat'],
  ['frequencyPenalty', 0, undefined],
  ['presencePenalty', 0, undefined],
] as const satisfies readonly (readonly [keyof Sampling, number, string | undefined])[];

/** Of any model. llama.cpp computes embeddings with any model, though a chat model's are of little use. */
export const LLAMA_CAPABILITIES: Capabilities = {
  sampling: [...BASIC_SAMPLING, 'topK', 'minP', 'repeatPenalty'],
  samplingDefaults: samplingDefaults({}),
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

/** Before a model is loaded: what its record says. */
export function expectedCapabilities({ imageTokens }: ModelRecord): Capabilities {
  return { ...LLAMA_CAPABILITIES, images: imageTokens !== undefined };
}

export function llamaCapabilities({ metadata, hasImageInput }: LoadedModel): Capabilities {
  const template = metadata['tokenizer.chat_template'] ?? '';
  return {
    ...LLAMA_CAPABILITIES,
    samplingDefaults: samplingDefaults(metadata),
    thinkingSwitch: template.includes('enable_thinking'),
    images: hasImageInput,
  };
}

function samplingDefaults(metadata: LoadedModel['metadata']): Sampling {
  const entries = SAMPLING_DEFAULTS.map(([name, standard, key]) => {
    const own = key === undefined ? Number.NaN : Number.parseFloat(metadata[`general.sampling.${key}`] ?? '');
    return [name, Number.isFinite(own) ? own : standard];
  });
  return Object.fromEntries(entries);
}
