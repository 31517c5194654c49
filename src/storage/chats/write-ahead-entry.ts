import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import { summarize } from '../../chat/tree.ts';
import { isFormerUnsaved, wholeFormerMessage } from './stored-records.ts';

/** What has changed in a conversation since it was last saved: written at once, without reading or merging anything. */
export interface WriteAheadEntry {
  readonly summary: ConversationSummary;
  readonly messages: readonly UnsavedMessage[];
}

/** A message without the content that is stored already, so that the text of an answer is written only once. */
interface UnsavedMessage {
  /** Its parts begin with number `partAt` of the whole message, and the text of that part begins at `textAt`. */
  readonly message: Message;
  readonly partAt: number;
  /** UTF-16 code units. */
  readonly textAt: number;
}

/** @param saved the messages as they were last saved, where they are known */
export function changesOf(
  conversation: Conversation,
  messageIds: Iterable<string>,
  saved: ReadonlyMap<string, Message>,
): WriteAheadEntry {
  const messages = [...messageIds].flatMap((id): UnsavedMessage[] => {
    const message = conversation.messages.get(id);
    if (message === undefined) return [];
    const { parts } = message;
    const before = saved.get(id)?.parts ?? [];
    // A part that has changed is another object.
    const changedAt = before.findIndex((part, index) => part !== parts[index]);
    const partAt = changedAt === -1 ? before.length : changedAt;
    const textAt = lengthOfBeginning(parts[partAt], before[partAt]);
    const [first, ...others] = parts.slice(partAt);
    const rest = first === undefined ? [] : [withTextFrom(first, textAt), ...others];
    return [{ message: { ...message, parts: rest }, partAt, textAt }];
  });
  return { summary: summarize(conversation), messages };
}

/**
 * The changed messages, whole again.
 * @param stored the messages of the conversation as they are stored
 * @returns undefined where something that they continue is gone: the conversation was deleted meanwhile
 */
export function applyChanges(
  { summary, messages }: WriteAheadEntry,
  stored: ReadonlyMap<string, Message>,
): Conversation | undefined {
  const whole = new Map<string, Message>();
  for (const unsaved of messages) {
    const before = stored.get(unsaved.message.id);
    const message = isFormerUnsaved(unsaved) ? wholeFormerMessage(unsaved, before) : wholeMessage(unsaved, before);
    if (message === undefined) return undefined;
    whole.set(message.id, message);
  }
  const isThere = (id: string | undefined): boolean => id === undefined || whole.has(id) || stored.has(id);
  const isWhole = isThere(summary.activeLeafId) && [...whole.values()].every(({ parentId }) => isThere(parentId));
  return isWhole ? { ...summary, messages: whole } : undefined;
}

function wholeMessage({ message, partAt, textAt }: UnsavedMessage, stored: Message | undefined): Message | undefined {
  const before = stored?.parts ?? [];
  if (before.length < partAt) return undefined;
  const [first, ...others] = message.parts;
  if (first === undefined || textAt === 0) return { ...message, parts: [...before.slice(0, partAt), ...message.parts] };
  const extended = before[partAt];
  if (!hasText(first) || !hasText(extended) || extended.type !== first.type || extended.text.length < textAt)
    return undefined;
  const joined = { ...first, text: extended.text.slice(0, textAt) + first.text };
  return { ...message, parts: [...before.slice(0, partAt), joined, ...others] };
}

type PartWithText = Extract<MessagePart, { readonly type: 'text' | 'reasoning' }>;

function hasText(part: MessagePart | undefined): part is PartWithText {
  return part?.type === 'text' || part?.type === 'reasoning';
}

function withTextFrom(part: MessagePart, textAt: number): MessagePart {
  return hasText(part) && textAt > 0 ? { ...part, text: part.text.slice(textAt) } : part;
}

function lengthOfBeginning(part: MessagePart | undefined, saved: MessagePart | undefined): number {
  return hasText(part) && hasText(saved) && part.type === saved.type && part.text.startsWith(saved.text)
    ? saved.text.length
    : 0;
}
