/** Edits, continuations and forks of a conversation. None of them overwrites a message that the user has read. */
import type { WireError } from '../platform/errors.ts';
import type { Conversation, Message, MessageStatus } from './conversation.ts';
import { type MessagePart, textOf, withText } from './message-parts.ts';
import { addMessage, createConversation, inOrder, pathTo, setFields, timeAfter } from './tree.ts';

/**
 * Rewrites the text of a message, a question or an answer: the new version is a sibling of the old one and begins a
 * branch. It keeps what was attached; the reasoning belongs to the old version alone.
 * @throws RangeError for an id that does not exist, or a new one that does
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
  const { parentId, role, throughId, parts, read } = message;
  return addMessage(conversation, {
    id: newId,
    parentId,
    role,
    parts: withText(
      parts.filter(({ type }) => type !== 'reasoning'),
      text,
    ),
    status: 'complete',
    createdAt: now,
    editedFrom: id,
    ...(throughId !== undefined && { throughId }),
    ...(read !== undefined && { read }),
  });
}

/** Whether an answer ended before it was finished, and has text to continue from: a tool's result is none. */
export function canContinue(message: Message): boolean {
  const { role, status, finishReason, parts } = message;
  if (role !== 'assistant' || textOf(message) === '') return false;
  if (parts.findLastIndex(({ type }) => type === 'text') < parts.findLastIndex(isToolPart)) return false;
  return status === 'stopped' || status === 'failed' || (status === 'complete' && finishReason === 'length');
}

function isToolPart({ type }: MessagePart): boolean {
  return type === 'tool-call' || type === 'tool-result';
}

/** The answer while it is continued: its parts stay, the reason why it ended goes. */
export function reopened({ error: _error, finishReason: _reason, ...message }: Message): Message {
  return { ...message, status: 'streaming' satisfies MessageStatus };
}

/**
 * Empties an answer that is being written, so that it can be written again from its start. A new sibling, marked as
 * failed, keeps what had been written.
 * @param sibling its id, why it failed, and the time at which the answer starts again, ms since the epoch
 * @throws RangeError for a message that does not exist
 */
export function keepAsSibling(
  conversation: Conversation,
  messageId: string,
  sibling: { readonly id: string; readonly error: WireError; readonly now: number },
): Conversation {
  const message = conversation.messages.get(messageId);
  if (message === undefined) throw new RangeError(`message ${messageId} does not exist`);
  const messages = new Map(conversation.messages);
  const attempt = (message.attempt ?? 0) + 1;
  messages.set(messageId, { ...message, parts: [], attempt, createdAt: timeAfter(conversation, sibling.now) });
  messages.set(sibling.id, { ...message, id: sibling.id, status: 'failed', error: sibling.error });
  return { ...conversation, messages: inOrder(messages.values()) };
}

/** A new conversation with the path up to and including a message. @throws RangeError for an id that does not exist */
export function forkConversation(
  conversation: Conversation,
  messageId: string,
  newId: string,
  now: number,
): Conversation {
  const path = pathTo(conversation, messageId);
  if (path.length === 0) throw new RangeError(`message ${messageId} does not exist`);
  const { title, titleIsSet, modelId, tags, settings, projectId } = conversation;
  const empty = setFields(
    createConversation(newId, now, modelId),
    {
      title,
      titleIsSet,
      tags,
      settings,
      ...(projectId !== undefined && { projectId }),
      activeLeafId: messageId,
      forkedFrom: { conversationId: conversation.id, messageId, title },
    },
    now,
  );
  return { ...empty, messages: new Map(path.map((message) => [message.id, settled(message)])) };
}

/** No engine writes into a copy. */
function settled(message: Message): Message {
  return message.status === 'streaming' ? { ...message, status: 'stopped' } : message;
}
