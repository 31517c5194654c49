import {
  arrayField,
  type Fields,
  field,
  fieldsOf,
  numberField,
  readTags,
  textField,
  timeField,
} from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';
import { filePart, openAiContent, partsOf, systemPromptOf } from './draft-parts.ts';
import { readOpenWebUiAnswer } from './open-webui-answer.ts';

/**
 * One chat of Open WebUI's export (0.3 to 0.8): the record of the chat around the chat itself, whose
 * `history.messages` is the tree, by id. Older exports have a plain list, `messages`.
 */
export function readOpenWebUi(value: Fields): DraftChat | undefined {
  const chat = fieldsOf(field(value, 'chat'));
  if (chat === undefined) return undefined;
  const history = field(chat, 'history');
  const tree = fieldsOf(field(history, 'messages'));
  const list = arrayField(chat, 'messages');
  if (tree === undefined && list === undefined) return undefined;
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  let previous: string | undefined;
  for (const [key, node] of tree === undefined ? numbered(list ?? []) : Object.entries(tree)) {
    const read = readMessage(node);
    if (read.isUnread) unreadMessages += 1;
    nodes.push({
      id: key,
      parentId: tree === undefined ? previous : textField(node, 'parentId'),
      message: read.message,
    });
    previous = key;
  }
  const id = textField(value, 'id') ?? textField(chat, 'id');
  const system = textField(field(chat, 'params'), 'system') ?? textField(chat, 'system');
  const models = arrayField(chat, 'models')?.filter((model) => typeof model === 'string' && model !== '');
  return {
    source: 'open-webui',
    id: id === undefined || id === '' ? undefined : `open-webui-${id}`,
    title: textField(value, 'title') ?? textField(chat, 'title') ?? '',
    titleIsSet: true,
    createdAt: timeField(value, 'created_at') ?? timeField(chat, 'timestamp'),
    updatedAt: timeField(value, 'updated_at'),
    modelId: typeof models?.[0] === 'string' ? models[0].toWellFormed() : undefined,
    settings: systemPromptOf(system),
    kept: readMarks(value),
    nodes,
    activeId: textField(history, 'currentId'),
    unreadMessages,
  };
}

/** Pin, archive and tags. Open WebUI has no time for them, so they get the time of the last change. */
function readMarks(value: Fields): NonNullable<DraftChat['kept']> {
  const at = timeField(value, 'updated_at') ?? timeField(value, 'created_at') ?? 0;
  return {
    tags: readTags(arrayField(field(value, 'meta'), 'tags')),
    ...(field(value, 'pinned') === true && { pinnedAt: at }),
    ...(field(value, 'archived') === true && { archivedAt: at }),
  };
}

function numbered(list: readonly unknown[]): (readonly [string, unknown])[] {
  return list.map((message, index) => [textField(message, 'id') ?? `message-${index}`, message]);
}

/**
 * A message, or undefined for one that is not shown. An answer without content (it failed, or cannot be read) keeps its
 * place as a stopped one, so that the questions around it stay apart.
 */
function readMessage(node: unknown): { message: DraftMessage | undefined; isUnread: boolean } {
  const role = textField(node, 'role');
  if (role === 'system' || role === 'tool') return { message: undefined, isUnread: false };
  if (role !== 'user' && role !== 'assistant') return { message: undefined, isUnread: true };
  const content = field(node, 'content');
  const output = arrayField(node, 'output');
  const isReadable = typeof content === 'string' || Array.isArray(content) || output !== undefined;
  const parts = partsOf([
    ...(arrayField(node, 'files') ?? []).map(readFile),
    ...(role === 'user' ? openAiContent(content) : readOpenWebUiAnswer(content, output ?? [])),
  ]);
  if (parts.length === 0 && role === 'user') return { message: undefined, isUnread: !isReadable };
  const modelId = role === 'assistant' ? textField(node, 'model') : undefined;
  return {
    message: {
      role,
      parts,
      status: parts.length === 0 ? 'stopped' : 'complete',
      createdAt: timeField(node, 'timestamp'),
      ...(modelId !== undefined && { modelId }),
    },
    isUnread: !isReadable,
  };
}

function readFile(file: unknown): MessagePart {
  const stored = field(file, 'file');
  const meta = field(stored, 'meta');
  return filePart({
    name: textField(file, 'name') ?? textField(stored, 'filename'),
    mediaType: textField(meta, 'content_type') ?? textField(file, 'content_type') ?? textField(file, 'type'),
    sizeBytes: numberField(meta, 'size', 0) ?? numberField(file, 'size', 0),
  });
}
