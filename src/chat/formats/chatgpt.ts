import { arrayField, type Fields, field, fieldsOf, textField, timeField } from '../../platform/untrusted-json.ts';
import { textParts } from '../message-parts.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';

/**
 * One conversation of ChatGPT's conversations.json: a tree of nodes by id, of which many have no content to show (roots,
 * tool calls and their results). All branches are taken; `current_node` is the one that was shown.
 * Shape: as exported in 2023 to 2026; every field may be missing.
 */
export function readChatGpt(value: Fields): DraftChat | undefined {
  const mapping = fieldsOf(field(value, 'mapping'));
  if (mapping === undefined) return undefined;
  const entries = Object.entries(mapping);
  const order = childOrder(entries);
  const nodes: DraftNode[] = [];
  let missingFiles = 0;
  let unreadMessages = 0;
  for (const [id, node] of entries) {
    const read = readMessage(field(node, 'message'));
    missingFiles += read.missingFiles;
    if (read.isUnread) unreadMessages += 1;
    nodes.push({ id, parentId: textField(node, 'parent'), message: read.message });
  }
  nodes.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const id = textField(value, 'conversation_id') ?? textField(value, 'id');
  return {
    source: 'chatgpt',
    id: id === undefined ? undefined : `chatgpt-${id}`,
    title: textField(value, 'title') ?? '',
    titleIsSet: true,
    createdAt: timeField(value, 'create_time'),
    updatedAt: timeField(value, 'update_time'),
    modelId: undefined,
    settings: undefined,
    nodes,
    activeId: textField(value, 'current_node'),
    missingFiles,
    unreadMessages,
  };
}

/** The index of each node in its parent's list of children, which can differ from the order of the object. */
function childOrder(entries: readonly (readonly [string, unknown])[]): Map<string, number> {
  const order = new Map<string, number>();
  for (const [, node] of entries) {
    for (const [index, child] of (arrayField(node, 'children') ?? []).entries()) {
      if (typeof child === 'string') order.set(child, index);
    }
  }
  return order;
}

interface ReadMessage {
  readonly message: DraftMessage | undefined;
  readonly missingFiles: number;
  readonly isUnread: boolean;
}

const NOTHING: ReadMessage = { message: undefined, missingFiles: 0, isUnread: false };

function readMessage(message: unknown): ReadMessage {
  if (fieldsOf(message) === undefined) return NOTHING;
  const role = textField(field(message, 'author'), 'role');
  const recipient = textField(message, 'recipient') ?? 'all';
  const metadata = field(message, 'metadata');
  const isHidden = field(metadata, 'is_visually_hidden_from_conversation') === true;
  if (role === 'system' || role === 'tool' || recipient !== 'all' || isHidden) return NOTHING;
  if (role !== 'user' && role !== 'assistant') return { ...NOTHING, isUnread: true };
  const { text, reasoning, missingFiles } = readContent(field(message, 'content'));
  if (text === '' && reasoning === '') return { ...NOTHING, missingFiles };
  const modelId = role === 'assistant' ? textField(metadata, 'model_slug') : undefined;
  return {
    message: {
      role,
      parts: textParts(text, reasoning),
      status: 'complete',
      createdAt: timeField(message, 'create_time'),
      ...(modelId !== undefined && { modelId }),
    },
    missingFiles,
    isUnread: false,
  };
}

interface Content {
  readonly text: string;
  readonly reasoning: string;
  readonly missingFiles: number;
}

function readContent(content: unknown): Content {
  const type = textField(content, 'content_type') ?? 'text';
  switch (type) {
    case 'text':
    case 'multimodal_text':
      return readParts(arrayField(content, 'parts') ?? []);
    case 'code':
      return { text: textField(content, 'text') ?? '', reasoning: '', missingFiles: 0 };
    case 'thoughts': {
      const thoughts = (arrayField(content, 'thoughts') ?? []).flatMap(
        (thought) => textField(thought, 'content') ?? [],
      );
      return { text: '', reasoning: thoughts.join('\n\n'), missingFiles: 0 };
    }
    default:
      return { text: '', reasoning: '', missingFiles: 0 };
  }
}

/** The texts and transcripts of speech, and how many images the file does not contain. */
function readParts(parts: readonly unknown[]): Content {
  const texts: string[] = [];
  let missingFiles = 0;
  for (const part of parts) {
    if (typeof part === 'string') texts.push(part.toWellFormed());
    else if (textField(part, 'content_type') === 'audio_transcription') texts.push(textField(part, 'text') ?? '');
    else if (fieldsOf(part) !== undefined) missingFiles += 1;
  }
  return { text: texts.filter((text) => text !== '').join('\n\n'), reasoning: '', missingFiles };
}
