import type { Ability, ModelMemory, Purpose } from '../../src/models/model-record.ts';
import type { LicenceKey } from './licences.ts';

/** One GGUF on Hugging Face. `quantization` is part of its file name; `npm run catalogue` asks the host for the rest. */
export interface Gguf {
  readonly repo: string;
  readonly quantization: string;
  /** Default: `*` + quantization + `*.gguf`, which matches a split model too. */
  readonly files?: string;
  /** The file with which it sees, `*` as in `files`. */
  readonly projector?: string;
  /** Tokens that an image takes then; see src/models/gguf/projector.ts. */
  readonly imageTokens?: number;
  /** Of all its files; the pins say it where there are some. */
  readonly sizeBytes?: number;
}

/** A model as its maker describes it. `mlc`, the start of their ids, finds web-llm's variants. */
export interface Model {
  readonly name: string;
  readonly parameterCount: number;
  readonly activeParameterCount?: number;
  readonly trainedContextWindow: number;
  readonly memory?: Omit<ModelMemory, 'kvLayers'> & { readonly kvLayers?: number };
  readonly licence?: LicenceKey;
  readonly languages?: readonly string[];
  readonly abilities: readonly Ability[];
  readonly purpose?: Purpose;
  readonly releasedOn: string;
  readonly url: string;
  readonly note?: string;
  readonly noteId?: string;
  /** web-llm's `model_id` up to its quantization. */
  readonly mlc?: string;
  readonly ggufs?: readonly Gguf[];
  /** Too large for a browser; a custom server runs it. */
  readonly server?: true;
}

export interface Family {
  readonly name: string;
  readonly maker: string;
  readonly licence: LicenceKey;
  readonly models: readonly Model[];
}

export const ENGLISH = ['en'] as const;

export function gguf(repo: string, ...quantizations: readonly string[]): readonly Gguf[] {
  return quantizations.map((quantization) => ({ repo, quantization }));
}

/** The page of a model on Hugging Face. */
export function hub(repo: string): string {
  return `https://huggingface.co/${repo}`;
}

export function shape(
  layers: number,
  kvHeads: number,
  headSize: number,
  kvLayers?: number,
): NonNullable<Model['memory']> {
  return { layers, kvHeads, headSize, ...(kvLayers === undefined ? {} : { kvLayers }) };
}
