/** The dictionaries of the Prompt API (webmachinelearning/prompt-api, IDL of November 2026). */

export type LanguageModelAvailability = 'available' | 'downloadable' | 'downloading' | 'unavailable';

export type LanguageModelPrompt = string | readonly LanguageModelMessage[];

export interface LanguageModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly LanguageModelMessageContent[];
  /** The answer begins with it; for a last message of the assistant's. */
  readonly prefix?: boolean;
}

export interface LanguageModelMessageContent {
  readonly type: 'text' | 'image';
  /** A text; or an image as a Blob, bytes, or anything that `createImageBitmap` takes. */
  readonly value: unknown;
}

export const MESSAGE_TYPES = ['text', 'image', 'audio', 'tool-call', 'tool-response'] as const;

export interface LanguageModelExpected {
  readonly type: (typeof MESSAGE_TYPES)[number];
  /** BCP 47. */
  readonly languages?: readonly string[];
}

export interface LanguageModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly execute: (input: Readonly<Record<string, unknown>>) => Promise<string>;
}

export const SAMPLING_MODES = [
  'most-predictable',
  'predictable',
  'slightly-predictable',
  'balanced',
  'slightly-creative',
  'creative',
  'most-creative',
] as const;

/** Those of the specification and, with `slightly`, of Chrome. Default: `balanced`. */
export type LanguageModelSamplingMode = (typeof SAMPLING_MODES)[number];

/** For extensions in Chrome. */
export interface LanguageModelParams {
  readonly defaultTopK: number;
  readonly maxTopK: number;
  readonly defaultTemperature: number;
  readonly maxTemperature: number;
}

export interface LanguageModelCreateCoreOptions {
  readonly samplingMode?: LanguageModelSamplingMode;
  /** For extensions in Chrome; not together with `samplingMode`. */
  readonly temperature?: number;
  /** For extensions in Chrome; not together with `samplingMode`. */
  readonly topK?: number;
  readonly expectedInputs?: readonly LanguageModelExpected[];
  readonly expectedOutputs?: readonly LanguageModelExpected[];
  readonly tools?: readonly LanguageModelTool[];
}

export interface LanguageModelCreateOptions extends LanguageModelCreateCoreOptions {
  /** Ends the making of the session, and later the session. */
  readonly signal?: AbortSignal;
  /** Is given an EventTarget with `downloadprogress` events, whose `loaded` goes from 0 to 1. */
  readonly monitor?: (monitor: EventTarget) => void;
  readonly initialPrompts?: readonly LanguageModelMessage[];
}

export interface LanguageModelPromptOptions {
  /** JSON Schema, or a RegExp that matches the whole answer, a `prefix` included. */
  readonly responseConstraint?: object;
  /** No effect: a schema is never put into the prompt. */
  readonly omitResponseConstraintInput?: boolean;
  readonly signal?: AbortSignal;
}
