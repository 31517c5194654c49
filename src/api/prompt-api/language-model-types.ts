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

export interface LanguageModelExpected {
  readonly type: 'text' | 'image' | 'audio' | 'tool-call' | 'tool-response';
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

export type LanguageModelSamplingMode =
  | 'default'
  | 'most-predictable'
  | 'predictable'
  | 'balanced'
  | 'creative'
  | 'most-creative';

export interface LanguageModelCreateCoreOptions {
  readonly samplingMode?: LanguageModelSamplingMode;
  readonly temperature?: number;
  readonly topK?: number;
  readonly expectedInputs?: readonly LanguageModelExpected[];
  readonly expectedOutputs?: readonly LanguageModelExpected[];
  readonly tools?: readonly LanguageModelTool[];
}

export interface LanguageModelCreateOptions extends LanguageModelCreateCoreOptions {
  readonly signal?: AbortSignal;
  /** Is given an EventTarget with `downloadprogress` events, whose `loaded` goes from 0 to 1. */
  readonly monitor?: (monitor: EventTarget) => void;
  readonly initialPrompts?: readonly LanguageModelMessage[];
}

export interface LanguageModelPromptOptions {
  /** JSON Schema that the answer keeps to. A RegExp is not supported. */
  readonly responseConstraint?: object;
  /** No effect: a schema is never put into the prompt. */
  readonly omitResponseConstraintInput?: boolean;
  readonly signal?: AbortSignal;
}
