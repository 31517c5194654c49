import type { Backend } from '../models/backend.ts';
import type { DeviceReport } from '../models/device.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import type { AlcoveError } from '../platform/errors.ts';

/**
 * What runs a model. The contract does not say where the work happens: in a worker, in the page, in another tab.
 *
 * Rules that every engine keeps, and that the contract test suite holds it to:
 * - One model at a time; `load` replaces the one before. One answer at a time; a second `generate` throws
 *   `engine-busy`.
 * - Every call ends: its iterator returns, or throws an AlcoveError, or throws an AbortError after a cancel. A cancel
 *   ends within 2 s in any phase and leaves the engine usable. A dead or hung worker ends every open call.
 * - After a crash, a lost device or a cancel that cost the worker, the next `generate` loads the model again by itself
 *   (its iterator yields `load-progress` first), for as long as `unload` was not called.
 * - Text that was yielded before a failure stays valid.
 */
export interface Engine {
  readonly id: EngineId;

  /** What this device offers the engine, or why it cannot run. Never throws; cheap enough for every start. */
  probe(): Promise<EngineProbe>;

  /**
   * Loads a model whose files are in the weight store. Yields progress; returning means that it is ready. A loaded model
   * is loaded again only where another way to run it is asked for.
   * @param way default: the way in which it is loaded, else the best that the device offers
   */
  load(model: ModelRecord, signal: AbortSignal, way?: Backend): AsyncIterable<LoadProgress>;

  /**
   * What the engine can do with a model. Before its load this is what the record tells; while it is loaded, what the
   * model itself does. Never throws.
   */
  capabilities(model: ModelRecord): Promise<Capabilities>;

  /**
   * Writes one answer. The last event is `finish`. What the loaded model's capabilities lack throws `unsupported`,
   * which names it: nothing of a request is left out silently.
   */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;

  /**
   * Tokens of a prompt, as the loaded model's chat template makes it. Rules and errors are those of `generate`.
   * @throws AlcoveError `unsupported` where the capabilities say so
   */
  countTokens(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number>;

  /**
   * Texts as vectors of length 1, in the order of the texts. Rules and errors are those of `generate`, but for the
   * model: it is the one that is named, and stays in memory beside the loaded one until `unload`.
   * @throws AlcoveError `unsupported` where the capabilities say so
   */
  embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;

  /** Frees the model and its memory. Resolves at once when nothing is loaded. */
  unload(): Promise<void>;

  /** What happens between calls: a lost device while idle, a crash. Returns its undo. */
  subscribe(listener: (notice: EngineNotice) => void): () => void;

  /** Ends the engine for good; open calls end as cancelled. */
  dispose(): void;
}

export type EngineProbe =
  | { readonly supported: true; readonly device: DeviceReport }
  | { readonly supported: false; readonly device: DeviceReport; readonly reason: AlcoveError };

/** How far a load is. The phases come in this order, each at most once; `loadedBytes` never falls. */
export interface LoadProgress {
  readonly type: 'load-progress';
  readonly phase: 'weights' | 'shaders' | 'ready';
  /** Bytes brought from the store to the GPU. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** With the phase `ready`: how the engine runs the model, where it knows several ways. */
  readonly runsOn?: Backend;
  /** With the phase `ready`: what the model that is loaded can do. */
  readonly capabilities?: Capabilities;
}

/** What an engine can do with a model; plain data, so that it crosses workers and tabs. */
export interface Capabilities {
  /** The values that have an effect. */
  readonly sampling: readonly (keyof Sampling)[];
  /** Whether `thinking` can be switched per request. */
  readonly thinkingSwitch: boolean;
  readonly tools: boolean;
  readonly responseFormats: readonly ResponseFormat['type'][];
  readonly images: boolean;
  readonly continueLast: boolean;
  readonly countTokens: boolean;
  readonly embeddings: boolean;
  /** Tells how likely the model finds what it writes: `Usage.perplexity`. */
  readonly perplexity: boolean;
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

/** What the text of an answer must be; the engine lets no other token through. */
export type ResponseFormat =
  | { readonly type: 'json' }
  | { readonly type: 'json-schema'; readonly schema: JsonSchema }
  /** In llama.cpp's notation (GBNF), which xgrammar reads as well; begins at `root`. */
  | { readonly type: 'grammar'; readonly grammar: string };

/** Sampling, in the field's names. What is left out is the model's own default. */
export interface Sampling {
  /** 0 = greedy; up to 2. */
  readonly temperature?: number;
  /** Above 0, up to 1. */
  readonly topP?: number;
  /** Only the so many most likely tokens; 0 = all. */
  readonly topK?: number;
  /** Only tokens at least this likely, as a share of the most likely one; 0–1. */
  readonly minP?: number;
  /** Above 1 makes repeating less likely; 1 = off. */
  readonly repeatPenalty?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  /** Tokens at most in the completion; default: what the context window leaves. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
}

export interface GenerateRequest {
  /** The whole conversation, oldest first, ending with a user's or a tool's message, or see `continueLast`. */
  readonly messages: readonly PromptMessage[];
  readonly sampling?: Sampling;
  /** Whether the model thinks before it answers; left out, as the model does by itself. */
  readonly thinking?: boolean;
  readonly tools?: readonly Tool[];
  /** Default `auto`. */
  readonly toolChoice?: ToolChoice;
  readonly responseFormat?: ResponseFormat;
  /** The last message is the assistant's own, and is continued: the events bring what follows it. */
  readonly continueLast?: boolean;
  /** Has the usage tell the perplexity, also of a text that `responseFormat` forces upon the model. */
  readonly perplexity?: boolean;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls';

/** What an answer cost. Times are of this answer alone. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens whose KV cache was kept from the answer before; undefined where the engine cannot tell. */
  readonly reusedTokens: number | undefined;
  /** From the call to the first text, ms. */
  readonly timeToFirstTokenMs: number;
  /** Undefined for an answer too short to tell. */
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
  /**
   * Of the completion but for its first token, by the model's own probabilities, before any sampling: 1 = sure of each
   * token, the size of the vocabulary = no idea; NaN where the model's numbers are none. Only where it was asked for.
   */
  readonly perplexity?: number;
}

export type GenerateEvent =
  | LoadProgress
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | ({ readonly type: 'tool-call' } & ToolCall)
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly reason: FinishReason };

export type EngineNotice = {
  /** The model is no longer in memory; the next `generate` loads it again. */
  readonly type: 'lost';
  readonly error: AlcoveError;
};
