import { arrayField, type Fields, field, fieldsOf, textField, timeField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';
import { filePart, idOf, openAiContent, openAiToolCalls, partsOf, systemPromptOf } from './draft-parts.ts';

/**
 * One conversation of llama.cpp's web UI: `{"conv", "messages"}`, or the lines of a `.jsonl` file with the messages of the
 * session gathered. The messages are a tree by `parent`, below an empty root; `currNode` is the one that was shown.
 * Shape: as exported in 2025 and 2026; ids were numbers at first.
 */
export function readLlamaCpp(value: Fields): DraftChat | undefined {
  const conversation = fieldsOf(field(value, 'conv')) ?? (field(value, 'type') === 'session' ? value : undefined);
  const messages = arrayField(value, 'messages');
  if (conversation === undefined || messages === undefined) return undefined;
  // The plain format for sessions has no ids: each message follows the one before.
  const isTree = messages.some((message) => idOf(message, 'id') !== undefined);
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  let system: string | undefined;
  for (const [index, message] of messages.entries()) {
    const role = textField(message, 'role');
    if (role === 'system') system ||= textField(message, 'content');
    else if (role !== 'user' && role !== 'assistant' && role !== 'tool') unreadMessages += 1;
    nodes.push({
      id: idOf(message, 'id') ?? `message-${index}`,
      parentId: isTree ? parentOf(message) : nodes.at(-1)?.id,
      message: readMessage(role, message),
    });
  }
  const id = idOf(conversation, 'id');
  const updatedAt = timeField(conversation, 'lastModified');
  return {
    source: 'llama-cpp',
    id: id === undefined ? undefined : `llama-cpp-${id}`,
    title: textField(conversation, 'name') ?? '',
    titleIsSet: true,
    createdAt: undefined,
    updatedAt,
    modelId: undefined,
    settings: systemPromptOf(system),
    ...(field(conversation, 'pinned') === true && { kept: { pinnedAt: updatedAt ?? 0 } }),
    nodes,
    activeId: idOf(conversation, 'currNode') || undefined,
    unreadMessages,
  };
}

/** The first versions wrote -1 for the parent of the root. */
function parentOf(message: unknown): string | undefined {
  const parent = idOf(message, 'parent');
  return parent === '-1' ? undefined : parent;
}

function readMessage(role: string | undefined, message: unknown): DraftNode['message'] {
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return undefined;
  const parts = partsOf(role === 'tool' ? readResult(message) : readPieces(message));
  if (parts.length === 0) return undefined;
  const modelId = role === 'assistant' ? textField(message, 'model') : undefined;
  return {
    role: role === 'user' ? 'user' : 'assistant',
    parts,
    status: 'complete',
    createdAt: timeField(message, 'timestamp'),
    ...(modelId !== undefined && { modelId }),
  };
}

function readPieces(message: unknown): MessagePart[] {
  const reasoning = textField(message, 'reasoningContent') ?? textField(message, 'thinking') ?? '';
  return [
    ...(arrayField(message, 'extra') ?? []).map(readExtra),
    { type: 'reasoning', text: reasoning },
    ...openAiContent(field(message, 'content')),
    ...openAiToolCalls(arrayField(message, 'toolCalls') ?? parsedList(textField(message, 'toolCalls') ?? '')),
  ];
}

function readResult(message: unknown): MessagePart[] {
  const toolCallId = textField(message, 'toolCallId') ?? textField(message, 'tool_call_id') ?? '';
  return [{ type: 'tool-result', toolCallId, content: textField(message, 'content') ?? '' }];
}

function readExtra(extra: unknown): MessagePart {
  const type = textField(extra, 'type') ?? '';
  return filePart({
    name: textField(extra, 'name'),
    mediaType: textField(extra, 'mimeType') ?? /image|audio/.exec(type)?.[0],
    text: textField(extra, 'content'),
  });
}

/** In `.json` files the calls are JSON in a text. */
function parsedList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
