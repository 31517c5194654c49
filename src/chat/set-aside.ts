import type { WireError } from '../platform/errors.ts';
import type { Conversation } from './conversation.ts';

/**
 * Empties an answer that is being written, to be written again from its start. What it had said so far stands beside it,
 * as an answer of its own that has failed: no word is lost.
 * @throws RangeError for a message that is not there
 */
export function keepAsSibling(
  conversation: Conversation,
  messageId: string,
  aside: { readonly id: string; readonly error: WireError; readonly now: number },
): Conversation {
  const message = conversation.messages.get(messageId);
  if (message === undefined) throw new RangeError(`message ${messageId} does not exist`);
  const { reasoning: _, ...begun } = message;
  const messages = new Map(conversation.messages);
  messages.set(messageId, { ...begun, text: '', createdAt: aside.now });
  messages.set(aside.id, { ...message, id: aside.id, status: 'failed', error: aside.error });
  // Siblings are in the order of their writing.
  const inOrder = [...messages.values()].sort((a, b) => a.createdAt - b.createdAt);
  return { ...conversation, messages: new Map(inOrder.map((one) => [one.id, one])) };
}
