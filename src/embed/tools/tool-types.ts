/** The types of the tools that a page gives to `<alcove-chat>`. */

/** A JSON Schema, whose root is an object. */
export type ToolInputSchema = Readonly<Record<string, unknown>>;

/** The arguments of a call, as the tool's `inputSchema` has them. */
export type ToolInput = Readonly<Record<string, unknown>>;

export interface ToolExecuteOptions {
  /** Aborted when the answer is stopped or the element is removed. The chat does not wait for the tool then. */
  readonly signal: AbortSignal;
}

/** A function of the page that the model may call. */
export interface ChatTool {
  /** 1 to 64 letters, digits, `_` and `-`; unique in the element. */
  readonly name: string;
  /** For the model: what the tool does and when to use it. */
  readonly description?: string;
  /** Of the arguments. Default: an object without members. */
  readonly inputSchema?: ToolInputSchema;
  /** It changes nothing. Default false. */
  readonly readOnly?: boolean;
  /** Whether the user is asked before each call. Default: unless the tool is `readOnly`. */
  readonly confirm?: boolean;
  /**
   * Runs a call whose arguments match `inputSchema`.
   * @returns a text, or what JSON can hold, or a promise of it; a long one is cut to a quarter of the model's context window
   */
  // biome-ignore lint/suspicious/noExplicitAny: the page knows its arguments; no cast should be needed to name their types.
  execute(input: any, options: ToolExecuteOptions): unknown;
}

export interface RegisterToolOptions {
  /** Takes the tool away again. */
  readonly signal?: AbortSignal;
}

/** A call in an answer, as the host page sees it. */
export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them, so perhaps not valid JSON. */
  readonly argumentsJson: string;
  readonly state: 'pending' | 'running' | 'complete' | 'failed' | 'declined';
  /** What the model was given: the result, or why there is none. */
  readonly result?: string;
}
