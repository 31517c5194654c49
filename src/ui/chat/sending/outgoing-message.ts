import type { OtherPart } from '../../../chat/message-parts.ts';

/** What is sent at once: a text, files, or both. */
export interface OutgoingMessage {
  readonly text: string;
  readonly attached: readonly OtherPart[];
}

/** What the user has made of a message. */
export interface EditedMessage extends OutgoingMessage {
  readonly messageId: string;
}
