import { MOST_IMAGE_TOKENS } from '../../src/models/gguf/projector.ts';
import { type Family, gguf, hub, type Model, shape } from './family.ts';

/** The first of the languages that Alibaba names for Qwen2.5 (29) and Qwen3 (119). */
const QWEN_LANGUAGES = ['en', 'zh', 'fr', 'es', 'pt', 'de', 'it', 'ru', 'ja', 'ko', 'vi', 'th', 'ar'] as const;
const CHAT = ['chat', 'tools'] as const;

/** Three layers of four keep a state of fixed size in place of keys and values (Gated DeltaNet). */
const QWEN_3_5: readonly Model[] = [
  {
    name: 'Qwen3.5 0.8B',
    parameterCount: 800_000_000,
    trainedContextWindow: 262_144,
    memory: shape(24, 2, 256, 6),
    ...qwen35('0.8B'),
    ggufs: gguf('unsloth/Qwen3.5-0.8B-GGUF', 'Q4_K_M', 'Q8_0'),
  },
  {
    name: 'Qwen3.5 2B',
    parameterCount: 2_000_000_000,
    trainedContextWindow: 262_144,
    memory: shape(24, 2, 256, 6),
    ...qwen35('2B'),
    ggufs: gguf('unsloth/Qwen3.5-2B-GGUF', 'Q4_K_M', 'Q8_0'),
  },
  {
    name: 'Qwen3.5 4B',
    parameterCount: 4_000_000_000,
    trainedContextWindow: 262_144,
    memory: shape(32, 4, 256, 8),
    ...qwen35('4B'),
    ggufs: gguf('unsloth/Qwen3.5-4B-GGUF', 'Q4_K_M'),
  },
  {
    name: 'Qwen3.5 9B',
    parameterCount: 9_000_000_000,
    trainedContextWindow: 262_144,
    memory: shape(32, 4, 256, 8),
    ...qwen35('9B'),
    ggufs: gguf('unsloth/Qwen3.5-9B-GGUF', 'Q4_K_M'),
  },
  large('Qwen3.5 27B', 'Qwen/Qwen3.5-27B', 27_000_000_000),
  large('Qwen3.5 35B-A3B', 'Qwen/Qwen3.5-35B-A3B', 35_000_000_000, 3_000_000_000),
  large('Qwen3.5 122B-A10B', 'Qwen/Qwen3.5-122B-A10B', 122_000_000_000, 10_000_000_000),
  large('Qwen3.5 397B-A17B', 'Qwen/Qwen3.5-397B-A17B', 397_000_000_000, 17_000_000_000),
];

function qwen35(size: string) {
  return {
    languages: QWEN_LANGUAGES,
    abilities: ['chat', 'thinking', 'tools', 'vision', 'code'] as const,
    releasedOn: size === '0.8B' || size === '2B' || size === '4B' || size === '9B' ? '2026-03' : '2026-02',
    url: hub(`Qwen/Qwen3.5-${size}`),
    mlc: `Qwen3.5-${size}`,
  };
}

function large(name: string, repo: string, parameterCount: number, activeParameterCount?: number): Model {
  return {
    name,
    parameterCount,
    ...(activeParameterCount === undefined ? {} : { activeParameterCount }),
    trainedContextWindow: 262_144,
    languages: QWEN_LANGUAGES,
    abilities: ['chat', 'thinking', 'tools', 'vision', 'code'],
    releasedOn: '2026-02',
    url: hub(repo),
    server: true,
  };
}

function qwen3(size: string, parameterCount: number, layers: number, quantizations: readonly string[]): Model {
  return {
    name: `Qwen3 ${size}`,
    parameterCount,
    trainedContextWindow: 32_768,
    memory: shape(layers, 8, 128),
    languages: QWEN_LANGUAGES,
    abilities: ['chat', 'thinking', 'tools'],
    releasedOn: '2025-04',
    url: hub(`Qwen/Qwen3-${size}`),
    mlc: `Qwen3-${size}`,
    ggufs: gguf(`unsloth/Qwen3-${size}-GGUF`, ...quantizations),
  };
}

/** Parameters, layers, heads with keys and values, size of a head: the same in all models of Qwen2 and Qwen2.5. */
const QWEN_2_SHAPES = {
  '0.5B': [494_032_768, 24, 2, 64],
  '1.5B': [1_543_714_304, 28, 2, 128],
  '3B': [3_085_938_688, 36, 2, 128],
  '7B': [7_615_616_512, 28, 4, 128],
} as const;

type Size2 = keyof typeof QWEN_2_SHAPES;

function qwen2(kind: '2' | '2.5' | '2.5-Coder' | '2.5-Math' | '2-Math', size: Size2): Model {
  const [parameterCount, layers, kvHeads, headSize] = QWEN_2_SHAPES[size];
  const [version = '', subject] = kind.split('-');
  const repo = `Qwen/Qwen${kind}-${size}-Instruct`;
  const abilities =
    subject === 'Math'
      ? (['chat', 'maths'] as const)
      : subject === 'Coder'
        ? (['chat', 'code'] as const)
        : version === '2.5'
          ? CHAT
          : (['chat'] as const);
  const hasGguf = kind === '2.5' || kind === '2.5-Coder';
  return {
    name: `Qwen${version}${subject === undefined ? '' : ` ${subject}`} ${size} Instruct`,
    parameterCount,
    trainedContextWindow: subject === 'Math' ? 4_096 : 32_768,
    memory: shape(layers, kvHeads, headSize),
    ...(size === '3B' && { licence: 'qwenResearch' as const }),
    languages: subject === 'Math' ? ['en', 'zh'] : QWEN_LANGUAGES,
    abilities,
    ...(subject !== undefined && { purpose: 'specialised' as const }),
    releasedOn: version === '2' ? (subject === 'Math' ? '2024-08' : '2024-06') : '2024-09',
    url: hub(repo),
    mlc: `Qwen${kind}-${size}-Instruct`,
    ...(hasGguf && { ggufs: gguf(`${repo}-GGUF`, ...(size === '0.5B' ? ['Q8_0'] : ['Q4_K_M'])) }),
  };
}

export const QWEN_FAMILIES: readonly Family[] = [
  { name: 'Qwen3.5', maker: 'Alibaba', licence: 'apache', models: QWEN_3_5 },
  {
    name: 'Qwen3-VL',
    maker: 'Alibaba',
    licence: 'apache',
    models: [
      {
        name: 'Qwen3-VL 2B Instruct',
        parameterCount: 2_000_000_000,
        trainedContextWindow: 262_144,
        // As Qwen3 1.7B, its language model.
        memory: shape(28, 8, 128),
        languages: QWEN_LANGUAGES,
        abilities: ['chat', 'vision'],
        releasedOn: '2025-10',
        url: hub('Qwen/Qwen3-VL-2B-Instruct'),
        ggufs: [
          {
            repo: 'Qwen/Qwen3-VL-2B-Instruct-GGUF',
            quantization: 'Q4_K_M',
            projector: 'mmproj-Qwen3VL-2B-Instruct-Q8_0.gguf',
            imageTokens: MOST_IMAGE_TOKENS,
            // 1,107,409,952 + 445,053,216 bytes
            sizeBytes: 1_552_463_168,
          },
        ],
      },
    ],
  },
  {
    name: 'Qwen3',
    maker: 'Alibaba',
    licence: 'apache',
    models: [
      qwen3('0.6B', 596_049_920, 28, ['Q4_K_M', 'Q8_0']),
      qwen3('1.7B', 1_720_574_976, 28, ['Q4_K_M', 'Q8_0']),
      qwen3('4B', 4_022_468_096, 36, ['Q4_K_M']),
      qwen3('8B', 8_190_735_360, 36, ['Q4_K_M']),
    ],
  },
  {
    name: 'Qwen2.5',
    maker: 'Alibaba',
    licence: 'apache',
    models: [
      ...(['0.5B', '1.5B', '3B', '7B'] as const).map((size) => qwen2('2.5', size)),
      ...(['0.5B', '1.5B', '3B', '7B'] as const).map((size) => qwen2('2.5-Coder', size)),
      qwen2('2.5-Math', '1.5B'),
    ],
  },
  {
    name: 'Qwen2',
    maker: 'Alibaba',
    licence: 'apache',
    models: [
      ...(['0.5B', '1.5B', '7B'] as const).map((size) => qwen2('2', size)),
      qwen2('2-Math', '1.5B'),
      qwen2('2-Math', '7B'),
    ],
  },
];
