import type { Backend } from '../../models/backend.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { LoadedFile } from '../../platform/built-file.ts';
import type { WireError } from '../../platform/errors.ts';
import type { LlamaBuild } from '../../platform/wasm-build.ts';
import type {
  Capabilities,
  Embeddings,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  PromptMessage,
} from '../engine.ts';

export interface LoadOptions {
  /** Of the weight store; undefined for its default. */
  readonly storeName: string | undefined;
  /** For llama.cpp alone. */
  readonly llama?: LlamaOptions;
  /** Undefined for the best that this device offers. */
  readonly backend?: Backend | undefined;
}

/** Files from the page: a script that stands alone cannot name any. */
export interface LlamaOptions {
  /** At least the build that this browser runs. */
  readonly wasm: { readonly [Build in LlamaBuild]?: LoadedFile };
  /** A script for the worker that wllama makes. */
  readonly prelude: LoadedFile;
  /** Loads the model to compute embeddings, not to write. */
  readonly embeddings: boolean;
}

/** A call that brings one reply instead of a stream of events. */
export type Question =
  | { readonly kind: 'count-tokens'; readonly messages: readonly PromptMessage[] }
  | { readonly kind: 'embed'; readonly texts: readonly string[] };

export type Reply =
  | { readonly kind: 'token-count'; readonly tokens: number }
  | ({ readonly kind: 'vectors' } & Embeddings);

/**
 * What the page says to an engine's worker. A worker loads one model in its life and has one call open at a time, so
 * no message needs an id; to unload, the page ends the worker.
 */
export type ToWorker =
  | ({ readonly type: 'load'; readonly model: ModelRecord } & LoadOptions)
  | { readonly type: 'generate'; readonly request: GenerateRequest }
  | { readonly type: 'ask'; readonly question: Question }
  /** Ends the answer at its next token. */
  | { readonly type: 'interrupt' }
  | { readonly type: 'ping' };

export type FromWorker =
  /** Its script runs. While it lives it holds the Web Lock of this name; undefined in a context without locks. */
  | { readonly type: 'started'; readonly lockName: string | undefined }
  | LoadProgress
  | { readonly type: 'loaded'; readonly report: LoadReport }
  | { readonly type: 'events'; readonly events: readonly GenerateEvent[] }
  | { readonly type: 'reply'; readonly reply: Reply }
  /** The call is complete. */
  | { readonly type: 'done' }
  /** The open call failed. `usable` is false if the worker must not be given another one. */
  | { readonly type: 'failed'; readonly error: WireError; readonly usable: boolean }
  /** The model is gone, whether a call is open or not. */
  | { readonly type: 'lost'; readonly error: WireError }
  | { readonly type: 'pong' };

export interface LoadReport {
  readonly capabilities: Capabilities;
  readonly totalBytes: number;
  /** Bytes that were read from the weight store for this load. */
  readonly readBytes: number;
  /** What llama.cpp runs on; undefined for web-llm. */
  readonly backend?: Backend;
}
