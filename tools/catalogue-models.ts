/**
 * What web-llm's own configuration does not say about a model, typed by hand from its maker's model card.
 * `parameterCount` is the figure that the maker gives. Order here is order in the catalogue.
 */
export interface Family {
  readonly name: string;
  readonly family: string;
  readonly maker: string;
  readonly parameterCount: number;
  readonly licence: { readonly name: string; readonly url: string };
  readonly note?: string;
  /** web-llm's `model_id`s: the 16-bit variant first, then the one for devices without shader-f16. */
  readonly ids: readonly string[];
}

const APACHE_2 = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' };
const MIT = { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' };
const LLAMA_3_2 = { name: 'Llama 3.2 Community License', url: 'https://www.llama.com/llama3_2/license/' };
const GEMMA = { name: 'Gemma Terms of Use', url: 'https://ai.google.dev/gemma/terms' };

export const FAMILIES: readonly Family[] = [
  {
    name: 'SmolLM2 360M Instruct',
    family: 'SmolLM2',
    maker: 'Hugging Face',
    parameterCount: 361_821_120,
    licence: APACHE_2,
    note: 'Very small: quick, and often wrong about facts.',
    ids: ['SmolLM2-360M-Instruct-q4f16_1-MLC', 'SmolLM2-360M-Instruct-q4f32_1-MLC'],
  },
  {
    name: 'Qwen3 0.6B',
    family: 'Qwen3',
    maker: 'Alibaba',
    parameterCount: 600_000_000,
    licence: APACHE_2,
    ids: ['Qwen3-0.6B-q4f16_1-MLC', 'Qwen3-0.6B-q4f32_1-MLC'],
  },
  {
    name: 'Qwen3.5 0.8B',
    family: 'Qwen3.5',
    maker: 'Alibaba',
    parameterCount: 800_000_000,
    licence: APACHE_2,
    ids: ['Qwen3.5-0.8B-q4f16_1-MLC', 'Qwen3.5-0.8B-q4f32_1-MLC'],
  },
  {
    name: 'Gemma 3 1B',
    family: 'Gemma 3',
    maker: 'Google',
    parameterCount: 999_885_952,
    licence: GEMMA,
    ids: ['gemma3-1b-it-q4f16_1-MLC'],
  },
  {
    name: 'Llama 3.2 1B Instruct',
    family: 'Llama 3.2',
    maker: 'Meta',
    parameterCount: 1_230_000_000,
    licence: LLAMA_3_2,
    ids: ['Llama-3.2-1B-Instruct-q4f16_1-MLC', 'Llama-3.2-1B-Instruct-q4f32_1-MLC'],
  },
  {
    name: 'Qwen3 1.7B',
    family: 'Qwen3',
    maker: 'Alibaba',
    parameterCount: 1_700_000_000,
    licence: APACHE_2,
    ids: ['Qwen3-1.7B-q4f16_1-MLC'],
  },
  {
    name: 'SmolLM2 1.7B Instruct',
    family: 'SmolLM2',
    maker: 'Hugging Face',
    parameterCount: 1_710_000_000,
    licence: APACHE_2,
    ids: ['SmolLM2-1.7B-Instruct-q4f16_1-MLC'],
  },
  {
    name: 'Qwen3.5 2B',
    family: 'Qwen3.5',
    maker: 'Alibaba',
    parameterCount: 2_000_000_000,
    licence: APACHE_2,
    ids: ['Qwen3.5-2B-q4f16_1-MLC', 'Qwen3.5-2B-q4f32_1-MLC'],
  },
  {
    name: 'Gemma 2 2B',
    family: 'Gemma 2',
    maker: 'Google',
    parameterCount: 2_610_000_000,
    licence: GEMMA,
    ids: ['gemma-2-2b-it-q4f16_1-MLC'],
  },
  {
    name: 'Llama 3.2 3B Instruct',
    family: 'Llama 3.2',
    maker: 'Meta',
    parameterCount: 3_210_000_000,
    licence: LLAMA_3_2,
    ids: ['Llama-3.2-3B-Instruct-q4f16_1-MLC', 'Llama-3.2-3B-Instruct-q4f32_1-MLC'],
  },
  {
    name: 'Ministral 3 3B Instruct',
    family: 'Ministral 3',
    maker: 'Mistral AI',
    parameterCount: 3_400_000_000,
    licence: APACHE_2,
    ids: ['Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC'],
  },
  {
    name: 'Phi-4-mini-instruct',
    family: 'Phi-4',
    maker: 'Microsoft',
    parameterCount: 3_800_000_000,
    licence: MIT,
    ids: ['Phi-4-mini-instruct-q4f16_1-MLC'],
  },
  {
    name: 'Qwen3.5 4B',
    family: 'Qwen3.5',
    maker: 'Alibaba',
    parameterCount: 4_000_000_000,
    licence: APACHE_2,
    ids: ['Qwen3.5-4B-q4f16_1-MLC'],
  },
  {
    name: 'DeepSeek R1 Distill Qwen 7B',
    family: 'DeepSeek R1',
    maker: 'DeepSeek',
    parameterCount: 7_620_000_000,
    licence: MIT,
    note: 'Large for a browser: thinks at length before it answers.',
    ids: ['DeepSeek-R1-Distill-Qwen-7B-q4f16_1-MLC'],
  },
];
