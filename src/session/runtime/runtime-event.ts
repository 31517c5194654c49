import type { Conversation } from '../../chat/conversation.ts';
import type { GenerateEvent } from '../../engine/engine.ts';

/** An event of an answer: the engine's, or that the answer restarts from its beginning on another backend. */
export type RuntimeEvent = GenerateEvent | RestartEvent;

export interface RestartEvent {
  readonly type: 'restart';
  /** Id of the message that keeps the text so far. */
  readonly siblingId: string;
  /** Keeps the text so far as a sibling. It comes with the event because few answers need its code. */
  readonly keepAsSibling: (conversation: Conversation, messageId: string) => Conversation;
}
