import type { Conversation, Message } from '../chat/conversation.ts';
import { reasoningOf, textOf } from '../chat/message-parts.ts';
import { activePath } from '../chat/tree.ts';
import type { ChatMessage } from './public-types.ts';

/** A message as the host page sees it. A summary counts as an answer. */
export function toChatMessage(message: Message): ChatMessage {
  const { id, role, status, createdAt, modelId, error } = message;
  const reasoning = reasoningOf(message);
  return {
    id,
    role: role === 'user' ? 'user' : 'assistant',
    content: textOf(message),
    ...(reasoning !== '' && { reasoning }),
    status,
    createdAt,
    ...(modelId !== undefined && { modelId }),
    ...(error !== undefined && { error: { code: error.code, data: error.data } }),
  };
}

/** The messages of the shown branch, oldest first. */
export function shownMessages(chat: Conversation | undefined): readonly ChatMessage[] {
  if (chat === undefined) return [];
  return activePath(chat)
    .filter(({ role }) => role !== 'summary')
    .map(toChatMessage);
}
