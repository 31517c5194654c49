/** OpenAI's chat completions, as far as Alcove answers them. docs/api.md says what each parameter does here. */

export interface ChatCompletionCreateParamsBase extends SamplingParams {
  /** Id of a downloaded model. */
  readonly model: string;
  readonly messages: readonly ChatCompletionMessageParam[];
  /** Names of tokens with their log probabilities; llama.cpp and web-llm. */
  readonly logprobs?: boolean | null;
  /** Alternatives of each token: up to 20 with llama.cpp, 5 with web-llm. */
  readonly top_logprobs?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly response_format?: ResponseFormatParam | null;
  readonly tools?: readonly ChatCompletionTool[] | null;
  readonly tool_choice?: ChatCompletionToolChoice | null;
  /** `none` switches reasoning off and any other value on, for a model with such a switch. */
  readonly reasoning_effort?: string | null;
  readonly stream_options?: StreamOptions | null;
  readonly user?: string | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

export type ChatCompletionCreateParams = ChatCompletionCreateParamsBase & { readonly stream?: boolean | null };
export type ChatCompletionCreateParamsNonStreaming = ChatCompletionCreateParamsBase & {
  readonly stream?: false | null;
};
export type ChatCompletionCreateParamsStreaming = ChatCompletionCreateParamsBase & { readonly stream: true };

/** A parameter that is left out has the model's own default. */
export interface SamplingParams {
  /** 0 = greedy, up to 2. */
  readonly temperature?: number | null;
  /** 0–1. */
  readonly top_p?: number | null;
  /** -2 to 2. */
  readonly frequency_penalty?: number | null;
  /** -2 to 2. */
  readonly presence_penalty?: number | null;
  /** An integer: the same request with the same seed gives the same answer on the same device. */
  readonly seed?: number | null;
  readonly max_tokens?: number | null;
  /** Up to 4 texts that end the answer; they are not part of it. */
  readonly stop?: string | readonly string[] | null;
  /** Beyond OpenAI's, as in llama.cpp's server: how many of the likeliest tokens to choose from, 0 = all. */
  readonly top_k?: number | null;
  /** Beyond OpenAI's: only tokens at least this likely, as a share of the likeliest one; 0–1. */
  readonly min_p?: number | null;
  /** Beyond OpenAI's: above 1 makes repeating less likely. */
  readonly repeat_penalty?: number | null;
}

export interface StreamOptions {
  /** Adds a last chunk with the usage and no choices. */
  readonly include_usage?: boolean | null;
}

export type ChatCompletionMessageParam =
  | { readonly role: 'system' | 'developer'; readonly content: string | readonly TextPart[] }
  | { readonly role: 'user'; readonly content: string | readonly (TextPart | ImagePart)[] }
  | {
      readonly role: 'assistant';
      readonly content?: string | readonly TextPart[] | null;
      readonly tool_calls?: readonly ChatCompletionToolCall[] | null;
    }
  | { readonly role: 'tool'; readonly content: string | readonly TextPart[]; readonly tool_call_id: string };

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface ImagePart {
  readonly type: 'image_url';
  /** A data URL of a PNG or JPEG. No other address: nothing that a message names is fetched. */
  readonly image_url: { readonly url: string; readonly detail?: 'auto' | null };
}

export type ResponseFormatParam =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly json_schema: JsonSchemaParam };

export interface JsonSchemaParam {
  readonly name: string;
  readonly description?: string | null;
  readonly schema?: Readonly<Record<string, unknown>> | null;
  /** No effect: an answer always keeps to the schema. */
  readonly strict?: boolean | null;
}

export interface ChatCompletionTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string | null;
    /** JSON Schema of an object. */
    readonly parameters?: Readonly<Record<string, unknown>> | null;
    /** No effect: arguments always keep to the schema. */
    readonly strict?: boolean | null;
  };
}

export type ChatCompletionToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

export interface ChatCompletionToolCall {
  readonly id: string;
  readonly type: 'function';
  /** `arguments` is JSON. */
  readonly function: { readonly name: string; readonly arguments: string };
}

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls';

export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: ChatCompletionMessage;
      readonly finish_reason: ChatFinishReason;
      readonly logprobs: ChatLogprobs | null;
    },
  ];
  readonly usage: CompletionUsage;
}

export interface ChatCompletionMessage {
  readonly role: 'assistant';
  /** `null` beside tool calls. */
  readonly content: string | null;
  readonly refusal: null;
  /** What a model with reasoning has thought, as DeepSeek and llama.cpp name it. */
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ChatCompletionToolCall[];
}

export interface ChatCompletionChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  /** Empty in the chunk with the usage. */
  readonly choices: readonly ChatCompletionChunkChoice[];
  readonly usage?: CompletionUsage | null;
}

export interface ChatCompletionChunkChoice {
  readonly index: 0;
  readonly delta: {
    readonly role?: 'assistant';
    readonly content?: string;
    readonly reasoning_content?: string;
    /** The content so far was reasoning, of a model that is not listed as one that reasons. */
    readonly content_was_reasoning?: true;
    readonly tool_calls?: readonly (ChatCompletionToolCall & { readonly index: number })[];
  };
  readonly finish_reason: ChatFinishReason | null;
  readonly logprobs: ChatLogprobs | null;
}

export interface ChatLogprobs {
  readonly content: readonly ChatTokenLogprob[];
  readonly refusal: null;
}

export interface ChatTokenLogprob extends TopLogprob {
  readonly top_logprobs: readonly TopLogprob[];
}

export interface TopLogprob {
  readonly token: string;
  /** UTF-8; `null` if the engine does not say. */
  readonly bytes: readonly number[] | null;
  /** Natural logarithm of the probability. */
  readonly logprob: number;
}

export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** `cached_tokens`: those whose computation was kept from the answer before. */
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
  /** Beyond OpenAI's. */
  readonly timings: Timings;
}

/** Undefined where an answer was too short to tell. */
export interface Timings {
  /** From the turn of the request to its first text, ms; a load of the model is not in it. */
  readonly time_to_first_token_ms: number;
  readonly prompt_tokens_per_second: number | undefined;
  readonly completion_tokens_per_second: number | undefined;
}
