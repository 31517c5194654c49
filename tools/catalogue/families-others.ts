import { ENGLISH, type Family, gguf, hub, type Model, shape } from './family.ts';
import { type NoteId, noteOf } from './notes.ts';

/** The languages that Microsoft names for Phi-3.5 and Phi-4-mini. */
const PHI_LANGUAGES = 'en ar zh cs da nl fi fr de he hu it ja ko no pl pt ru es sv th tr uk'.split(' ');

const CHAT = ['chat'] as const;

function smol(
  size: string,
  parameterCount: number,
  memory: Model['memory'],
  ggufs: Model['ggufs'],
  note?: NoteId,
): Model {
  return {
    name: `SmolLM2 ${size} Instruct`,
    parameterCount,
    trainedContextWindow: 8_192,
    ...(memory !== undefined && { memory }),
    languages: ENGLISH,
    abilities: CHAT,
    releasedOn: '2024-11-01',
    url: hub(`HuggingFaceTB/SmolLM2-${size}-Instruct`),
    ...(note !== undefined && noteOf(note)),
    mlc: `SmolLM2-${size}-Instruct`,
    ...(ggufs !== undefined && { ggufs }),
  };
}

/** It reads a large image in tiles of 64 tokens each, 13 for the format of most photographs. */
function smolVlm(size: string, parameterCount: number, memory: Model['memory'], sizeBytes: number): Model {
  const name = `SmolVLM-${size}-Instruct`;
  return {
    name: `SmolVLM ${size} Instruct`,
    parameterCount,
    trainedContextWindow: 8_192,
    ...(memory !== undefined && { memory }),
    languages: ENGLISH,
    abilities: ['chat', 'vision'],
    releasedOn: '2025-01',
    url: hub(`HuggingFaceTB/${name}`),
    ggufs: [
      {
        repo: `ggml-org/${name}-GGUF`,
        quantization: 'Q8_0',
        projector: `mmproj-${name}-Q8_0.gguf`,
        imageTokens: 13 * 64,
        sizeBytes,
      },
    ],
  };
}

function tinyLlama(version: 'v1.0' | 'v0.4', releasedOn: string): Model {
  return {
    name: `TinyLlama 1.1B Chat ${version}`,
    parameterCount: 1_100_048_384,
    trainedContextWindow: 2_048,
    memory: shape(22, 4, 64),
    languages: ENGLISH,
    abilities: CHAT,
    releasedOn,
    url: hub(`TinyLlama/TinyLlama-1.1B-Chat-${version}`),
    mlc: `TinyLlama-1.1B-Chat-${version}`,
    ...(version === 'v1.0' && { ggufs: gguf('TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF', 'Q4_K_M') }),
  };
}

function arcticEmbed(size: 'm' | 's', parameterCount: number): Model {
  return {
    name: `Arctic Embed ${size.toUpperCase()}`,
    parameterCount,
    trainedContextWindow: 512,
    languages: ENGLISH,
    abilities: ['embeddings'],
    releasedOn: '2024-04-16',
    url: hub(`Snowflake/snowflake-arctic-embed-${size}`),
    ...noteOf('embeddings'),
    mlc: `snowflake-arctic-embed-${size}`,
  };
}

export const OTHER_FAMILIES: readonly Family[] = [
  {
    name: 'Gemma 4',
    maker: 'Google',
    licence: 'apache',
    models: [
      {
        // As its maker counts; 2.3 billion of them work on a token, the others are looked up.
        name: 'Gemma 4 E2B',
        parameterCount: 5_100_000_000,
        activeParameterCount: 2_300_000_000,
        trainedContextWindow: 131_072,
        abilities: ['chat', 'thinking', 'tools', 'vision', 'audio'],
        releasedOn: '2026-04',
        url: hub('google/gemma-4-E2B-it'),
        mlc: 'gemma-4-E2B-it',
        ggufs: gguf('unsloth/gemma-4-E2B-it-GGUF', 'Q4_K_M'),
      },
    ],
  },
  {
    name: 'Gemma 3',
    maker: 'Google',
    licence: 'gemma',
    models: [
      {
        name: 'Gemma 3 1B',
        parameterCount: 999_885_952,
        trainedContextWindow: 32_768,
        memory: shape(26, 1, 256),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2025-03-12',
        url: hub('google/gemma-3-1b-it'),
        mlc: 'gemma3-1b-it',
        ggufs: gguf('ggml-org/gemma-3-1b-it-GGUF', 'Q4_K_M', 'Q8_0'),
      },
    ],
  },
  {
    name: 'Gemma 2',
    maker: 'Google',
    licence: 'gemma',
    models: [
      {
        name: 'Gemma 2 2B',
        parameterCount: 2_614_341_888,
        trainedContextWindow: 8_192,
        memory: shape(26, 4, 256),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-07-31',
        url: hub('google/gemma-2-2b-it'),
        mlc: 'gemma-2-2b-it',
        ggufs: gguf('bartowski/gemma-2-2b-it-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Gemma 2 2B Japanese',
        parameterCount: 2_614_341_888,
        trainedContextWindow: 8_192,
        memory: shape(26, 4, 256),
        languages: ['ja', 'en'],
        abilities: CHAT,
        purpose: 'specialised',
        releasedOn: '2024-10-03',
        url: hub('google/gemma-2-2b-jpn-it'),
        mlc: 'gemma-2-2b-jpn-it',
      },
      {
        name: 'Gemma 2 9B',
        parameterCount: 9_241_705_984,
        trainedContextWindow: 8_192,
        memory: shape(42, 8, 256),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-06-27',
        url: hub('google/gemma-2-9b-it'),
        mlc: 'gemma-2-9b-it',
        ggufs: gguf('bartowski/gemma-2-9b-it-GGUF', 'Q4_K_M'),
      },
    ],
  },
  {
    name: 'Gemma',
    maker: 'Google',
    licence: 'gemma',
    models: [
      {
        name: 'Gemma 2B',
        parameterCount: 2_506_172_416,
        trainedContextWindow: 8_192,
        memory: shape(18, 1, 256),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-02-21',
        url: hub('google/gemma-2b-it'),
        mlc: 'gemma-2b-it',
      },
    ],
  },
  {
    name: 'SmolLM2',
    maker: 'Hugging Face',
    licence: 'apache',
    models: [
      smol('135M', 134_515_008, shape(30, 3, 64), gguf('bartowski/SmolLM2-135M-Instruct-GGUF', 'Q8_0'), 'tiny'),
      smol(
        '360M',
        361_821_120,
        shape(32, 5, 64),
        gguf('HuggingFaceTB/SmolLM2-360M-Instruct-GGUF', 'Q8_0'),
        'very-small',
      ),
      smol('1.7B', 1_711_376_384, shape(24, 32, 64), gguf('HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF', 'Q4_K_M')),
    ],
  },
  {
    name: 'SmolVLM',
    maker: 'Hugging Face',
    licence: 'apache',
    models: [
      // Sizes of the two files: 175,054,528 + 103,769,856 and 436,806,912 + 108,783,360 bytes.
      smolVlm('256M', 256_000_000, shape(30, 3, 64), 278_824_384),
      smolVlm('500M', 500_000_000, shape(32, 5, 64), 545_590_272),
    ],
  },
  {
    name: 'Phi',
    maker: 'Microsoft',
    licence: 'mit',
    models: [
      {
        name: 'Phi-4-mini-instruct',
        parameterCount: 3_836_021_760,
        trainedContextWindow: 131_072,
        memory: shape(32, 8, 128),
        languages: PHI_LANGUAGES,
        abilities: ['chat', 'tools'],
        releasedOn: '2025-02-26',
        url: hub('microsoft/Phi-4-mini-instruct'),
        mlc: 'Phi-4-mini-instruct',
        ggufs: gguf('unsloth/Phi-4-mini-instruct-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Phi-3.5-mini-instruct',
        parameterCount: 3_821_079_552,
        trainedContextWindow: 131_072,
        memory: shape(32, 32, 96),
        languages: PHI_LANGUAGES,
        abilities: CHAT,
        releasedOn: '2024-08-20',
        url: hub('microsoft/Phi-3.5-mini-instruct'),
        mlc: 'Phi-3.5-mini-instruct',
        ggufs: gguf('bartowski/Phi-3.5-mini-instruct-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Phi-3.5-vision-instruct',
        parameterCount: 4_146_621_440,
        trainedContextWindow: 131_072,
        memory: shape(32, 32, 96),
        languages: ENGLISH,
        abilities: ['chat', 'vision'],
        releasedOn: '2024-08-20',
        url: hub('microsoft/Phi-3.5-vision-instruct'),
        mlc: 'Phi-3.5-vision-instruct',
      },
      {
        name: 'Phi-3-mini-4k-instruct',
        parameterCount: 3_821_079_552,
        trainedContextWindow: 4_096,
        memory: shape(32, 32, 96),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-04-23',
        url: hub('microsoft/Phi-3-mini-4k-instruct'),
        mlc: 'Phi-3-mini-4k-instruct',
      },
      {
        name: 'Phi-2',
        parameterCount: 2_779_683_840,
        trainedContextWindow: 2_048,
        memory: shape(32, 32, 80),
        languages: ENGLISH,
        abilities: [],
        releasedOn: '2023-12-12',
        url: hub('microsoft/phi-2'),
        ...noteOf('base-model'),
        mlc: 'phi-2',
      },
      {
        name: 'Phi-1.5',
        parameterCount: 1_418_270_720,
        trainedContextWindow: 2_048,
        memory: shape(24, 32, 64),
        languages: ENGLISH,
        abilities: [],
        releasedOn: '2023-09-11',
        url: hub('microsoft/phi-1_5'),
        ...noteOf('base-model'),
        mlc: 'phi-1_5',
      },
    ],
  },
  {
    name: 'OLMo 2',
    maker: 'Allen Institute for AI',
    licence: 'apache',
    models: [
      {
        name: 'OLMo 2 1B Instruct',
        parameterCount: 1_484_916_736,
        trainedContextWindow: 4_096,
        memory: shape(16, 16, 128),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2025-04-30',
        url: hub('allenai/OLMo-2-0425-1B-Instruct'),
        mlc: 'OLMo-2-0425-1B-Instruct',
        ggufs: gguf('allenai/OLMo-2-0425-1B-Instruct-GGUF', 'Q4_K_M', 'Q8_0'),
      },
      {
        name: 'OLMo 2 7B Instruct',
        parameterCount: 7_298_617_344,
        trainedContextWindow: 4_096,
        memory: shape(32, 32, 128),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-11-26',
        url: hub('allenai/OLMo-2-1124-7B-Instruct'),
        mlc: 'OLMo-2-1124-7B-Instruct',
        ggufs: gguf('allenai/OLMo-2-1124-7B-Instruct-GGUF', 'Q4_K_M'),
      },
    ],
  },
  {
    name: 'TinyLlama',
    maker: 'TinyLlama',
    licence: 'apache',
    models: [tinyLlama('v1.0', '2023-12-30'), tinyLlama('v0.4', '2023-11')],
  },
  {
    name: 'StableLM 2',
    maker: 'Stability AI',
    licence: 'stability',
    models: [
      {
        name: 'StableLM 2 Zephyr 1.6B',
        parameterCount: 1_644_515_328,
        trainedContextWindow: 4_096,
        memory: shape(24, 32, 64),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2024-01-19',
        url: hub('stabilityai/stablelm-2-zephyr-1_6b'),
        mlc: 'stablelm-2-zephyr-1_6b',
      },
    ],
  },
  {
    name: 'RedPajama',
    maker: 'Together',
    licence: 'apache',
    models: [
      {
        name: 'RedPajama INCITE Chat 3B',
        parameterCount: 2_775_864_320,
        trainedContextWindow: 2_048,
        memory: shape(32, 32, 80),
        languages: ENGLISH,
        abilities: CHAT,
        releasedOn: '2023-05-05',
        url: hub('togethercomputer/RedPajama-INCITE-Chat-3B-v1'),
        mlc: 'RedPajama-INCITE-Chat-3B-v1',
      },
    ],
  },
  {
    name: 'Arctic Embed',
    maker: 'Snowflake',
    licence: 'apache',
    models: [arcticEmbed('m', 109_000_000), arcticEmbed('s', 33_000_000)],
  },
];
