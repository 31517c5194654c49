import { arrayField, type Fields, field, fieldsOf, textField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';
import { openAiContent, openAiToolCalls, partsOf, systemPromptOf } from './draft-parts.ts';

/** web-llm-chat and NextChat invent the first message of their exports: this, followed by the chat's title. */
const MADE_UP_SYSTEM = 'You are an assistant that ';

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);

/** Members that refer to another message: the list is a tree, and reading it as a list would invent a conversation. */
const LINKS = /^(?:parent|children|prev|next|reply|branch|sibling|version)/i;

/**
 * One chat as `{"messages": [{"role", "content"}]}`, the shape of OpenAI's API: web-llm-chat, NextChat's export of one chat
 * and other programs write it, without ids, times or models. A list that is not all of this shape is not read.
 */
export function readMessageList(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'messages');
  if (messages === undefined || messages.length === 0 || !messages.every(isPlainMessage)) return undefined;
  const nodes: DraftNode[] = [];
  let system: string | undefined;
  let topic = '';
  for (const [index, message] of messages.entries()) {
    const role = textField(message, 'role');
    const text = textField(message, 'content') ?? '';
    if ((role === 'system' || role === 'developer') && index === 0) {
      if (text.startsWith(MADE_UP_SYSTEM)) topic = text.slice(MADE_UP_SYSTEM.length);
      else system = text;
    }
    const parts = partsOf(readPieces(role, message));
    nodes.push({
      id: `message-${index}`,
      parentId: nodes.at(-1)?.id,
      message:
        parts.length === 0
          ? undefined
          : { role: role === 'user' ? role : 'assistant', parts, status: 'complete', createdAt: undefined },
    });
  }
  const title = textField(value, 'title') ?? topic;
  return {
    source: topic === '' ? 'messages' : 'web-llm-chat',
    id: undefined,
    title,
    titleIsSet: title !== '',
    createdAt: undefined,
    updatedAt: undefined,
    modelId: textField(value, 'model'),
    settings: systemPromptOf(system),
    nodes,
    activeId: undefined,
    unreadMessages: 0,
  };
}

function isPlainMessage(message: unknown): boolean {
  const fields = fieldsOf(message);
  const content = field(fields, 'content');
  const hasContent = typeof content === 'string' || Array.isArray(content) || content === null;
  return (
    fields !== undefined &&
    ROLES.has(textField(fields, 'role') ?? '') &&
    (hasContent || arrayField(fields, 'tool_calls') !== undefined) &&
    !Object.keys(fields).some((name) => LINKS.test(name))
  );
}

function readPieces(role: string | undefined, message: unknown): MessagePart[] {
  if (role === 'system' || role === 'developer') return [];
  if (role === 'tool' || role === 'function') {
    const toolCallId = textField(message, 'tool_call_id') ?? textField(message, 'name') ?? '';
    return [{ type: 'tool-result', toolCallId, content: textField(message, 'content') ?? '' }];
  }
  const reasoning = textField(message, 'reasoning_content') ?? textField(message, 'reasoning') ?? '';
  return [
    { type: 'reasoning', text: role === 'assistant' ? reasoning : '' },
    ...openAiContent(field(message, 'content')),
    ...openAiToolCalls(arrayField(message, 'tool_calls') ?? []),
  ];
}
