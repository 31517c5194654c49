import type { AlcoveError } from '../errors.ts';
import type { DeviceReport } from '../models/device.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import type { RunWay } from '../models/run-way.ts';

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
  load(model: ModelRecord, signal: AbortSignal, way?: RunWay): AsyncIterable<LoadProgress>;

  /** Writes one answer. The last event is `finish`. */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;

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
  readonly runsOn?: RunWay;
}

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
}

/** Sampling, in the field's names. What is left out is the model's own default. */
export interface Sampling {
  /** 0 = greedy; up to 2. */
  readonly temperature?: number;
  /** Above 0, up to 1. */
  readonly topP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  /** Tokens at most in the completion; default: what the context window leaves. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
}

export interface GenerateRequest {
  /** The whole conversation, oldest first, ending with a user's or a tool's message. */
  readonly messages: readonly PromptMessage[];
  readonly sampling?: Sampling;
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
}

export type GenerateEvent =
  | LoadProgress
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly argumentsJson: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly reason: FinishReason };

export type EngineNotice = {
  /** The model is no longer in memory; the next `generate` loads it again. */
  readonly type: 'lost';
  readonly error: AlcoveError;
};
