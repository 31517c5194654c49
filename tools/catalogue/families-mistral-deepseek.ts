import { ENGLISH, type Family, gguf, hub, type Model, shape } from './family.ts';
import { noteOf } from './notes.ts';

const MINISTRAL_LANGUAGES = ['en', 'fr', 'es', 'de', 'it', 'pt', 'nl', 'zh', 'ja', 'ko', 'ar'] as const;

function ministral3b(kind: 'Instruct' | 'Reasoning' | 'Base'): Model {
  const repo = `mistralai/Ministral-3-3B-${kind}-2512`;
  return {
    name: `Ministral 3 3B ${kind}`,
    // Its encoder of images, 0.4 billion more, is not part of web-llm's records.
    parameterCount: 3_400_000_000,
    trainedContextWindow: 262_144,
    memory: shape(26, 8, 128),
    languages: MINISTRAL_LANGUAGES,
    abilities:
      kind === 'Base'
        ? []
        : kind === 'Reasoning'
          ? ['chat', 'thinking', 'tools', 'vision']
          : ['chat', 'tools', 'vision'],
    ...(kind === 'Reasoning' && { purpose: 'specialised' as const }),
    releasedOn: '2025-12-02',
    url: hub(repo),
    ...(kind === 'Base' && noteOf('base-model')),
    mlc: kind === 'Instruct' ? 'Ministral-3-3B-Instruct-2512-BF16' : `Ministral-3-3B-${kind}-2512`,
    ...(kind !== 'Base' && { ggufs: gguf(`${repo}-GGUF`, 'Q4_K_M') }),
  };
}

function ministralLarger(size: '8B' | '14B', parameterCount: number, layers: number): Model {
  const repo = `mistralai/Ministral-3-${size}-Instruct-2512`;
  return {
    name: `Ministral 3 ${size} Instruct`,
    parameterCount,
    trainedContextWindow: 262_144,
    memory: shape(layers, 8, 128),
    languages: MINISTRAL_LANGUAGES,
    abilities: ['chat', 'tools', 'vision'],
    releasedOn: '2025-12-02',
    url: hub(repo),
    ggufs: gguf(`${repo}-GGUF`, 'Q4_K_M'),
  };
}

function mistral7b(version: 'v0.3' | 'v0.2', releasedOn: string): Model {
  const repo = `mistralai/Mistral-7B-Instruct-${version}`;
  return {
    name: `Mistral 7B Instruct ${version}`,
    parameterCount: 7_248_023_552,
    trainedContextWindow: 32_768,
    memory: shape(32, 8, 128),
    languages: ENGLISH,
    abilities: version === 'v0.3' ? ['chat', 'tools'] : ['chat'],
    releasedOn,
    url: hub(repo),
    mlc: `Mistral-7B-Instruct-${version}`,
    ...(version === 'v0.3' && { ggufs: gguf('bartowski/Mistral-7B-Instruct-v0.3-GGUF', 'Q4_K_M') }),
  };
}

function distill(name: string, base: string, parameterCount: number, memory: Model['memory'], mlc: boolean): Model {
  const id = `DeepSeek-R1-Distill-${base}`;
  return {
    name,
    parameterCount,
    trainedContextWindow: 131_072,
    ...(memory !== undefined && { memory }),
    languages: ['en', 'zh'],
    abilities: ['chat', 'thinking', 'maths'],
    purpose: 'specialised',
    releasedOn: '2025-01-20',
    url: hub(`deepseek-ai/${id}`),
    ...noteOf('thinks-long'),
    ...(mlc && { mlc: id }),
    ggufs: gguf(`bartowski/${id}-GGUF`, 'Q4_K_M'),
  };
}

function deepSeekLarge(name: string, repo: string, releasedOn: string, changes: Partial<Model> = {}): Model {
  return {
    name,
    parameterCount: 671_000_000_000,
    activeParameterCount: 37_000_000_000,
    trainedContextWindow: 131_072,
    languages: ['en', 'zh'],
    abilities: ['chat', 'tools', 'code'],
    releasedOn,
    url: hub(repo),
    server: true,
    ...changes,
  };
}

export const MISTRAL_DEEPSEEK_FAMILIES: readonly Family[] = [
  {
    name: 'Ministral 3',
    maker: 'Mistral AI',
    licence: 'apache',
    models: [
      ministral3b('Instruct'),
      ministral3b('Reasoning'),
      ministral3b('Base'),
      ministralLarger('8B', 8_500_000_000, 34),
      ministralLarger('14B', 13_500_000_000, 40),
    ],
  },
  {
    name: 'Mistral',
    maker: 'Mistral AI',
    licence: 'apache',
    models: [
      {
        name: 'Mistral Large 3',
        parameterCount: 675_000_000_000,
        activeParameterCount: 41_000_000_000,
        trainedContextWindow: 262_144,
        languages: MINISTRAL_LANGUAGES,
        abilities: ['chat', 'tools', 'vision'],
        releasedOn: '2025-12-02',
        url: hub('mistralai/Mistral-Large-3-675B-Instruct-2512'),
        server: true,
      },
      {
        name: 'Mistral Small 3.2 24B Instruct',
        parameterCount: 24_000_000_000,
        trainedContextWindow: 131_072,
        languages: MINISTRAL_LANGUAGES,
        abilities: ['chat', 'tools', 'vision'],
        releasedOn: '2025-06-20',
        url: hub('mistralai/Mistral-Small-3.2-24B-Instruct-2506'),
        server: true,
      },
      mistral7b('v0.3', '2024-05-22'),
      mistral7b('v0.2', '2023-12-11'),
      {
        name: 'WizardMath 7B V1.1',
        parameterCount: 7_241_748_480,
        trainedContextWindow: 32_768,
        memory: shape(32, 8, 128),
        licence: 'microsoftResearch',
        languages: ENGLISH,
        abilities: ['chat', 'maths'],
        purpose: 'specialised',
        releasedOn: '2023-12-19',
        url: hub('WizardLMTeam/WizardMath-7B-V1.1'),
        ...noteOf('wizard-math'),
        mlc: 'WizardMath-7B-V1.1',
      },
    ],
  },
  {
    name: 'DeepSeek',
    maker: 'DeepSeek',
    licence: 'mit',
    models: [
      distill('DeepSeek R1 Distill Qwen 1.5B', 'Qwen-1.5B', 1_777_088_000, shape(28, 2, 128), false),
      distill('DeepSeek R1 Distill Qwen 7B', 'Qwen-7B', 7_615_616_512, shape(28, 4, 128), true),
      distill('DeepSeek R1 Distill Llama 8B', 'Llama-8B', 8_030_261_248, shape(32, 8, 128), true),
      deepSeekLarge('DeepSeek V3', 'deepseek-ai/DeepSeek-V3', '2024-12-26', { licence: 'deepseek' }),
      deepSeekLarge('DeepSeek V3.2', 'deepseek-ai/DeepSeek-V3.2', '2025-12-01', {
        abilities: ['chat', 'thinking', 'tools', 'code'],
      }),
      deepSeekLarge('DeepSeek R1', 'deepseek-ai/DeepSeek-R1', '2025-01-20', {
        abilities: ['chat', 'thinking', 'maths', 'code'],
      }),
    ],
  },
];
