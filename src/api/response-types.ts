import type { SamplingParams, Timings } from './chat-types.ts';

/** OpenAI's responses, as far as Alcove answers them. Nothing is stored: each request has the whole conversation. */
export interface ResponseCreateParamsBase extends Pick<SamplingParams, 'temperature' | 'top_p'> {
  readonly model: string;
  readonly input: string | readonly ResponseInputItem[];
  /** A system message before the input. */
  readonly instructions?: string | null;
  readonly max_output_tokens?: number | null;
  readonly text?: { readonly format?: ResponseTextFormat | null } | null;
  readonly tools?: readonly ResponseTool[] | null;
  readonly tool_choice?: ResponseToolChoice | null;
  /** `effort`: as `reasoning_effort` of a chat completion. */
  readonly reasoning?: { readonly effort?: string | null } | null;
  readonly store?: false | null;
  readonly user?: string | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

export type ResponseCreateParams = ResponseCreateParamsBase & { readonly stream?: boolean | null };
export type ResponseCreateParamsNonStreaming = ResponseCreateParamsBase & { readonly stream?: false | null };
export type ResponseCreateParamsStreaming = ResponseCreateParamsBase & { readonly stream: true };

export type ResponseInputItem =
  | {
      readonly type?: 'message';
      readonly role: 'system' | 'developer' | 'user' | 'assistant';
      readonly content: string | readonly ResponseInputPart[];
    }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      /** JSON. */
      readonly arguments: string;
    }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string };

export type ResponseInputPart =
  | { readonly type: 'input_text' | 'output_text'; readonly text: string }
  /** A data URL, as in a chat completion. */
  | { readonly type: 'input_image'; readonly image_url: string; readonly detail?: 'auto' | null };

export type ResponseTextFormat =
  | { readonly type: 'text' | 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly description?: string | null;
      readonly strict?: boolean | null;
    };

export interface ResponseTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string | null;
  readonly parameters?: Readonly<Record<string, unknown>> | null;
  readonly strict?: boolean | null;
}

export type ResponseToolChoice = 'none' | 'auto' | 'required' | { readonly type: 'function'; readonly name: string };

export interface ModelResponse {
  readonly id: string;
  readonly object: 'response';
  /** Seconds since the epoch. */
  readonly created_at: number;
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly incomplete_details: { readonly reason: 'max_output_tokens' } | null;
  readonly instructions: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly model: string;
  readonly output: readonly ResponseOutputItem[];
  /** All text of the output. */
  readonly output_text: string;
  readonly parallel_tool_calls: true;
  readonly previous_response_id: null;
  readonly store: false;
  readonly temperature: number | null;
  readonly top_p: number | null;
  readonly tool_choice: ResponseToolChoice;
  readonly tools: readonly ResponseTool[];
  readonly usage: ResponseUsage | null;
}

export interface ResponseUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly total_tokens: number;
  /** Beyond OpenAI's. */
  readonly timings: Timings;
}

export type ResponseOutputItem = ResponseReasoning | ResponseMessage | ResponseFunctionCall;

type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export interface ResponseReasoning {
  readonly type: 'reasoning';
  readonly id: string;
  readonly summary: readonly [];
  readonly content: readonly { readonly type: 'reasoning_text'; readonly text: string }[];
  readonly status: ItemStatus;
}

export interface ResponseMessage {
  readonly type: 'message';
  readonly id: string;
  readonly role: 'assistant';
  readonly status: ItemStatus;
  readonly content: readonly ResponseOutputText[];
}

export interface ResponseOutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly [];
}

export interface ResponseFunctionCall {
  readonly type: 'function_call';
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: ItemStatus;
}

/** An event of a stream: OpenAI's names, in OpenAI's order. */
export type ResponseStreamEvent = { readonly sequence_number: number } & ResponseStreamEventBody;

interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}
interface PartPlace extends ItemPlace {
  readonly content_index: 0;
}

export type ResponseStreamEventBody =
  | {
      readonly type:
        | 'response.created'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete'
        | 'response.failed';
      readonly response: ModelResponse;
    }
  | {
      readonly type: 'response.output_item.added' | 'response.output_item.done';
      readonly output_index: number;
      readonly item: ResponseOutputItem;
    }
  | ({
      readonly type: 'response.content_part.added' | 'response.content_part.done';
      readonly part: ResponseOutputText;
    } & PartPlace)
  | ({
      readonly type: 'response.output_text.delta';
      readonly delta: string;
      readonly logprobs: readonly [];
    } & PartPlace)
  | ({ readonly type: 'response.output_text.done'; readonly text: string; readonly logprobs: readonly [] } & PartPlace)
  | ({ readonly type: 'response.reasoning_text.delta'; readonly delta: string } & PartPlace)
  | ({ readonly type: 'response.reasoning_text.done'; readonly text: string } & PartPlace)
  | ({ readonly type: 'response.function_call_arguments.delta'; readonly delta: string } & ItemPlace)
  | ({
      readonly type: 'response.function_call_arguments.done';
      readonly arguments: string;
      readonly name: string;
    } & ItemPlace);
