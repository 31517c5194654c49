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

/**
 * Sets fields of the conversation itself and their times, so that a merge of two tabs' changes keeps the later one. A time
 * is later than the one before, also after the user's clock was put back.
 */
export function setFields<Part extends ConversationSummary>(
  conversation: Part,
  change: FieldChange,
  now: number,
): Part {
  const names = Object.keys(change).filter((field) => field !== 'titleIsSet');
  const { fieldTimes = {} } = conversation;
  const times = Object.fromEntries(
    names.map((field) => [field, Math.max(now, (fieldTimes[field as ConversationField] ?? 0) + 1)]),
  );
  return { ...conversation, ...change, fieldTimes: { ...conversation.fieldTimes, ...times } };
}

/**
 * Adds a message below its parent and shows it. Its time becomes later than that of all others: the store sorts by it.
 * @throws RangeError for an id that exists or a parent that does not
 */
export function addMessage(conversation: Conversation, message: Message): Conversation {
  if (conversation.messages.has(message.id)) throw new RangeError(`message ${message.id} exists`);
  if (message.parentId !== undefined && !conversation.messages.has(message.parentId)) {
    throw new RangeError(`parent ${message.parentId} does not exist`);
  }
  const createdAt = timeAfter(conversation, message.createdAt);
  const added = createdAt === message.createdAt ? message : { ...message, createdAt };
  const messages = new Map(conversation.messages).set(message.id, added);
  const updatedAt = Math.max(conversation.updatedAt, createdAt);
  return { ...setFields(conversation, { activeLeafId: message.id }, createdAt), messages, updatedAt };
}

/** `now`, or just after the newest message: the user's clock may have been put back since that was created. */
export function timeAfter({ messages }: Conversation, now: number): number {
  let newest = now - 1;
  for (const { createdAt } of messages.values()) newest = Math.max(newest, createdAt);
  return newest + 1;
}

/** Messages as a conversation has them: parents before their children, siblings in the order in which they were created. */
export function inOrder(messages: Iterable<Message>): Map<string, Message> {
  const sorted = [...messages].sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
  const byId = new Map(sorted.map((message) => [message.id, message]));
  const ordered = new Map<string, Message>();
  for (const message of sorted) {
    // A parent is later than its child where the clock was put back in between.
    const branch = new Set<Message>();
    for (let at: Message | undefined = message; at !== undefined && !ordered.has(at.id) && !branch.has(at); ) {
      branch.add(at);
      at = byId.get(at.parentId ?? '');
    }
    for (const next of [...branch].reverse()) ordered.set(next.id, next);
  }
  return ordered;
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

/** Whether a message itself is deleted; its descendants are then hidden with it. Without its content it stays deleted. */
export function isDeleted({
  deletedAt,
  restoredAt,
  purged,
}: Pick<Message, 'deletedAt' | 'restoredAt' | 'purged'>): boolean {
  return purged === true || (deletedAt !== undefined && deletedAt > (restoredAt ?? Number.NEGATIVE_INFINITY));
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
