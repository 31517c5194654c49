/**
 * Which engine runs a model: web-llm, llama.cpp through wllama, a custom server, the browser itself, or `scripted`, which
 * writes set text, for tests of the interface and benchmarks.
 */
export type EngineId = 'webllm' | 'wllama' | 'server' | 'browser' | 'scripted';

/** One file as the catalogue lists it. */
export interface ModelFile {
  /** The name the engine asks for: `params_shard_0.bin`, `tokenizer.json`, `library.wasm`; for llama.cpp `….gguf`. */
  readonly path: string;
  /** Absolute, or relative to the catalogue's own address. */
  readonly url: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface UrlFile {
  readonly path: string;
  readonly url: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
}

export interface DiskFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** ms since the epoch: it distinguishes another file of the same name. */
  readonly modifiedAt: number;
}

/** Where the files come from. */
export type ModelSource =
  | {
      /** Every file listed with size and hash: nothing to ask before the first byte. */
      readonly kind: 'files';
      readonly revision: string;
      readonly files: readonly ModelFile[];
    }
  | HuggingFaceSource
  | {
      /** GGUF files at addresses that list nothing about them: sizes are asked for, hashes kept from the first download. */
      readonly kind: 'url';
      readonly revision: string;
      readonly files: readonly UrlFile[];
    }
  | {
      /** GGUF files on the user's disk, opened in place. Valid on that device only. */
      readonly kind: 'disk';
      readonly revision: string;
      readonly files: readonly DiskFile[];
    }
  | {
      /** Too large for a browser: nothing to download, a custom server runs it. */
      readonly kind: 'server';
      readonly revision: string;
    }
  | CustomServerSource
  | {
      /** The browser's own model: the browser downloads and keeps it. */
      readonly kind: 'browser';
      readonly revision: string;
      /** Whether the browser's maker says which model it is; it is not one with open weights then. */
      readonly isKnown: boolean;
      /** Whether the browser has yet to download it, which it does with the first use. */
      readonly needsDownload: boolean;
    };

/** Which program answers; they keep the same protocol and differ in what they add to it. */
export type ServerKind = 'llama.cpp' | 'vllm' | 'ollama' | 'lm-studio' | 'other';

/** On a server that the user has set up: prompts for this model leave the device. */
export interface CustomServerSource {
  readonly kind: 'custom-server';
  readonly revision: string;
  readonly serverId: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly serverKind: ServerKind;
  /** The server's own name for it. */
  readonly model: string;
}

/** Whether a model's files are never the app's: those of a server that the user has set up, or of the browser. */
export function isExternal({ source }: Pick<ModelRecord, 'source'>): boolean {
  return source.kind === 'custom-server' || source.kind === 'browser';
}

/** A repository on Hugging Face: in MLC's format with the compiled library beside it, or one of its GGUFs. */
export interface HuggingFaceSource {
  readonly kind: 'huggingface';
  /** `owner/name` */
  readonly repo: string;
  /** A commit, or a branch that is pinned to its commit when the download is planned. */
  readonly revision: string;
  /** For web-llm. */
  readonly library?: { readonly url: string; readonly sizeBytes?: number; readonly sha256?: string };
  /**
   * For llama.cpp: which files of the repository, `*` for any run of characters, in any case:
   * `*-Q4_K_M*.gguf`. All parts of one split GGUF match; files of two models must not.
   */
  readonly files?: string;
  /** For llama.cpp: which file of the repository is the projector, with which the model sees; `*` as in `files`. */
  readonly projector?: string;
  /**
   * SHA-256, lower-case hex, of what the repository lists for the wanted files, one line each, sorted:
   * `path size sha256-or-git-blob-id` and a newline. A listing that says otherwise is refused.
   */
  readonly listingSha256?: string;
  /** Where the catalogue keeps the revision and the listing that it vouches for; asked when a download is planned. */
  readonly pinsUrl?: string;
}

/** Values of a record whose maker or licence neither the file nor its page names. Stored records hold them. */
export const UNKNOWN_MAKER = '—';
export const UNKNOWN_LICENCE = 'unknown';

export interface ModelLicence {
  /** SPDX id where there is one, else the maker's name for it. */
  readonly name: string;
  readonly url: string;
  /** What it forbids, in one plain sentence. */
  readonly forbids?: string;
  /** Commercial use is forbidden, or needs another licence. */
  readonly nonCommercial?: true;
}

export const ABILITIES = ['chat', 'thinking', 'tools', 'vision', 'audio', 'embeddings', 'code', 'maths'] as const;

/** What a model was made for. What the chat can do with it is in `CHAT_ABILITIES`; an engine's `capabilities` say what it can. */
export type Ability = (typeof ABILITIES)[number];

/**
 * The abilities that a user of the chat can make use of: tools only where the page offers some, images only with a file or an
 * engine that reads them. Nobody can give a model sound there yet.
 */
export const CHAT_ABILITIES = [
  'chat',
  'thinking',
  'tools',
  'vision',
  'embeddings',
  'code',
  'maths',
] as const satisfies readonly Ability[];

export type ChatAbility = (typeof CHAT_ABILITIES)[number];

/** @param hasTools whether models are offered tools now */
export function chatAbilities({ abilities = [], imageTokens }: ModelRecord, hasTools: boolean): readonly ChatAbility[] {
  const isUsable = { tools: hasTools, vision: imageTokens !== undefined } as Readonly<Record<string, boolean>>;
  return CHAT_ABILITIES.filter((ability) => abilities.includes(ability) && isUsable[ability] !== false);
}

export const PURPOSES = ['toy', 'specialised'] as const;

/** `toy`: to try the app with. `specialised`: for one subject or language, or trained to reason at length before it answers. */
export type Purpose = (typeof PURPOSES)[number];

/** What a model takes of memory, from its architecture; see src/models/fit/memory.ts. */
export interface ModelMemory {
  /** Layers that a token passes, whatever their kind: each costs the engine some calls. */
  readonly layers: number;
  /** Layers whose keys and values grow with the context. */
  readonly kvLayers: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

/**
 * One variant of a model as the catalogue describes it: everything that is said before a download starts. Variants of
 * one model, over all engines, have the same `modelKey`; use `modelKeyOf`.
 */
export interface ModelRecord {
  /** web-llm's `model_id`, unaltered, where it has one. */
  readonly id: string;
  /** Default: the name. */
  readonly modelKey?: string;
  /** As its maker writes it: "Llama 3.2 1B Instruct". */
  readonly name: string;
  readonly family: string;
  readonly maker: string;
  readonly engine: EngineId;
  /** `q4f16_1`: 4-bit weights, f16 activations, scheme 1. */
  readonly quantization: string;
  readonly parameterCount: number;
  /** Of a mixture of experts: those that one token passes. */
  readonly activeParameterCount?: number;
  /** Tokens, as this record configures it. */
  readonly contextWindow: number;
  /** Tokens, as the maker trained it. */
  readonly trainedContextWindow?: number;
  /** Where the architecture is known. */
  readonly memory?: ModelMemory;
  /** Total of the download. Undefined where only the host can say; the plan asks it then. */
  readonly sizeBytes?: number;
  /** Memory that weights, KV cache and activations take: of the graphics card, or of the processor for llama.cpp. */
  readonly vramBytes: number;
  /** WebGPU features, such as `shader-f16`. */
  readonly requiredFeatures: readonly string[];
  /** Least `maxStorageBufferBindingSize`, bytes, where the record asks for more than WebGPU's default 128 MiB. */
  readonly requiredBindingBytes?: number;
  readonly licence: ModelLicence;
  readonly source: ModelSource;
  /** Values over the checkpoint's own configuration, in web-llm's names: `{ context_window_size: 4096 }`. */
  readonly overrides?: Readonly<Record<string, number | string>>;
  /**
   * Path of web-llm's manifest among the model's files, `mlc-model-manifest.json`, for a library that was compiled with one: it
   * says where the other files are and what the library takes. web-llm's `model_manifest`.
   */
  readonly modelManifest?: string;
  /**
   * Of llama.cpp: tokens that an image takes of a prompt, about. Undefined for a model without a projector, which sees none. See
   * src/models/gguf/image-tokens.ts.
   */
  readonly imageTokens?: number;
  /** One plain sentence where something must be said: "A toy, to try the app." */
  readonly note?: string;
  /** Of a note that the interface has in its languages; `note` is shown where it does not know the id. */
  readonly noteId?: string;
  /** BCP 47, the maker's claim; undefined where it makes none. */
  readonly languages?: readonly string[];
  readonly abilities?: readonly Ability[];
  /** Undefined for a model for all subjects. */
  readonly purpose?: Purpose;
  /** `2026-03` or `2026-03-02` */
  readonly releasedOn?: string;
  readonly url?: string;
  /** What the model must answer, greedily, wherever it works: looked at after a load. See src/engine/self-test.ts. */
  readonly selfTest?: SelfTestReference;
}

export interface SelfTestReference {
  readonly prompt: string;
  readonly expect: string;
}

/** Variants of one model have the same key, whatever engine runs them. */
export function modelKeyOf(record: ModelRecord): string {
  return record.modelKey ?? record.name;
}

/** The catalogue: plain data, validated when it is read, families and models flattened to their variants. */
export interface Catalogue {
  readonly models: readonly ModelRecord[];
}
