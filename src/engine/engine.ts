import type { SamplingSettings } from '../chat/settings/chat-settings.ts';
import { type Backend, isSameBackend, type ModelTarget } from '../models/backend.ts';
import type { DeviceReport } from '../models/device.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import type { AlcoveError } from '../platform/errors.ts';

/**
 * What runs a model. The contract does not say where the work happens: in a worker, in the page, in another tab, on a
 * server.
 *
 * Rules that every engine keeps, and that the contract test suite holds it to:
 * - Every call names its model. A call whose model is not loaded loads it first, in place of another one; its iterator
 *   then yields `load-progress` before anything else. So nobody but the engine has to know what is loaded.
 * - One call at a time; a second one throws `engine-busy`.
 * - Every call ends: its iterator returns, or throws an AlcoveError, or throws an AbortError after a cancel. A cancel
 *   ends within 2 s in any phase and leaves the engine usable. A dead or hung worker ends every open call.
 * - After a crash, a lost device or a cancel that cost the worker, the next call loads its model again.
 * - Text that was yielded before a failure stays valid.
 */
export interface Engine {
  readonly id: EngineId;

  /** Reports what this device offers the engine, or why it cannot run. Never throws; cheap enough for every start. */
  probe(): Promise<EngineProbe>;

  /**
   * Loads a model ahead of the call that needs it. Yields progress; returning means that the model is ready. A loaded
   * model is loaded again only if another backend or another context window is named.
   */
  load(target: ModelTarget, signal: AbortSignal): AsyncIterable<LoadProgress>;

  /**
   * What the engine can do with a model. Before the model's load this is what its record says; while it is loaded, what
   * the model itself can do. Never throws.
   */
  capabilities(model: ModelRecord): Promise<Capabilities>;

  /**
   * Writes one answer. The last event is `finish`. A request for something that the model's capabilities lack throws
   * `unsupported`, which names it: no part of a request is left out silently.
   */
  generate(call: GenerateCall, signal: AbortSignal): AsyncIterable<GenerateEvent>;

  /**
   * Counts the tokens of a prompt, as the model's chat template makes it. Rules and errors are those of `generate`.
   * @throws AlcoveError `unsupported` if the capabilities lack `countTokens`
   */
  countTokens(call: CountTokensCall, signal: AbortSignal): Promise<number>;

  /**
   * Texts as vectors. Rules and errors are those of `generate`, except that the
   * named model stays in memory beside the one that writes, until `unload`.
   * @throws AlcoveError `unsupported` if the capabilities lack `embeddings`
   */
  embed(call: EmbedCall, signal: AbortSignal): Promise<Embeddings>;

  /** Frees all models and their memory, and ends the open call as cancelled. Resolves at once when nothing is loaded. */
  unload(): Promise<void>;

  /** Reports what happens between calls: a lost device, a crash. Returns its undo. */
  subscribe(listener: (notice: EngineNotice) => void): () => void;

  /**
   * Of an engine that tabs share: runs it here, after a notice that the tab which runs it does not answer. What that tab
   * was generating ends as `engine-crashed`.
   */
  takeOver?(): void;

  /** Ends the engine for good; open calls end as cancelled. */
  dispose(): void;
}

/** An engine that holds its model itself, and so knows what is loaded; an engine in another tab does not. */
export interface ModelOwner extends Engine {
  /** The model that can write without a load. */
  readonly loaded: LoadedModel | undefined;
}

export interface LoadedModel extends ModelTarget {
  /** The last event of its load. */
  readonly ready: LoadProgress;
}

/** Whether a call for a model on a backend needs no load. */
export function isLoaded(loaded: LoadedModel | undefined, { model, backend }: ModelTarget): loaded is LoadedModel {
  // Engines reserve the memory of the context window with the load.
  if (loaded?.model.id !== model.id || loaded.model.contextWindow !== model.contextWindow) return false;
  return backend === undefined || isSameBackend(backend, loaded.backend);
}

export type EngineProbe =
  | { readonly supported: true; readonly device: DeviceReport }
  | { readonly supported: false; readonly device: DeviceReport; readonly reason: AlcoveError };

/** Progress of a load. The phases come in this order, each at most once; `loadedBytes` never falls. */
export interface LoadProgress {
  readonly type: 'load-progress';
  readonly phase: 'weights' | 'shaders' | 'ready';
  /** Bytes that have been copied from the store to the GPU, or to the processor's memory. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** With the phase `ready`: what runs the model, for an engine that offers several backends. */
  readonly backend?: Backend;
  /** With the phase `ready`: what the loaded model can do. */
  readonly capabilities?: Capabilities;
}

/** What an engine can do with a model; plain data, so that it crosses workers and tabs. */
export interface Capabilities {
  /** The values that have an effect. */
  readonly sampling: readonly (keyof Sampling)[];
  /** What applies where a request leaves a parameter out, as far as it is known. */
  readonly samplingDefaults?: Sampling;
  /** Whether `thinking` can be switched per request. */
  readonly thinkingSwitch: boolean;
  readonly tools: boolean;
  /** Whether an answer may call tools and also have a response format or continue another. */
  readonly toolsWithFormat: boolean;
  readonly responseFormats: readonly ResponseFormat['type'][];
  readonly images: boolean;
  readonly continueLast: boolean;
  readonly countTokens: boolean;
  readonly embeddings: boolean;
  /** Whether `Usage.perplexity` can be asked for. */
  readonly perplexity: boolean;
  /** The most alternatives that `logprobs` may ask for; undefined if it cannot be asked for. */
  readonly logprobs: number | undefined;
  /** Whether `rawPrompt` can be asked for. */
  readonly rawPrompt: boolean;
}

/** A piece of a user's message. */
export type PromptPart =
  | { readonly type: 'text'; readonly text: string }
  /** PNG or JPEG; the text is a data URL, never an address to fetch. */
  | { readonly type: 'image'; readonly image: Blob | string };

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly PromptPart[];
  /** The calls that an assistant's message made. */
  readonly toolCalls?: readonly ToolCall[];
  /** The call that a tool's message answers. */
  readonly toolCallId?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of an object. */
  readonly parameters?: JsonSchema;
}

/** `required`: at least one call; with a name: a call of that tool. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The form that the text of an answer must have; the engine samples no token that breaks it. */
export type ResponseFormat =
  | { readonly type: 'json' }
  | { readonly type: 'json-schema'; readonly schema: JsonSchema }
  /** In llama.cpp's notation (GBNF), which xgrammar reads as well; begins at `root`. */
  | { readonly type: 'grammar'; readonly grammar: string };

/** A parameter that is left out has the model's own default. */
export type Sampling = SamplingSettings;

export interface GenerateRequest {
  /** The whole conversation, oldest first, ending with a user's or a tool's message, or see `continueLast`. */
  readonly messages: readonly PromptMessage[];
  readonly sampling?: Sampling;
  /** Whether the model thinks before it answers. Default: as its chat template has it. */
  readonly thinking?: boolean;
  readonly tools?: readonly Tool[];
  /** Default `auto`. */
  readonly toolChoice?: ToolChoice;
  readonly responseFormat?: ResponseFormat;
  /** The last message is the assistant's own, and is continued: the events bring what follows it. */
  readonly continueLast?: boolean;
  /** Adds the perplexity to the usage, also of a text that `responseFormat` forces upon the model. */
  readonly perplexity?: boolean;
  /** Adds `logprobs` events, in which each token has so many of its likeliest alternatives, itself among them. */
  readonly logprobs?: number;
  /** The text of the one message, a user's, is the whole prompt, without a chat template. */
  readonly rawPrompt?: boolean;
  /** Nobody waits for it: the prompt is read in short steps, so that a cancel, or another tab's request, ends it at once. */
  readonly readAhead?: boolean;
}

export type GenerateCall = ModelTarget & GenerateRequest;

export type CountTokensCall = ModelTarget & { readonly messages: readonly PromptMessage[] };

export type EmbedCall = ModelTarget & { readonly texts: readonly string[] };

export interface Embeddings {
  /** Of length 1, in the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** Tokens of all texts; undefined if the engine does not say. */
  readonly promptTokens: number | undefined;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls';

/** What an answer took. Times are of this answer alone. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that the KV cache held from earlier prompts; undefined if the engine cannot tell. */
  readonly reusedTokens: number | undefined;
  /** From the call to the first text, ms. */
  readonly timeToFirstTokenMs: number;
  /** Undefined for an answer too short to tell. */
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
  /**
   * Perplexity of the completion without its first token, from the model's probabilities before sampling: 1 = certain of
   * each token, the size of the vocabulary = a uniform guess; NaN if the model's numbers are NaN. Only if asked for.
   */
  readonly perplexity?: number;
}

export interface TokenLogprob {
  readonly token: string;
  /** UTF-8: a token may be a part of a character. Undefined if the engine does not say. */
  readonly bytes: readonly number[] | undefined;
  /** Natural logarithm of the probability, before sampling. */
  readonly logprob: number;
}

export interface TokenLogprobs extends TokenLogprob {
  /** The likeliest first. */
  readonly top: readonly TokenLogprob[];
}

/** How much of a prompt the model has read. What the KV cache held counts as read. */
export interface ReadingProgress {
  readonly readTokens: number;
  readonly totalTokens: number;
}

export type GenerateEvent =
  | LoadProgress
  /** Between the steps of a prompt that takes several, before the first text. `readTokens` never falls. */
  | ({ readonly type: 'reading-progress' } & ReadingProgress)
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /** The text so far was reasoning: the chat template had opened it, and only its end has shown that. */
  | { readonly type: 'text-was-reasoning' }
  | ({ readonly type: 'tool-call' } & ToolCall)
  /** Of tokens whose text has come or comes next; all tokens of the completion, in their order. */
  | { readonly type: 'logprobs'; readonly tokens: readonly TokenLogprobs[] }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly reason: FinishReason };

export type EngineNotice =
  | {
      /** The model is no longer in memory; the next call loads it again. */
      readonly type: 'lost';
      readonly error: AlcoveError;
    }
  | { readonly type: 'host'; readonly status: HostStatus };

/**
 * The tab that runs a shared engine: it answers; or, while a call waits for it, it has been silent for some seconds, or
 * is of another version of this code, which cannot be talked to.
 */
export type HostStatus = 'answers' | 'silent' | 'other-version';
