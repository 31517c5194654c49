import { ENGLISH, type Family, gguf, hub, type Model, shape } from './family.ts';

const LLAMA_3_LANGUAGES = ['en', 'de', 'fr', 'it', 'pt', 'hi', 'es', 'th'] as const;
const LLAMA_4_LANGUAGES = [...LLAMA_3_LANGUAGES, 'ar', 'id', 'tl', 'vi'] as const;
const CHAT_TOOLS = ['chat', 'tools'] as const;

const SHAPE_8B = shape(32, 8, 128);
const PARAMETERS_8B = 8_030_261_248;
const SHAPE_3B = shape(28, 8, 128);
const PARAMETERS_3B = 3_212_749_824;

function llama4(name: string, repo: string, parameterCount: number, trainedContextWindow: number): Model {
  return {
    name,
    parameterCount,
    activeParameterCount: 17_000_000_000,
    trainedContextWindow,
    languages: LLAMA_4_LANGUAGES,
    abilities: ['chat', 'tools', 'vision'],
    releasedOn: '2025-04-05',
    url: hub(repo),
    server: true,
  };
}

export const LLAMA_FAMILIES: readonly Family[] = [
  {
    name: 'Llama 3.2',
    maker: 'Meta',
    licence: 'llama32',
    models: [
      {
        name: 'Llama 3.2 1B Instruct',
        parameterCount: 1_235_814_400,
        trainedContextWindow: 131_072,
        memory: shape(16, 8, 64),
        languages: LLAMA_3_LANGUAGES,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-09-25',
        url: hub('meta-llama/Llama-3.2-1B-Instruct'),
        mlc: 'Llama-3.2-1B-Instruct',
        ggufs: gguf('bartowski/Llama-3.2-1B-Instruct-GGUF', 'Q4_K_M', 'Q8_0'),
      },
      {
        name: 'Llama 3.2 3B Instruct',
        parameterCount: PARAMETERS_3B,
        trainedContextWindow: 131_072,
        memory: SHAPE_3B,
        languages: LLAMA_3_LANGUAGES,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-09-25',
        url: hub('meta-llama/Llama-3.2-3B-Instruct'),
        mlc: 'Llama-3.2-3B-Instruct',
        ggufs: gguf('bartowski/Llama-3.2-3B-Instruct-GGUF', 'Q4_K_M'),
      },
    ],
  },
  {
    name: 'Llama 4',
    maker: 'Meta',
    licence: 'llama4',
    models: [
      llama4('Llama 4 Scout', 'meta-llama/Llama-4-Scout-17B-16E-Instruct', 109_000_000_000, 10_485_760),
      llama4('Llama 4 Maverick', 'meta-llama/Llama-4-Maverick-17B-128E-Instruct', 400_000_000_000, 1_048_576),
    ],
  },
  {
    name: 'Llama 3.3',
    maker: 'Meta',
    licence: 'llama33',
    models: [
      {
        name: 'Llama 3.3 70B Instruct',
        parameterCount: 70_553_706_496,
        trainedContextWindow: 131_072,
        languages: LLAMA_3_LANGUAGES,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-12-06',
        url: hub('meta-llama/Llama-3.3-70B-Instruct'),
        server: true,
      },
    ],
  },
  {
    name: 'Llama 3.1',
    maker: 'Meta',
    licence: 'llama31',
    models: [
      {
        name: 'Llama 3.1 8B Instruct',
        parameterCount: PARAMETERS_8B,
        trainedContextWindow: 131_072,
        memory: SHAPE_8B,
        languages: LLAMA_3_LANGUAGES,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-07-23',
        url: hub('meta-llama/Llama-3.1-8B-Instruct'),
        mlc: 'Llama-3.1-8B-Instruct',
        ggufs: gguf('bartowski/Meta-Llama-3.1-8B-Instruct-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Llama 3.1 70B Instruct',
        parameterCount: 70_553_706_496,
        trainedContextWindow: 131_072,
        memory: shape(80, 8, 128),
        languages: LLAMA_3_LANGUAGES,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-07-23',
        url: hub('meta-llama/Llama-3.1-70B-Instruct'),
        mlc: 'Llama-3.1-70B-Instruct',
      },
    ],
  },
  {
    name: 'Hermes',
    maker: 'Nous Research',
    licence: 'llama3',
    models: [
      {
        name: 'Hermes 3 Llama 3.2 3B',
        parameterCount: PARAMETERS_3B,
        trainedContextWindow: 131_072,
        memory: SHAPE_3B,
        licence: 'llama32',
        languages: ENGLISH,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-12',
        url: hub('NousResearch/Hermes-3-Llama-3.2-3B'),
        mlc: 'Hermes-3-Llama-3.2-3B',
        ggufs: gguf('NousResearch/Hermes-3-Llama-3.2-3B-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Hermes 3 Llama 3.1 8B',
        parameterCount: PARAMETERS_8B,
        trainedContextWindow: 131_072,
        memory: SHAPE_8B,
        licence: 'llama31',
        languages: ENGLISH,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-08',
        url: hub('NousResearch/Hermes-3-Llama-3.1-8B'),
        mlc: 'Hermes-3-Llama-3.1-8B',
        ggufs: gguf('NousResearch/Hermes-3-Llama-3.1-8B-GGUF', 'Q4_K_M'),
      },
      {
        name: 'Hermes 2 Theta Llama 3 8B',
        parameterCount: PARAMETERS_8B,
        trainedContextWindow: 8_192,
        memory: SHAPE_8B,
        languages: ENGLISH,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-05',
        url: hub('NousResearch/Hermes-2-Theta-Llama-3-8B'),
        mlc: 'Hermes-2-Theta-Llama-3-8B',
      },
      {
        name: 'Hermes 2 Pro Llama 3 8B',
        parameterCount: PARAMETERS_8B,
        trainedContextWindow: 8_192,
        memory: SHAPE_8B,
        languages: ENGLISH,
        abilities: CHAT_TOOLS,
        releasedOn: '2024-05',
        url: hub('NousResearch/Hermes-2-Pro-Llama-3-8B'),
        mlc: 'Hermes-2-Pro-Llama-3-8B',
      },
      ...(
        [
          ['Hermes 2 Pro Mistral 7B', 'NousResearch/Hermes-2-Pro-Mistral-7B', '2024-03', CHAT_TOOLS],
          ['OpenHermes 2.5 Mistral 7B', 'teknium/OpenHermes-2.5-Mistral-7B', '2023-10', ['chat']],
          ['NeuralHermes 2.5 Mistral 7B', 'mlabonne/NeuralHermes-2.5-Mistral-7B', '2023-11', ['chat']],
        ] as const
      ).map(
        ([name, repo, releasedOn, abilities]): Model => ({
          name,
          parameterCount: 7_241_748_480,
          trainedContextWindow: 32_768,
          memory: SHAPE_8B,
          licence: 'apache',
          languages: ENGLISH,
          abilities,
          releasedOn,
          url: hub(repo),
          mlc: repo.slice(repo.indexOf('/') + 1),
        }),
      ),
    ],
  },
  {
    name: 'Llama 3',
    maker: 'Meta',
    licence: 'llama3',
    models: [
      {
        name: 'Llama 3 8B Instruct',
        parameterCount: PARAMETERS_8B,
        trainedContextWindow: 8_192,
        memory: SHAPE_8B,
        languages: ENGLISH,
        abilities: ['chat'],
        releasedOn: '2024-04-18',
        url: hub('meta-llama/Meta-Llama-3-8B-Instruct'),
        mlc: 'Llama-3-8B-Instruct',
      },
      {
        name: 'Llama 3 70B Instruct',
        parameterCount: 70_553_706_496,
        trainedContextWindow: 8_192,
        memory: shape(80, 8, 128),
        languages: ENGLISH,
        abilities: ['chat'],
        releasedOn: '2024-04-18',
        url: hub('meta-llama/Meta-Llama-3-70B-Instruct'),
        mlc: 'Llama-3-70B-Instruct',
      },
    ],
  },
  {
    name: 'Llama 2',
    maker: 'Meta',
    licence: 'llama2',
    models: [
      {
        name: 'Llama 2 7B Chat',
        parameterCount: 6_738_415_616,
        trainedContextWindow: 4_096,
        memory: shape(32, 32, 128),
        languages: ENGLISH,
        abilities: ['chat'],
        releasedOn: '2023-07-18',
        url: hub('meta-llama/Llama-2-7b-chat-hf'),
        mlc: 'Llama-2-7b-chat-hf',
      },
      {
        name: 'Llama 2 13B Chat',
        parameterCount: 13_015_864_320,
        trainedContextWindow: 4_096,
        memory: shape(40, 40, 128),
        languages: ENGLISH,
        abilities: ['chat'],
        releasedOn: '2023-07-18',
        url: hub('meta-llama/Llama-2-13b-chat-hf'),
        mlc: 'Llama-2-13b-chat-hf',
      },
    ],
  },
];
