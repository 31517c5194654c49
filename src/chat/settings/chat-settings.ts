/**
 * Sampling, in the field's names. What is left out is the default of the level above: the chat's persona, the settings
 * for all chats, the model's own.
 */
export interface SamplingSettings {
  /** 0 = greedy; up to 2. */
  readonly temperature?: number;
  /** Above 0, up to 1. */
  readonly topP?: number;
  /** 0 = off, else a whole number. */
  readonly topK?: number;
  /** 0 = off, up to 1. */
  readonly minP?: number;
  /** 1 = off. */
  readonly repeatPenalty?: number;
  /** -2 to 2; 0 = off. */
  readonly frequencyPenalty?: number;
  /** -2 to 2; 0 = off. */
  readonly presencePenalty?: number;
  readonly seed?: number;
  /** Tokens at most in the completion; default: what the context window leaves. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
}

/** What a chat sets for itself, and what a message was made with. */
export interface ChatSettings {
  readonly modelId?: string;
  readonly systemPrompt?: string;
  readonly personaId?: string;
  readonly sampling?: SamplingSettings;
  /** Whether a model that can think does. */
  readonly thinking?: boolean;
  /** What happens when the context window fills: ask, summarise the oldest part, or fork with a summary. */
  readonly contextPolicy?: 'ask' | 'summarise' | 'fork';
  /** Of the settings for all chats: who names a new chat. Default: its first question does. */
  readonly titles?: 'model';
}
