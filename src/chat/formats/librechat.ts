import {
  arrayField,
  type Fields,
  field,
  fieldsOf,
  numberField,
  textField,
  timeField,
} from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftNode } from './draft-chat.ts';
import { filePart, partsOf, resultText, systemPromptOf, toolCall } from './draft-parts.ts';

/** The parent of a first message. */
const NO_PARENT = /^0{8}-0{4}-0{4}-0{4}-0{12}$/;

/** More levels of `children` than any chat has. */
const MOST_MESSAGES = 100_001;

/**
 * One conversation of LibreChat's JSON export: `messages`, which name their parents, or `messagesTree`, in which they are
 * nested as `children`.
 * Shape: as exported in 2024 to 2026.
 */
export function readLibreChat(value: Fields): DraftChat | undefined {
  const list = arrayField(value, 'messages') ?? arrayField(value, 'messagesTree');
  const id = textField(value, 'conversationId');
  if (id === undefined || list === undefined) return undefined;
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  for (const { message, parentId } of flattened(list)) {
    const isUser = field(message, 'isCreatedByUser');
    const isRead = typeof isUser === 'boolean';
    if (!isRead) unreadMessages += 1;
    nodes.push({
      id: textField(message, 'messageId') ?? `message-${nodes.length}`,
      parentId,
      message: isRead ? readMessage(message, isUser ? 'user' : 'assistant') : undefined,
    });
  }
  const options = field(value, 'options');
  return {
    source: 'librechat',
    id: `librechat-${id}`,
    title: textField(value, 'title') ?? '',
    titleIsSet: true,
    createdAt: undefined,
    updatedAt: undefined,
    modelId: textField(options, 'model'),
    settings: systemPromptOf(
      textField(options, 'promptPrefix'),
      textField(options, 'system'),
      textField(options, 'instructions'),
    ),
    nodes,
    activeId: undefined,
    unreadMessages,
  };
}

function flattened(list: readonly unknown[]): { message: unknown; parentId: string | undefined }[] {
  const found: { message: unknown; parentId: string | undefined }[] = [];
  const open = list.toReversed();
  for (let message = open.pop(); message !== undefined && found.length < MOST_MESSAGES; message = open.pop()) {
    const parentId = textField(message, 'parentMessageId');
    found.push({ message, parentId: parentId === undefined || NO_PARENT.test(parentId) ? undefined : parentId });
    open.push(...(arrayField(message, 'children') ?? []).toReversed());
  }
  return found;
}

function readMessage(message: unknown, role: 'user' | 'assistant'): DraftNode['message'] {
  const pieces = (arrayField(message, 'content') ?? []).flatMap(readPiece);
  const hasText = pieces.some(({ type }) => type === 'text');
  const parts = partsOf([
    ...(arrayField(message, 'files') ?? []).map(readFile),
    ...pieces,
    ...(hasText ? [] : [{ type: 'text' as const, text: textField(message, 'text') ?? '' }]),
  ]);
  const isCutOff = field(message, 'unfinished') === true || field(message, 'error') === true;
  if (parts.length === 0 && role === 'user') return undefined;
  const modelId = role === 'assistant' ? textField(message, 'model') : undefined;
  return {
    role,
    parts,
    status: isCutOff || parts.length === 0 ? 'stopped' : 'complete',
    createdAt: timeField(message, 'createdAt'),
    ...(modelId !== undefined && { modelId }),
  };
}

function readPiece(piece: unknown, index: number): MessagePart[] {
  switch (textField(piece, 'type')) {
    case 'text':
      return [{ type: 'text', text: textField(piece, 'text') ?? textField(field(piece, 'text'), 'value') ?? '' }];
    case 'error':
      return [{ type: 'text', text: textField(piece, 'error') ?? textField(piece, 'text') ?? '' }];
    case 'think':
      return [
        { type: 'reasoning', text: textField(piece, 'think') ?? textField(field(piece, 'think'), 'value') ?? '' },
      ];
    case 'tool_call': {
      const call = field(piece, 'tool_call');
      const called = fieldsOf(field(call, 'function')) ?? fieldsOf(call);
      const id = textField(call, 'id') ?? `call-${index}`;
      const name = textField(called, 'name') ?? textField(call, 'type') ?? '';
      const input = field(called, 'args') ?? field(called, 'arguments') ?? field(call, 'code_interpreter') ?? {};
      const content = resultText(field(called, 'output'));
      return [
        toolCall(id, name, input, 'complete'),
        ...(content === '' ? [] : [{ type: 'tool-result' as const, toolCallId: id, content }]),
      ];
    }
    case 'image_file':
      return [readFile(field(piece, 'image_file'))];
    case 'image_url':
      return [filePart({ name: undefined, mediaType: 'image' })];
    default:
      return [];
  }
}

function readFile(file: unknown): MessagePart {
  const type = textField(file, 'type');
  return filePart({
    name: textField(file, 'filename'),
    mediaType: type ?? (field(file, 'width') === undefined ? undefined : 'image'),
    sizeBytes: numberField(file, 'bytes', 0),
  });
}
