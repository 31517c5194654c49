import { arrayField, type Fields, field, textField } from '../../platform/untrusted-json.ts';
import { textParts } from '../message-parts.ts';
import type { ChatSettings } from '../settings/chat-settings.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';

/** web-llm-chat invents the first message of its export: this, followed by the chat's title. */
const MADE_UP_SYSTEM = 'You are an assistant that ';

/**
 * web-llm-chat's export: one chat as `{"messages": [{"role", "content"}]}`, without ids, times or models. OpenAI's API
 * takes the same shape, so lists of messages from other programs are read here as well.
 */
export function readWebLlmChat(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'messages');
  if (messages === undefined) return undefined;
  const nodes: DraftNode[] = [];
  let system: string | undefined;
  let topic = '';
  let missingFiles = 0;
  let unreadMessages = 0;
  for (const [index, message] of messages.entries()) {
    const role = textField(message, 'role');
    const { text, pictures } = readContent(field(message, 'content'));
    missingFiles += pictures;
    if (role === 'system' && index === 0) {
      if (text.startsWith(MADE_UP_SYSTEM)) topic = text.slice(MADE_UP_SYSTEM.length);
      else system = text;
    }
    const isShown = role === 'user' || role === 'assistant';
    if (!isShown && role !== 'system' && role !== 'tool') unreadMessages += 1;
    nodes.push({
      id: `message-${index}`,
      parentId: index === 0 ? undefined : `message-${index - 1}`,
      message:
        isShown && text !== '' ? { role, parts: textParts(text), status: 'complete', createdAt: undefined } : undefined,
    });
  }
  const settings: ChatSettings | undefined = system ? { systemPrompt: system } : undefined;
  const title = textField(value, 'title') ?? topic;
  return {
    source: 'web-llm-chat',
    id: undefined,
    title,
    titleIsSet: title !== '',
    createdAt: undefined,
    updatedAt: undefined,
    modelId: textField(value, 'model'),
    settings,
    nodes,
    activeId: undefined,
    missingFiles,
    unreadMessages,
  };
}

function readContent(content: unknown): { text: string; pictures: number } {
  if (typeof content === 'string') return { text: content.toWellFormed(), pictures: 0 };
  const parts = Array.isArray(content) ? content : [];
  const texts = parts.flatMap((part: unknown) => textField(part, 'text') ?? []);
  return { text: texts.join('\n\n'), pictures: parts.length - texts.length };
}
