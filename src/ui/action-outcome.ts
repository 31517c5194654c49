import type { Describable } from './error-words.ts';

/** What came of an action: something to say, or nothing. */
export interface ActionOutcome {
  readonly error?: Describable;
  readonly said?: string;
}
