import {
  arrayField,
  type Fields,
  field,
  fieldsOf,
  isPlainId,
  numberField,
  readTags,
  textField,
  timeField,
} from '../../platform/untrusted-json.ts';
import { CONVERSATION_FIELDS, type Conversation, type Message, type MessageStatistics } from '../conversation.ts';
import { visibleMessages } from '../deletion.ts';
import type { Project } from '../project.ts';
import { readChatSettings } from '../settings/setting-limits.ts';
import { isDeleted } from '../tree.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';
import { readParts } from './read-parts.ts';
import { readReading } from './read-reading.ts';

/** The name of the format in its files; docs/chat-format.md describes it. */
export const ALCOVE_FORMAT = 'alcove-chats';

/**
 * Raised when an older Alcove would read a file wrongly; a new field needs no new version. 2: a message has `parts` where
 * version 1 had `text` and `reasoning`. 3: `projects`, which a reader of version 2 takes as one member, of any size.
 */
export const ALCOVE_FORMAT_VERSION = 3;

/** The bytes of an attachment as a file holds them. */
export interface FileEntry {
  readonly sha256: string;
  readonly base64: string;
}

/**
 * A chat as a file holds it: the conversation without what is allowed or compared in it, and in a list its messages but those that were
 * deleted.
 * @param files bytes of attachments that the file does not have yet
 */
export function toFileChat(
  { messages, allowedTools: _, comparison: _comparison, ...fields }: Conversation,
  files: readonly FileEntry[] = [],
): unknown {
  const visible = new Set(visibleMessages({ messages }));
  return {
    ...fields,
    messages: [...messages.values()].filter((message) => visible.has(message)),
    ...(files.length > 0 && { files }),
  };
}

/** A project as a file holds it. @param entries bytes of its files that the file does not have yet */
export function toFileProject(project: Project, entries: readonly FileEntry[]): unknown {
  const base64Of = new Map(entries.map(({ sha256, base64 }) => [sha256, base64]));
  const files = project.files.map((file) => {
    const base64 = base64Of.get(file.sha256);
    return base64 === undefined ? file : { ...file, base64 };
  });
  return { ...project, files };
}

/** What a file has before its projects, between them and its chats, and after those. */
export function fileFrame(exportedAt: number): Readonly<Record<'before' | 'between' | 'after', string>> {
  const head = { format: ALCOVE_FORMAT, version: ALCOVE_FORMAT_VERSION, exportedAt };
  return { before: `${JSON.stringify(head).slice(0, -1)},"projects":[\n`, between: '\n],"chats":[\n', after: '\n]}\n' };
}

export function toFile(conversations: readonly Conversation[], exportedAt: number): string {
  const { before, between, after } = fileFrame(exportedAt);
  return before + between + conversations.map((chat) => JSON.stringify(toFileChat(chat))).join(',\n') + after;
}

export function readAlcoveChat(value: Fields): DraftChat | undefined {
  const messages = arrayField(value, 'messages');
  const id = textField(value, 'id');
  if (messages === undefined || id === undefined) return undefined;
  const nodes: DraftNode[] = [];
  let unreadMessages = 0;
  for (const message of messages) {
    const node = readMessage(message);
    if (node === undefined || hasLostParts(message, node)) unreadMessages += 1;
    if (node !== undefined) nodes.push(node);
  }
  if (nodes.length === 0 && messages.length > 0) return undefined;
  return {
    source: 'alcove',
    id,
    title: textField(value, 'title') ?? '',
    titleIsSet: field(value, 'titleIsSet') === true,
    createdAt: timeField(value, 'createdAt'),
    updatedAt: timeField(value, 'updatedAt'),
    modelId: textField(value, 'modelId'),
    settings: fieldsOf(field(value, 'settings')) && readChatSettings(field(value, 'settings')),
    kept: readKept(value),
    nodes: withoutDeleted(nodes),
    activeId: textField(value, 'activeLeafId'),
    unreadMessages,
  };
}

/** Files of earlier versions also have deleted messages, with what followed them. */
function withoutDeleted(nodes: readonly DraftNode[]): readonly DraftNode[] {
  const deleted = new Set(nodes.flatMap(({ id, message }) => (message && isDeleted(message) ? id : [])));
  if (deleted.size === 0) return nodes;
  const children = Map.groupBy(nodes, ({ parentId }) => parentId);
  // A Set also iterates over what is added meanwhile.
  for (const id of deleted) for (const child of children.get(id) ?? []) deleted.add(child.id);
  return nodes.filter(({ id }) => !deleted.has(id));
}

function readKept(value: Fields): NonNullable<DraftChat['kept']> {
  const fork = field(value, 'forkedFrom');
  const conversationId = textField(fork, 'conversationId');
  const messageId = textField(fork, 'messageId');
  const times = field(value, 'fieldTimes');
  const projectId = textField(value, 'projectId');
  return defined({
    tags: readTags(arrayField(value, 'tags')),
    pinnedAt: timeField(value, 'pinnedAt'),
    archivedAt: timeField(value, 'archivedAt'),
    projectId: projectId !== undefined && isPlainId(projectId) ? projectId : undefined,
    forkedFrom:
      conversationId === undefined || messageId === undefined
        ? undefined
        : { conversationId, messageId, title: textField(fork, 'title') ?? '' },
    fieldTimes: defined(Object.fromEntries(CONVERSATION_FIELDS.map((name) => [name, timeField(times, name)]))),
  });
}

/** Reads each field of a message. The compiler asks for a reader when a field is added, so that no import loses it. */
const READERS: { readonly [Field in MessageField]: (message: unknown) => Message[Field] | undefined } = {
  role: (message) => oneOf(message, 'role', ['user', 'assistant', 'summary'] as const),
  parts: readParts,
  // An answer that was being written when the file was made was stopped there.
  status: (message) => {
    const status = oneOf(message, 'status', ['complete', 'streaming', 'stopped', 'failed'] as const);
    return status === 'streaming' ? 'stopped' : (status ?? 'complete');
  },
  createdAt: (message) => timeField(message, 'createdAt'),
  modelId: (message) => textField(message, 'modelId'),
  engine: (message) => textField(message, 'engine'),
  device: (message) => textField(message, 'device'),
  toolTokens: (message) => numberField(message, 'toolTokens', 0),
  leftOut: (message) => arrayField(message, 'leftOut') && readTags(arrayField(message, 'leftOut')),
  settings: (message) => fieldsOf(field(message, 'settings')) && readChatSettings(field(message, 'settings')),
  read: (message) => readReading(field(message, 'read')),
  statistics: (message) => readStatistics(field(message, 'statistics')),
  finishReason: (message) => oneOf(message, 'finishReason', ['stop', 'length', 'tool-calls'] as const),
  error: (message) => readError(field(message, 'error')),
  editedFrom: (message) => textField(message, 'editedFrom'),
  throughId: (message) => textField(message, 'throughId'),
  deletedAt: (message) => timeField(message, 'deletedAt'),
  restoredAt: (message) => timeField(message, 'restoredAt'),
  purged: (message) => (field(message, 'purged') === true ? true : undefined),
  attempt: (message) => numberField(message, 'attempt', 1, Number.MAX_SAFE_INTEGER),
  continued: (message) => oneOf(message, 'continued', ['seamlessly', 'by-asking'] as const),
};

type MessageField = Exclude<keyof Message, 'id' | 'parentId'>;

function readMessage(value: unknown): DraftNode | undefined {
  const id = textField(value, 'id');
  const entries = Object.entries(READERS).map(([name, read]) => [name, read(value)]);
  const message = defined(Object.fromEntries(entries)) as Partial<DraftMessage>;
  if (id === undefined || message.role === undefined || message.parts === undefined) return undefined;
  const { role, parts, status = 'complete' } = message;
  return {
    id,
    parentId: textField(value, 'parentId'),
    message: { ...message, role, parts, status, createdAt: message.createdAt },
  };
}

function hasLostParts(value: unknown, { message }: DraftNode): boolean {
  return (arrayField(value, 'parts')?.length ?? 0) > (message?.parts.length ?? 0);
}

function readStatistics(value: unknown): MessageStatistics | undefined {
  const promptTokens = numberField(value, 'promptTokens', 0);
  const completionTokens = numberField(value, 'completionTokens', 0);
  const timeToFirstTokenMs = numberField(value, 'timeToFirstTokenMs', 0);
  if (promptTokens === undefined || completionTokens === undefined || timeToFirstTokenMs === undefined)
    return undefined;
  return {
    promptTokens,
    completionTokens,
    timeToFirstTokenMs,
    reusedTokens: numberField(value, 'reusedTokens', 0),
    prefillTokensPerSecond: numberField(value, 'prefillTokensPerSecond', 0),
    decodeTokensPerSecond: numberField(value, 'decodeTokensPerSecond', 0),
  };
}

/** The interface has a message for each code, and a general one for a code that it does not know. */
function readError(value: unknown): Message['error'] {
  const code = textField(value, 'code');
  if (code === undefined) return undefined;
  const data = Object.entries(fieldsOf(field(value, 'data')) ?? {}).filter(
    (entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]) && entry[0] !== '__proto__',
  );
  type Code = NonNullable<Message['error']>['code'];
  return {
    name: 'AlcoveError',
    code: code as Code,
    message: textField(value, 'message') ?? '',
    data: Object.fromEntries(data),
  };
}

function oneOf<Value extends string>(value: unknown, name: string, values: readonly Value[]): Value | undefined {
  const text = field(value, name);
  return values.find((one) => one === text);
}

function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
