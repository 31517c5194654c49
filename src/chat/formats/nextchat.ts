import { arrayField, type Fields, field, fieldsOf, textField, timeField } from '../../platform/untrusted-json.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';
import { openAiContent, openAiToolCalls, partsOf, systemPromptOf } from './draft-parts.ts';

/** The member of NextChat's backup that has the chats; beside it are settings and keys, which are not read. */
const STORE = 'chat-next-web-store';

/** The chats in NextChat's backup; undefined for any other value. */
export function nextChatSessions(value: Fields): readonly unknown[] | undefined {
  const store = field(value, STORE);
  return arrayField(store, 'sessions') ?? arrayField(field(store, 'state'), 'sessions');
}

/**
 * One session of NextChat's backup: a list of messages after the prompts of its mask. The dates of messages are in the
 * form of the device's language, so only the time of the last change is read.
 */
export function readNextChat(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'messages');
  const topic = textField(value, 'topic');
  const mask = fieldsOf(field(value, 'mask'));
  if (messages === undefined || topic === undefined || mask === undefined) return undefined;
  const context = arrayField(mask, 'context') ?? [];
  const isSystem = (message: unknown): boolean => textField(message, 'role') === 'system';
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  for (const message of [...context, ...messages]) {
    if (isSystem(message)) continue;
    const role = textField(message, 'role');
    const isKnown = role === 'user' || role === 'assistant';
    if (!isKnown) unreadMessages += 1;
    const parts = isKnown ? partsOf(readPieces(message)) : [];
    const modelId = role === 'assistant' ? textField(message, 'model') : undefined;
    nodes.push({
      id: textField(message, 'id') ?? `message-${nodes.length}`,
      parentId: nodes.at(-1)?.id,
      message:
        !isKnown || parts.length === 0
          ? undefined
          : {
              role,
              parts,
              status: field(message, 'isError') === true ? 'stopped' : 'complete',
              createdAt: timeField(message, 'date'),
              ...(modelId !== undefined && { modelId }),
            },
    });
  }
  const id = textField(value, 'id');
  const system = context.filter(isSystem).flatMap((message) => textField(message, 'content') ?? []);
  return {
    source: 'nextchat',
    id: id === undefined ? undefined : `nextchat-${id}`,
    title: topic,
    titleIsSet: true,
    createdAt: undefined,
    updatedAt: timeField(value, 'lastUpdate'),
    modelId: textField(field(mask, 'modelConfig'), 'model'),
    settings: systemPromptOf(system.join('\n\n')),
    nodes,
    activeId: undefined,
    unreadMessages,
  };
}

function readPieces(message: unknown) {
  const tools = arrayField(message, 'tools') ?? [];
  const calls = openAiToolCalls(tools);
  const results = calls.flatMap((call, index) => {
    const content = textField(tools[index], 'content');
    return content === undefined ? [] : [{ type: 'tool-result' as const, toolCallId: call.id, content }];
  });
  return [...calls, ...results, ...openAiContent(field(message, 'content'))];
}
