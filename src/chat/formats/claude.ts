import { arrayField, type Fields, field, numberField, textField, timeField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';
import { filePart, partsOf, resultText, toolCall, writtenDocument } from './draft-parts.ts';

/** The parent of a first message. */
const NO_PARENT = '00000000-0000-4000-8000-000000000000';

/**
 * One conversation of Claude's export: `chat_messages`, in the order of time. Newer exports name the parent of each
 * message, so that there can be branches; without that each message follows the one before.
 * Shape: as exported in 2024 to 2026; every field may be missing.
 */
export function readClaude(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'chat_messages');
  if (messages === undefined) return undefined;
  const isTree = messages.some((message) => textField(message, 'parent_message_uuid') !== undefined);
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  for (const [index, message] of messages.entries()) {
    const parentId = isTree ? textField(message, 'parent_message_uuid') : nodes.at(-1)?.id;
    const sender = textField(message, 'sender');
    const role = sender === 'human' ? 'user' : sender === 'assistant' ? 'assistant' : undefined;
    if (role === undefined) unreadMessages += 1;
    const parts = partsOf(readContent(message));
    nodes.push({
      id: textField(message, 'uuid') ?? `message-${index}`,
      parentId: parentId === NO_PARENT ? undefined : parentId,
      message:
        role === undefined || parts.length === 0
          ? undefined
          : { role, parts, status: 'complete', createdAt: timeField(message, 'created_at') },
    });
  }
  const id = textField(value, 'uuid');
  return {
    source: 'claude',
    id: id === undefined ? undefined : `claude-${id}`,
    title: textField(value, 'name') ?? '',
    titleIsSet: true,
    createdAt: timeField(value, 'created_at'),
    updatedAt: timeField(value, 'updated_at'),
    modelId: textField(value, 'model'),
    settings: undefined,
    nodes,
    activeId: textField(value, 'current_leaf_message_uuid'),
    unreadMessages,
  };
}

function readContent(message: unknown): MessagePart[] {
  const attachments = [...(arrayField(message, 'attachments') ?? []), ...(arrayField(message, 'files') ?? [])];
  const pieces = (arrayField(message, 'content') ?? []).flatMap(readPiece);
  const hasText = pieces.some(({ type }) => type === 'text');
  return [
    ...attachments.map((file) =>
      filePart({
        name: textField(file, 'file_name'),
        mediaType: mediaTypeOf(file),
        sizeBytes: numberField(file, 'file_size', 0),
        text: textField(file, 'extracted_content'),
      }),
    ),
    ...pieces,
    ...(hasText ? [] : [{ type: 'text' as const, text: textField(message, 'text') ?? '' }]),
  ];
}

function readPiece(piece: unknown, index: number): MessagePart[] {
  const type = textField(piece, 'type');
  const callId = textField(piece, type === 'tool_result' ? 'tool_use_id' : 'id');
  switch (type) {
    case 'text':
      return [{ type: 'text', text: textField(piece, 'text') ?? '' }];
    case 'thinking':
      return [{ type: 'reasoning', text: textField(piece, 'thinking') ?? '' }];
    case 'tool_use': {
      const artifact = readArtifact(textField(piece, 'name'), field(piece, 'input'));
      const call = toolCall(
        callId ?? `call-${index}`,
        textField(piece, 'name') ?? '',
        field(piece, 'input'),
        'complete',
      );
      return [artifact ?? call];
    }
    case 'tool_result': {
      // The export may lack the ids: a result then follows its call. That an artifact was stored is no content.
      if (textField(piece, 'name') === 'artifacts') return [];
      const content = resultText(field(piece, 'content'));
      return [{ type: 'tool-result', toolCallId: callId ?? `call-${index - 1}`, content }];
    }
    case 'image':
    case 'document':
      return [filePart({ name: textField(piece, 'file_name'), mediaType: type })];
    default:
      return [];
  }
}

/** A document that Claude wrote beside the conversation. A change of some passages stays a tool call. */
function readArtifact(name: string | undefined, input: unknown): MessagePart | undefined {
  const content = textField(input, 'content');
  if (name !== 'artifacts' || content === undefined) return undefined;
  const type = textField(input, 'type') ?? '';
  const language = textField(input, 'language') ?? /(?:ant\.|text\/|image\/)([a-z]+)/.exec(type)?.[1];
  return writtenDocument(textField(input, 'title') ?? '', type === 'text/markdown' ? undefined : language, content);
}

function mediaTypeOf(file: unknown): string | undefined {
  const type = textField(file, 'file_type') ?? textField(file, 'file_kind');
  const extension = /\.([a-z0-9]+)$/i.exec(textField(file, 'file_name') ?? '')?.[1]?.toLowerCase() ?? '';
  return ['png', 'jpg', 'jpeg', 'gif', 'webp', 'heic'].includes(extension) ? `image/${extension}` : type;
}
