import type { Conversation } from '../../chat/conversation.ts';
import type { GenerateEvent } from '../../engine/engine.ts';

/** What comes of an answer: the engine's events, and that it begins again from its start, in another way. */
export type RuntimeEvent = GenerateEvent | RestartEvent;

export interface RestartEvent {
  readonly type: 'begin-again';
  /** The message that keeps what there was of the answer. */
  readonly asideId: string;
  /** Puts what there is of the answer aside. It comes with the event, for no answer needs it as a rule. */
  readonly keepAsSibling: (conversation: Conversation, messageId: string) => Conversation;
}
