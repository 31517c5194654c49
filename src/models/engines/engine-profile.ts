import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import type { Backend, BackendKind } from '../backend.ts';
import type { DeviceBenchmark, DeviceReport } from '../device.ts';
import type { ModelRecord, ModelSource } from '../model-record.ts';

/**
 * What the app must know of an engine before any of its code is fetched: which models it runs, on which devices, in how
 * much memory, how fast. Each engine has one, in a file of its own; all others ask the profile and name no engine.
 * How to add an engine: src/engine/README.md.
 */
export interface EngineProfile {
  /**
   * Version of the library that runs the models; measurements of one version say nothing about the next. Undefined if no
   * library runs on this device.
   */
  readonly libraryVersion: string | undefined;

  /** The format of the weights that it runs. Undefined if it runs none: its models are never downloaded or stored. */
  readonly weights: WeightsFormat | undefined;

  /** Where a catalogue may say that its models come from. */
  readonly sources: readonly ModelSource['kind'][];

  /** How it uses this device. Undefined if its models run elsewhere. */
  readonly local: LocalProfile | undefined;

  /** Of two engines that run a model about equally well, the one with the lower number is recommended. */
  readonly preference: number;

  /** Whether it can return to any beginning of its KV cache, so that a question put in between costs no second prefill. */
  readonly keepsPrefixes: boolean;
  /**
   * Whether it reads the chat template, and so knows when a prompt has opened the reasoning. With another engine only the end
   * of the reasoning shows that the text before it was reasoning.
   */
  readonly separatesReasoning: boolean;

  /**
   * Tokens that an image takes of a prompt, about: the engine's own count follows with the answer. 0 for a model that is given
   * none; a model of unknown gifts counts as one that sees.
   */
  imageTokens(record: ModelRecord): number;

  /** The override by which its models take their context window. Undefined if they take the record's own. */
  readonly contextWindowOverride: string | undefined;

  /** WebGPU features that a record needs unless it says otherwise. */
  usualFeatures(quantization: string): readonly string[];

  isReady(record: ModelRecord): boolean;

  /** Why a model cannot run here, apart from memory. @param device undefined while it is not known */
  refusal(record: ModelRecord, device: DeviceReport | undefined): Refusal | undefined;

  /** What it can run a model on, the fastest first, for a device that is not refused. */
  backends(device: DeviceReport, browser: BrowserFeatures): readonly BackendOffer[];

  /** Whether an answer is computed on the graphics card of this device. */
  isOnGraphicsCard(backend: Backend | undefined): boolean;
}

export type WeightsFormat = 'mlc' | 'gguf';

/** How an engine uses memory and processors of this device. */
export interface LocalProfile {
  /** Whether a graphics card with memory of its own holds the weights. */
  readonly usesCardMemory: boolean;

  /** Limits that the engine has whatever the device, bytes. */
  readonly memoryLimits: MemoryLimits | undefined;

  /** Bytes of buffers that each token of the context window takes beside its keys and values. */
  readonly stepBytesPerToken: number;

  /** The largest buffer for keys and values of one layer. Undefined if they need no buffer on a graphics card. */
  readonly mostBindingBytes: ((maxBindingBytes: number) => number) | undefined;

  /** Bytes of one number of a key and one of a value in the KV cache. */
  kvPairBytes(record: ModelRecord): number;

  /** Whether a part of weights of this size may be larger than what the device binds at once. */
  mayExceedBinding(weightsBytes: number, maxBindingBytes: number): boolean;
}

/** Estimates the speed of an answer. @param benchmark of this device; undefined if it was not measured */
export type SpeedEstimate = (
  work: TokenWork,
  device: DeviceReport,
  benchmark: DeviceBenchmark | undefined,
) => SpeedRange;

/** What this browser has besides what the device report says. */
export interface BrowserFeatures {
  /** What wllama's build for WebGPU needs: JSPI, or its compatible build. */
  readonly hasGpuLlama: boolean;
}

/** A backend on which an engine runs a model. */
export interface BackendOffer {
  /** Backends of all engines are ranked by it: WebGPU, then several threads, then one. */
  readonly kind: BackendKind;
  /** What the engine is asked for; undefined for an engine that has one backend. */
  readonly backend: Backend | undefined;
}

/** `code` and `data` are those of an AlcoveError. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** How much memory a model may take, bytes. */
export interface MemoryLimits {
  /** A model of this size fits, by all reports. */
  readonly sureBytes: number;
  /** A model of this size may fit. */
  readonly possibleBytes: number;
  /** A larger model cannot fit. */
  readonly hopelessBytes: number;
}

/** What one token of an answer takes. */
export interface TokenWork {
  /** Weights and KV cache that are read. */
  readonly bytes: number;
  /** Parameters that a token passes; of a mixture of experts fewer than the model has. */
  readonly parameters: number;
  readonly layers: number;
  readonly quantization: string;
}

/** Tokens per second of decoding. */
export interface SpeedRange {
  readonly low: number;
  readonly high: number;
  /** `measured`: this variant on this device; `benchmark`: of this device; `guess`: from what the browser says of it. */
  readonly from: 'measured' | 'benchmark' | 'guess';
}
