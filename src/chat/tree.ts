import type { Conversation, ConversationField, ConversationSummary, Message } from './conversation.ts';

/** Characters of an automatic title, at most. */
const TITLE_LENGTH = 60;

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

/** What `setFields` can set. `titleIsSet` goes with the title. */
export type FieldChange = Partial<Pick<Conversation, ConversationField | 'titleIsSet'>>;

/** Sets fields of the conversation itself and notes when, so that of two tabs' changes the later one stands. */
export function setFields(conversation: Conversation, change: FieldChange, now: number): Conversation {
  return { ...conversation, ...change, fieldTimes: timesWith(conversation, change, now) };
}

function timesWith(
  { fieldTimes }: Conversation,
  change: FieldChange,
  now: number,
): NonNullable<Conversation['fieldTimes']> {
  const times = Object.keys(change).filter((field) => field !== 'titleIsSet');
  return { ...fieldTimes, ...Object.fromEntries(times.map((field) => [field, now])) };
}

/**
 * Adds a message under its parent and shows it.
 * @throws RangeError for an id that is taken or a parent that is not there: both are faults of the caller.
 */
export function addMessage(conversation: Conversation, message: Message): Conversation {
  if (conversation.messages.has(message.id)) throw new RangeError(`message ${message.id} exists`);
  if (message.parentId !== undefined && !conversation.messages.has(message.parentId)) {
    throw new RangeError(`parent ${message.parentId} does not exist`);
  }
  const messages = new Map(conversation.messages).set(message.id, message);
  const now = message.createdAt;
  return { ...setFields(conversation, { activeLeafId: message.id }, now), messages, updatedAt: now };
}

/** Replaces fields of one message; its place in the tree stays. */
export function updateMessage(
  conversation: Conversation,
  id: string,
  change: Partial<Omit<Message, 'id' | 'parentId' | 'role'>>,
): Conversation {
  const message = conversation.messages.get(id);
  if (message === undefined) throw new RangeError(`message ${id} does not exist`);
  return { ...conversation, messages: new Map(conversation.messages).set(id, { ...message, ...change }) };
}

/** From the root to `id`, both included. */
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

/** The messages that are shown, oldest first. */
export function activePath(conversation: Conversation): Message[] {
  return pathTo(conversation, conversation.activeLeafId);
}

/** The messages with the same parent, oldest first, `id` among them. */
export function siblings(conversation: Conversation, id: string): readonly Message[] {
  const message = conversation.messages.get(id);
  if (message === undefined) return [];
  return childrenIndex(conversation.messages).get(message.parentId) ?? [];
}

/** Shows the branch that `id` begins, down to its newest leaf. */
export function selectBranch(conversation: Conversation, id: string, now: number): Conversation {
  const children = childrenIndex(conversation.messages);
  let leaf = id;
  for (let newest = children.get(leaf)?.at(-1); newest !== undefined; newest = children.get(leaf)?.at(-1)) {
    leaf = newest.id;
  }
  return setFields(conversation, { activeLeafId: leaf }, now);
}

/** What was being written when the tab ended is a stopped answer; its text stays. */
export function settleInterrupted(conversation: Conversation): Conversation {
  let settled = conversation;
  for (const message of conversation.messages.values()) {
    if (message.status === 'streaming') settled = updateMessage(settled, message.id, { status: 'stopped' });
  }
  return settled;
}

export function summarize({ messages: _, ...summary }: Conversation): ConversationSummary {
  return summary;
}

/** A title from the first line of a message, cut at a word. Empty for an empty text. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  const characters = [...line];
  if (characters.length <= TITLE_LENGTH) return line;
  const cut = characters.slice(0, TITLE_LENGTH).join('');
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut}…`;
}

type Children = ReadonlyMap<string | undefined, readonly Message[]>;

const indexes = new WeakMap<ReadonlyMap<string, Message>, Children>();

/** Children by parent id, in the order in which they were added; built once for each state of the messages. */
function childrenIndex(messages: ReadonlyMap<string, Message>): Children {
  const known = indexes.get(messages);
  if (known !== undefined) return known;
  const index = new Map<string | undefined, Message[]>();
  for (const message of messages.values()) {
    const list = index.get(message.parentId);
    if (list === undefined) index.set(message.parentId, [message]);
    else list.push(message);
  }
  indexes.set(messages, index);
  return index;
}
