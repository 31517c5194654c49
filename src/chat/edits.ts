import type { Conversation, Message, MessageStatus } from './conversation.ts';
import { addMessage, createConversation, pathTo, setFields } from './tree.ts';

/**
 * Rewrites a message, a question or an answer: the new words stand beside the old ones, and begin a branch.
 * @throws RangeError for an id that is not there or a new one that is
 */
export function editMessage(
  conversation: Conversation,
  id: string,
  text: string,
  newId: string,
  now: number,
): Conversation {
  const message = conversation.messages.get(id);
  if (message === undefined) throw new RangeError(`message ${id} does not exist`);
  const { parentId, role, throughId } = message;
  return addMessage(conversation, {
    id: newId,
    parentId,
    role,
    text,
    status: 'complete',
    createdAt: now,
    editedFrom: id,
    ...(throughId !== undefined && { throughId }),
  });
}

/** Whether an answer ended before it was finished, and has words to go on from. */
export function canContinue({ role, status, finishReason, text }: Message): boolean {
  if (role !== 'assistant' || text === '') return false;
  return status === 'stopped' || status === 'failed' || (status === 'complete' && finishReason === 'length');
}

/** The answer as it is while it is written on: its words stay, why it had ended goes. */
export function reopened({ error: _error, finishReason: _reason, ...message }: Message): Message {
  return { ...message, status: 'streaming' satisfies MessageStatus };
}

/**
 * A new conversation with what was said up to a message, this included. Both go their own ways from there.
 * @throws RangeError for an id that is not there
 */
export function forkConversation(
  conversation: Conversation,
  messageId: string,
  newId: string,
  now: number,
): Conversation {
  const path = pathTo(conversation, messageId);
  if (path.length === 0) throw new RangeError(`message ${messageId} does not exist`);
  const { title, titleIsSet, modelId, tags, settings } = conversation;
  const empty = setFields(
    createConversation(newId, now, modelId),
    {
      title,
      titleIsSet,
      tags,
      settings,
      activeLeafId: messageId,
      forkedFrom: { conversationId: conversation.id, messageId, title },
    },
    now,
  );
  return { ...empty, messages: new Map(path.map((message) => [message.id, settled(message)])) };
}

/** A copy is written on by nobody. */
function settled(message: Message): Message {
  return message.status === 'streaming' ? { ...message, status: 'stopped' } : message;
}
