import {
  arrayField,
  type Fields,
  field,
  fieldsOf,
  readTags,
  textField,
  timeField,
} from '../../platform/untrusted-json.ts';
import { textParts } from '../message-parts.ts';
import type { ChatSettings } from '../settings/chat-settings.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';

/**
 * One chat of Open WebUI's export (0.3 to 0.6): the record of the chat around the chat itself, whose
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
  let missingFiles = 0;
  let unreadMessages = 0;
  let previous: string | undefined;
  for (const [key, node] of tree === undefined ? numbered(list ?? []) : Object.entries(tree)) {
    const read = readMessage(node);
    missingFiles += (arrayField(node, 'files') ?? []).length + read.missingFiles;
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
  const settings: ChatSettings | undefined = system ? { systemPrompt: system } : undefined;
  const models = arrayField(chat, 'models')?.filter((model) => typeof model === 'string' && model !== '');
  return {
    source: 'open-webui',
    id: id === undefined || id === '' ? undefined : `open-webui-${id}`,
    title: textField(value, 'title') ?? textField(chat, 'title') ?? '',
    titleIsSet: true,
    createdAt: timeField(value, 'created_at') ?? timeField(chat, 'timestamp'),
    updatedAt: timeField(value, 'updated_at'),
    modelId: typeof models?.[0] === 'string' ? models[0].toWellFormed() : undefined,
    settings,
    kept: readMarks(value),
    nodes,
    activeId: textField(history, 'currentId'),
    missingFiles,
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

function readMessage(node: unknown): { message: DraftMessage | undefined; missingFiles: number; isUnread: boolean } {
  const role = textField(node, 'role');
  if (role === 'system' || role === 'tool') return { message: undefined, missingFiles: 0, isUnread: false };
  const content = field(node, 'content');
  const isReadable = typeof content === 'string' || Array.isArray(content);
  if ((role !== 'user' && role !== 'assistant') || !isReadable) {
    return { message: undefined, missingFiles: 0, isUnread: true };
  }
  const parts = typeof content === 'string' ? [content] : content;
  const whole = parts
    .flatMap((part: unknown) => (typeof part === 'string' ? part.toWellFormed() : (textField(part, 'text') ?? [])))
    .join('\n\n');
  const { text, reasoning } = role === 'assistant' ? splitReasoning(whole) : { text: whole, reasoning: '' };
  const missingFiles = parts.filter((part: unknown) => fieldsOf(field(part, 'image_url')) !== undefined).length;
  if (text === '' && reasoning === '') return { message: undefined, missingFiles, isUnread: false };
  const modelId = role === 'assistant' ? textField(node, 'model') : undefined;
  return {
    message: {
      role,
      parts: textParts(text, reasoning),
      status: 'complete',
      createdAt: timeField(node, 'timestamp'),
      ...(modelId !== undefined && { modelId }),
    },
    missingFiles,
    isUnread: false,
  };
}

/**
 * Open WebUI writes the reasoning into the answer, as a block at its beginning, each line quoted:
 * `<details type="reasoning" …><summary>…</summary>\n> …\n</details>`
 */
function splitReasoning(whole: string): { text: string; reasoning: string } {
  if (!whole.trimStart().startsWith('<details type="reasoning"')) return { text: whole, reasoning: '' };
  const end = whole.indexOf('</details>');
  const summaryEnd = whole.indexOf('</summary>');
  if (end === -1 || summaryEnd === -1 || summaryEnd > end) return { text: whole, reasoning: '' };
  const reasoning = whole
    .slice(summaryEnd + '</summary>'.length, end)
    .split('\n')
    .map((line) => line.replace(/^(?:>|&gt;) ?/, ''))
    .join('\n')
    .trim();
  return { text: whole.slice(end + '</details>'.length).trim(), reasoning };
}
