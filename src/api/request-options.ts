/** The second parameter of every call. */
export interface RequestOptions {
  /** Cancels the call, in any phase: while it waits for its turn, while the model loads, while it writes. */
  readonly signal?: AbortSignal | undefined;
}
