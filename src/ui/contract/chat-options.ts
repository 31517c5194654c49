/** What a page that shows a chat decides about its view. The app decides nothing. */
export interface ChatOptions {
  /** Title in the header. */
  readonly heading?: string | undefined;
  /** Shown in a chat without messages, in place of the question what the user would like to know. */
  readonly greeting?: string | undefined;
  /** First messages that the user can send with a click. */
  readonly starters?: readonly string[] | undefined;
  /** Placeholder of the composer. */
  readonly placeholder?: string | undefined;
  /** The user can read, and neither type nor change anything. */
  readonly isDisabled?: boolean;
  /** The user can read the chat; there is no composer. */
  readonly isReadonly?: boolean;
  /** Adds a button that closes the view. */
  readonly onClose?: (() => void) | undefined;
}

export const NO_OPTIONS: ChatOptions = {};
