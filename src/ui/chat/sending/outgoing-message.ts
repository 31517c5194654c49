import type { OtherPart } from '../../../chat/message-parts.ts';

/** What is sent at once: a text, files, or both. */
export interface OutgoingMessage {
  readonly text: string;
  readonly attached: readonly OtherPart[];
}
