import {
  CONVERSATION_FIELDS,
  type Conversation,
  type ConversationField,
  type ConversationSummary,
  type Message,
  type MessageStatus,
} from './conversation.ts';
import { showVisible } from './deletion.ts';
import { type MessagePart, otherParts, reasoningOf, textOf } from './message-parts.ts';
import { inOrder } from './tree.ts';

/**
 * Merges two states of one conversation, as two tabs or a file hold them. The order of the two does not matter, and
 * merging again changes nothing. Messages of both are kept; of a field that both have set, the later one wins.
 */
export function mergeConversations(one: Conversation, other: Conversation): Conversation {
  const merged = new Map(one.messages);
  for (const message of other.messages.values()) {
    const known = merged.get(message.id);
    for (const kept of known === undefined ? [message] : mergeMessages(known, message)) merged.set(kept.id, kept);
  }
  const whole = { ...mergeSummaries(one, other), messages: inOrder(merged.values()) };
  // The path that replaces a deleted one counts as chosen just after it, or the next merge would undo it.
  return showVisible(whole, (whole.fieldTimes?.activeLeafId ?? whole.createdAt) + 1);
}

/** What a merge has brought into a conversation. */
export interface MergeGain {
  readonly newMessages: number;
  /** Messages that are longer, finished or deleted now. */
  readonly changedMessages: number;
  /** Whether a field of the conversation itself is another one, such as its title or tags. */
  readonly hasNewFields: boolean;
}

/** Compares a conversation with what a merge has made of it. Times alone are no gain. */
export function gainOf(before: Conversation, merged: Conversation): MergeGain {
  let newMessages = 0;
  let changedMessages = 0;
  for (const message of merged.messages.values()) {
    const known = before.messages.get(message.id);
    if (known === undefined) newMessages++;
    else if (known !== message && withoutTimes(known) !== withoutTimes(message)) changedMessages++;
  }
  const hasNewFields = CONVERSATION_FIELDS.some((field) => fieldText(field, before) !== fieldText(field, merged));
  return { newMessages, changedMessages, hasNewFields };
}

function withoutTimes({ createdAt: _createdAt, ...message }: Message): string {
  return canonical(message);
}

export function mergeSummaries(one: ConversationSummary, other: ConversationSummary): ConversationSummary {
  let merged: ConversationSummary = {
    ...one,
    createdAt: Math.min(one.createdAt, other.createdAt),
    updatedAt: Math.max(one.updatedAt, other.updatedAt),
  };
  for (const field of CONVERSATION_FIELDS) {
    if (laterOf(field, one, other) === one) continue;
    merged = { ...merged, [field]: other[field], ...(field === 'title' && { titleIsSet: other.titleIsSet }) };
  }
  const times = CONVERSATION_FIELDS.flatMap((field) => {
    const time = Math.max(timeOf(field, one), timeOf(field, other));
    return time === Number.NEGATIVE_INFINITY ? [] : [[field, time] as const];
  });
  return times.length === 0 ? merged : { ...merged, fieldTimes: Object.fromEntries(times) };
}

function laterOf(field: ConversationField, one: ConversationSummary, other: ConversationSummary): ConversationSummary {
  const [time, otherTime] = [timeOf(field, one), timeOf(field, other)];
  if (time !== otherTime) return time > otherTime ? one : other;
  // Files of other programs do not say when a field was set: the newer copy of the chat has it as it was last.
  if (time === Number.NEGATIVE_INFINITY && one.updatedAt !== other.updatedAt)
    return one.updatedAt > other.updatedAt ? one : other;
  return compare(fieldText(field, one), fieldText(field, other)) >= 0 ? one : other;
}

function timeOf(field: ConversationField, { fieldTimes }: ConversationSummary): number {
  return fieldTimes?.[field] ?? Number.NEGATIVE_INFINITY;
}

function fieldText(field: ConversationField, summary: ConversationSummary): string {
  return `${canonical(summary[field])} ${field === 'title' ? summary.titleIsSet : ''}`;
}

/** Merges two states of a message: one that continues or repeats the other replaces it, else the second stays as a sibling. */
export function mergeMessages(one: Message, other: Message): Message[] {
  const [first, second] = compareContents(one, other) >= 0 ? [one, other] : [other, one];
  const merged = { ...first, ...laterDeletion(one, other) };
  if (first.purged || attemptOf(first) > attemptOf(second)) return [merged];
  if (continues(first, second)) return [withLacking(merged, second)];
  const id = `${second.id}~${fingerprint(contentOf(second))}`;
  return [merged, { ...merged, ...second, id, status: second.status === 'streaming' ? 'stopped' : second.status }];
}

/**
 * Whether a state has all that an earlier one had: its text begins with the earlier text, and no other part is missing.
 * Reasoning is not compared, since one file format keeps it where another does not.
 */
function continues(state: Message, earlier: Message): boolean {
  if (!textOf(state).startsWith(textOf(earlier))) return false;
  const keys = otherParts(earlier).map(keyOf);
  if (keys.length === 0) return true;
  const own = new Set(otherParts(state).map(keyOf));
  return keys.every((key) => own.has(key));
}

/** Where a message came from and what was thought, which a copy of it may lack though its text is longer. */
const LACKING = ['modelId', 'engine', 'device', 'settings', 'leftOut', 'read', 'throughId', 'editedFrom'] as const;

function withLacking(message: Message, earlier: Message): Message {
  const fields = LACKING.filter((field) => message[field] === undefined && earlier[field] !== undefined);
  const reasoning = reasoningOf(message) === '' ? earlier.parts.filter(({ type }) => type === 'reasoning') : [];
  if (fields.length === 0 && reasoning.length === 0) return message;
  const values = Object.fromEntries(fields.map((field) => [field, earlier[field]]));
  return { ...message, ...values, parts: [...reasoning, ...message.parts] };
}

/** Tells parts apart. A call is the same one after its state has changed, and so is a result that has grown. */
function keyOf(part: MessagePart): string {
  if (part.type === 'tool-call') return `call ${part.id}`;
  return part.type === 'tool-result' ? `result ${part.toolCallId}` : canonical(part);
}

function attemptOf({ attempt = 0 }: Message): number {
  return attempt;
}

function laterDeletion(one: Message, other: Message): Pick<Message, 'deletedAt' | 'restoredAt'> {
  const deletedAt = later(one.deletedAt, other.deletedAt);
  const restoredAt = later(one.restoredAt, other.restoredAt);
  return { ...(deletedAt !== undefined && { deletedAt }), ...(restoredAt !== undefined && { restoredAt }) };
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.max(one, other);
}

const RANKS: Readonly<Record<MessageStatus, number>> = { complete: 3, stopped: 2, failed: 1, streaming: 0 };

/** Positive where `one` is the later state: it was purged, or started again, or it has more content, or the same content and a better end. */
function compareContents(one: Message, other: Message): number {
  return (
    Number(one.purged ?? false) - Number(other.purged ?? false) ||
    attemptOf(one) - attemptOf(other) ||
    textOf(one).length - textOf(other).length ||
    otherParts(one).length - otherParts(other).length ||
    RANKS[one.status] - RANKS[other.status] ||
    reasoningOf(one).length - reasoningOf(other).length ||
    compare(contentOf(one), contentOf(other))
  );
}

function contentOf({ deletedAt: _deletedAt, restoredAt: _restoredAt, ...content }: Message): string {
  return canonical(content);
}

/** JSON with its members in order, so that equal values give equal texts. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => compare(a, b)))
        : member,
    ) ?? ''
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
