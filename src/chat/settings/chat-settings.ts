/** An absent parameter has the value of the next level: the chat's persona, all chats, the model's default. */
export interface SamplingSettings {
  /** 0 = greedy; up to 2. */
  readonly temperature?: number;
  /** Above 0, up to 1. */
  readonly topP?: number;
  /** How many of the most likely tokens to choose from, a whole number; 0 = all. */
  readonly topK?: number;
  /** Only tokens at least this likely, as a share of the most likely one; 0–1. */
  readonly minP?: number;
  /** Above 1 makes repeating less likely; 1 = off. */
  readonly repeatPenalty?: number;
  /** -2 to 2; 0 = off. */
  readonly frequencyPenalty?: number;
  /** -2 to 2; 0 = off. */
  readonly presencePenalty?: number;
  readonly seed?: number;
  /** Limit of the completion in tokens; default: the rest of the context window. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
}

/** The settings of one chat, or those that an answer was generated with. */
export interface ChatSettings {
  readonly modelId?: string;
  readonly systemPrompt?: string;
  readonly personaId?: string;
  readonly sampling?: SamplingSettings;
  /** Whether a model with reasoning uses it. */
  readonly thinking?: boolean;
  /** What happens when the context window is full: ask, summarise the oldest part, or fork with a summary. */
  readonly contextPolicy?: 'ask' | 'summarise' | 'fork';
  /** For all chats: who writes the title of a new chat. Default: it is made from the first question. */
  readonly titles?: 'model';
}
