/**
 * Which engine runs a model: web-llm, llama.cpp through wllama, or `scripted`, which writes set text, for tests of the
 * interface and benchmarks.
 */
export type EngineId = 'webllm' | 'wllama' | 'scripted';

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

/** Where the files come from. */
export type ModelSource =
  | {
      /** Every file listed with size and hash: nothing to ask before the first byte. */
      readonly kind: 'files';
      readonly revision: string;
      readonly files: readonly ModelFile[];
    }
  | {
      /** A repository on Hugging Face in MLC's format, and the compiled library beside it. */
      readonly kind: 'huggingface';
      /** `owner/name` */
      readonly repo: string;
      /** A commit, or a branch that is pinned to its commit when the download is planned. */
      readonly revision: string;
      readonly library: { readonly url: string; readonly sizeBytes?: number; readonly sha256?: string };
    };

export interface ModelLicence {
  /** SPDX id where there is one, else the maker's name for it. */
  readonly name: string;
  readonly url: string;
}

/** One model as the catalogue describes it: everything that is said before a download starts. */
export interface ModelRecord {
  /** web-llm's `model_id`, unaltered, where it has one. */
  readonly id: string;
  /** As its maker writes it: "Llama 3.2 1B Instruct". */
  readonly name: string;
  readonly family: string;
  readonly maker: string;
  readonly engine: EngineId;
  /** `q4f16_1`: 4-bit weights, f16 activations, scheme 1. */
  readonly quantization: string;
  readonly parameterCount: number;
  /** Tokens, as this record configures it. */
  readonly contextWindow: number;
  /** Total of the download. Undefined where only the host can say; the plan asks it then. */
  readonly sizeBytes?: number;
  /** Memory of the graphics card that weights, KV cache and activations take. */
  readonly vramBytes: number;
  /** WebGPU features, such as `shader-f16`. */
  readonly requiredFeatures: readonly string[];
  /** Least `maxStorageBufferBindingSize`, bytes, where the record asks for more than WebGPU's default 128 MiB. */
  readonly requiredBindingBytes?: number;
  readonly licence: ModelLicence;
  readonly source: ModelSource;
  /** Values over the checkpoint's own configuration, in web-llm's names: `{ context_window_size: 4096 }`. */
  readonly overrides?: Readonly<Record<string, number | string>>;
  /** One plain sentence where something must be said: "A toy, to try the app." */
  readonly note?: string;
}

/** The catalogue: plain data, validated when it is read. */
export interface Catalogue {
  readonly version: 1;
  readonly models: readonly ModelRecord[];
}
