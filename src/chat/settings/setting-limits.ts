import type { ChatSettings, SamplingSettings } from './chat-settings.ts';

/** The values that a sampling parameter may have. */
export interface SettingLimits {
  readonly least: number;
  readonly most: number;
  /** The step of the form field; 1 means whole numbers only. */
  readonly step: number;
  /** True where `least` itself is not allowed. */
  readonly isAboveLeast?: boolean;
}

export type SamplingNumber = Exclude<keyof SamplingSettings, 'stop'>;

/** The ranges of OpenAI's API; those of llama.cpp for parameters that OpenAI's API lacks. */
export const SAMPLING_LIMITS: Readonly<Record<SamplingNumber, SettingLimits>> = {
  temperature: { least: 0, most: 2, step: 0.05 },
  topP: { least: 0, most: 1, step: 0.01, isAboveLeast: true },
  topK: { least: 0, most: 1_000, step: 1 },
  minP: { least: 0, most: 1, step: 0.01 },
  repeatPenalty: { least: 0, most: 2, step: 0.01, isAboveLeast: true },
  frequencyPenalty: { least: -2, most: 2, step: 0.05 },
  presencePenalty: { least: -2, most: 2, step: 0.05 },
  seed: { least: 0, most: 2_147_483_647, step: 1 },
  maxTokens: { least: 1, most: 1_000_000, step: 1 },
};

export const SAMPLING_NUMBERS = Object.keys(SAMPLING_LIMITS) as readonly SamplingNumber[];

/** OpenAI's API accepts four stop strings. */
export const MOST_STOPS = 16;

/** Characters of a system prompt: more than fit in any context window of the catalogue. */
export const SYSTEM_PROMPT_LENGTH = 200_000;

const POLICIES: ReadonlySet<unknown> = new Set<ChatSettings['contextPolicy']>(['ask', 'summarise', 'fork']);

export function isWithinLimits(name: SamplingNumber, value: number): boolean {
  const { least, most, step, isAboveLeast = false } = SAMPLING_LIMITS[name];
  const isWhole = step !== 1 || Number.isInteger(value);
  return Number.isFinite(value) && isWhole && value <= most && (isAboveLeast ? value > least : value >= least);
}

/** Reads settings from a value that anyone may have written. What is not valid is left out. */
export function readChatSettings(value: unknown): ChatSettings {
  const modelId = text(value, 'modelId', 300);
  const systemPrompt = text(value, 'systemPrompt', SYSTEM_PROMPT_LENGTH);
  const personaId = text(value, 'personaId', 100);
  const sampling = readSampling(own(value, 'sampling'));
  const thinking = own(value, 'thinking');
  const contextPolicy = own(value, 'contextPolicy');
  return {
    ...(modelId !== undefined && { modelId }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(personaId !== undefined && { personaId }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
    ...(typeof thinking === 'boolean' && { thinking }),
    ...(isPolicy(contextPolicy) && { contextPolicy }),
    ...(own(value, 'titles') === 'model' && { titles: 'model' as const }),
  };
}

export function readSampling(value: unknown): SamplingSettings {
  const numbers = SAMPLING_NUMBERS.flatMap((name) => {
    const number = own(value, name);
    return typeof number === 'number' && isWithinLimits(name, number) ? [[name, number] as const] : [];
  });
  const stops = own(value, 'stop');
  const stop = Array.isArray(stops)
    ? stops.filter((item): item is string => typeof item === 'string' && item !== '').slice(0, MOST_STOPS)
    : [];
  return { ...Object.fromEntries(numbers), ...(stop.length > 0 && { stop }) };
}

function isPolicy(value: unknown): value is NonNullable<ChatSettings['contextPolicy']> {
  return POLICIES.has(value);
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function text(value: unknown, name: string, mostLength: number): string | undefined {
  const found = own(value, name);
  return typeof found === 'string' && found.length <= mostLength ? found.toWellFormed() : undefined;
}
