import type { Describable } from './error-messages.ts';

/** What came of an action: something to say, or nothing. */
export interface ActionOutcome {
  readonly error?: Describable;
  readonly said?: string;
}
