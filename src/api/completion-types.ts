import type { CompletionUsage, SamplingParams, StreamOptions } from './chat-types.ts';

/** OpenAI's completions: a text that the model continues, without a chat template. */
export interface CompletionCreateParamsBase extends SamplingParams {
  readonly model: string;
  /** Each of several prompts is answered by a choice of its own. */
  readonly prompt: string | readonly string[];
  /** Whether the choice begins with the prompt. */
  readonly echo?: boolean | null;
  /** Alternatives of each token, 0–5. */
  readonly logprobs?: number | null;
  readonly stream_options?: StreamOptions | null;
  readonly user?: string | null;
}

export type CompletionCreateParams = CompletionCreateParamsBase & { readonly stream?: boolean | null };
export type CompletionCreateParamsNonStreaming = CompletionCreateParamsBase & { readonly stream?: false | null };
export type CompletionCreateParamsStreaming = CompletionCreateParamsBase & { readonly stream: true };

/** An answer, or a chunk of one: they have the same shape. */
export interface Completion {
  readonly id: string;
  readonly object: 'text_completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly CompletionChoice[];
  readonly usage?: CompletionUsage | null;
}

export interface CompletionChoice {
  /** The place of its prompt. */
  readonly index: number;
  readonly text: string;
  readonly finish_reason: 'stop' | 'length' | null;
  readonly logprobs: CompletionLogprobs | null;
}

export interface CompletionLogprobs {
  readonly tokens: readonly string[];
  readonly token_logprobs: readonly number[];
  readonly top_logprobs: readonly Readonly<Record<string, number>>[];
  /** Where each token begins in the text of the choice. */
  readonly text_offset: readonly number[];
}
