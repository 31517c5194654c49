import type { Conversation, Message } from '../chat/conversation.ts';
import { reasoningOf, resultOf, type ToolCallPart, textOf } from '../chat/message-parts.ts';
import { activePath } from '../chat/tree.ts';
import type { ChatMessage } from './public-types.ts';
import type { ChatToolCall } from './tools/tool-types.ts';

/** A message as the host page sees it. A summary counts as an answer. */
export function toChatMessage(message: Message): ChatMessage {
  const { id, role, status, createdAt, modelId, error } = message;
  const reasoning = reasoningOf(message);
  const calls = message.parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
  return {
    id,
    role: role === 'user' ? 'user' : 'assistant',
    content: textOf(message),
    ...(reasoning !== '' && { reasoning }),
    ...(calls.length > 0 && { toolCalls: calls.map((call) => toChatToolCall(message, call)) }),
    status,
    createdAt,
    ...(modelId !== undefined && { modelId }),
    ...(error !== undefined && { error: { code: error.code, data: error.data } }),
  };
}

function toChatToolCall(message: Message, { id, name, argumentsJson, state }: ToolCallPart): ChatToolCall {
  const result = resultOf(message, id);
  return { id, name, argumentsJson, state, ...(result !== undefined && { result: result.content }) };
}

/** The messages of the shown branch, oldest first. */
export function shownMessages(chat: Conversation | undefined): readonly ChatMessage[] {
  if (chat === undefined) return [];
  return activePath(chat)
    .filter(({ role }) => role !== 'summary')
    .map(toChatMessage);
}
