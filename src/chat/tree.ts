import type { Conversation, ConversationField, ConversationSummary, Message } from './conversation.ts';

export function createConversation(id: string, now: number, modelId: string | undefined): Conversation {
  return {
    id,
    title: '',
    titleIsSet: false,
    createdAt: now,
    updatedAt: now,
    modelId,
    tags: [],
    messages: new Map(),
    activeLeafId: undefined,
  };
}

/** What `setFields` can set. `titleIsSet` is set together with the title. */
export type FieldChange = Partial<Pick<Conversation, ConversationField | 'titleIsSet'>>;

/** Sets fields of the conversation itself and their times, so that a merge of two tabs' changes keeps the later one. */
export function setFields<Part extends ConversationSummary>(
  conversation: Part,
  change: FieldChange,
  now: number,
): Part {
  const names = Object.keys(change).filter((field) => field !== 'titleIsSet');
  const times = Object.fromEntries(names.map((field) => [field, now]));
  return { ...conversation, ...change, fieldTimes: { ...conversation.fieldTimes, ...times } };
}

/** Adds a message below its parent and shows it. @throws RangeError for an id that exists or a parent that does not */
export function addMessage(conversation: Conversation, message: Message): Conversation {
  if (conversation.messages.has(message.id)) throw new RangeError(`message ${message.id} exists`);
  if (message.parentId !== undefined && !conversation.messages.has(message.parentId)) {
    throw new RangeError(`parent ${message.parentId} does not exist`);
  }
  const messages = new Map(conversation.messages).set(message.id, message);
  const now = message.createdAt;
  return { ...setFields(conversation, { activeLeafId: message.id }, now), messages, updatedAt: now };
}

/** Replaces fields of one message; its position in the tree stays. */
export function updateMessage(
  conversation: Conversation,
  id: string,
  change: Partial<Omit<Message, 'id' | 'parentId' | 'role'>>,
): Conversation {
  const message = conversation.messages.get(id);
  if (message === undefined) throw new RangeError(`message ${id} does not exist`);
  return replaceMessage(conversation, { ...message, ...change });
}

/** Replaces a message by a later state of itself, in the same position. */
export function replaceMessage(conversation: Conversation, message: Message): Conversation {
  const before = conversation.messages.get(message.id);
  if (before === undefined) throw new RangeError(`message ${message.id} does not exist`);
  const messages = new Map(conversation.messages).set(message.id, message);
  // A streaming answer changes its content many times a second, and not the shape of the tree: keep the index.
  const index = indexes.get(conversation.messages);
  if (index !== undefined && isDeleted(before) === isDeleted(message)) indexes.set(messages, index);
  return { ...conversation, messages };
}

/** The messages from the root to `id`, both included. */
export function pathTo(conversation: Conversation, id: string | undefined): Message[] {
  const path: Message[] = [];
  for (let at = id; at !== undefined; ) {
    const message = conversation.messages.get(at);
    if (message === undefined) break;
    path.push(message);
    at = message.parentId;
  }
  return path.reverse();
}

/** The messages of the shown path, oldest first. */
export function activePath(conversation: Conversation): Message[] {
  return pathTo(conversation, conversation.activeLeafId);
}

/** The children of `id`, oldest first; the roots for `undefined`. Deleted messages are left out. */
export function childrenOf({ messages }: Pick<Conversation, 'messages'>, id: string | undefined): readonly Message[] {
  const ids = childrenIndex(messages).get(id) ?? [];
  return ids.flatMap((child) => messages.get(child) ?? []);
}

/** The messages with the same parent, oldest first, including `id`. */
export function siblings(conversation: Conversation, id: string): readonly Message[] {
  const message = conversation.messages.get(id);
  return message === undefined ? [] : childrenOf(conversation, message.parentId);
}

/** The newest leaf below `id`; `id` itself if it has no children. */
export function newestLeaf(conversation: Conversation, id: string | undefined): string | undefined {
  let leaf = id;
  for (let newest = childrenOf(conversation, leaf).at(-1); newest !== undefined; ) {
    leaf = newest.id;
    newest = childrenOf(conversation, leaf).at(-1);
  }
  return leaf;
}

/** Shows the branch that begins with `id`, down to its newest leaf. */
export function selectBranch(conversation: Conversation, id: string, now: number): Conversation {
  return setFields(conversation, { activeLeafId: newestLeaf(conversation, id) }, now);
}

export function summarize({ messages: _, ...summary }: Conversation): ConversationSummary {
  return summary;
}

/** Whether a message itself is deleted; its descendants are then hidden with it. */
export function isDeleted({ deletedAt, restoredAt }: Message): boolean {
  return deletedAt !== undefined && deletedAt > (restoredAt ?? Number.NEGATIVE_INFINITY);
}

type Children = ReadonlyMap<string | undefined, readonly string[]>;

const indexes = new WeakMap<ReadonlyMap<string, Message>, Children>();

/** Ids of children by parent id, in the order in which they were added. It is built once for each shape of the tree. */
function childrenIndex(messages: ReadonlyMap<string, Message>): Children {
  const known = indexes.get(messages);
  if (known !== undefined) return known;
  const index = new Map<string | undefined, string[]>();
  for (const message of messages.values()) {
    if (isDeleted(message)) continue;
    const list = index.get(message.parentId);
    if (list === undefined) index.set(message.parentId, [message.id]);
    else list.push(message.id);
  }
  indexes.set(messages, index);
  return index;
}
