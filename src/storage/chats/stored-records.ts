/**
 * Checks the records of chats when they are read, and upgrades those of schema versions 1 to 3, which had `text`, `reasoning`
 * and `reasoningMs` where a message now has `parts`.
 *
 * The upgrade of the database does not rewrite them: it would have to rewrite every message in one transaction, and the user
 * would wait for it. A record is stored with parts when it is next saved.
 */
import type { ConversationSummary, Message } from '../../chat/conversation.ts';
import { type MessagePart, reasoningOf, textOf, textParts } from '../../chat/message-parts.ts';
import { isFields } from '../../platform/untrusted-json.ts';

/** A message as schema versions 1 to 3 wrote it. */
interface FormerContent {
  readonly text: string;
  readonly reasoning?: string;
  readonly reasoningMs?: number;
}

/** An unsaved message as versions 1 to 3 wrote it ahead: the rest of its text and of its reasoning, and where each begins. */
interface FormerUnsaved {
  readonly message: Message & FormerContent;
  readonly textAt: number;
  readonly reasoningAt: number;
}

export function isSummary(value: unknown): value is ConversationSummary {
  return (
    isFields(value) &&
    typeof value['id'] === 'string' &&
    typeof value['title'] === 'string' &&
    typeof value['createdAt'] === 'number' &&
    typeof value['updatedAt'] === 'number' &&
    Array.isArray(value['tags'])
  );
}

/** @returns undefined where the record is broken */
export function readMessage(value: unknown): Message | undefined {
  if (!isFields(value)) return undefined;
  const isSound =
    typeof value['id'] === 'string' &&
    (value['parentId'] === undefined || typeof value['parentId'] === 'string') &&
    ['user', 'assistant', 'summary'].includes(String(value['role'])) &&
    typeof value['createdAt'] === 'number' &&
    ['complete', 'streaming', 'stopped', 'failed'].includes(String(value['status']));
  if (!isSound) return undefined;
  if (areParts(value['parts'])) return value as unknown as Message;
  return value['parts'] === undefined && isFormer(value) ? upgraded(value) : undefined;
}

/** The parts of a draft: what the user has typed into the composer, and what is attached. */
export function readDraftParts(value: unknown): readonly MessagePart[] {
  if (!isFields(value)) return [];
  if (areParts(value['parts'])) return value['parts'];
  return typeof value['text'] === 'string' ? textParts(value['text']) : [];
}

export function isFormerUnsaved(value: object): value is FormerUnsaved {
  return 'reasoningAt' in value;
}

/** A message that versions 1 to 3 wrote ahead, whole again. @returns undefined where its beginning is gone */
export function wholeFormerMessage(unsaved: FormerUnsaved, stored: Message | undefined): Message | undefined {
  const { message, textAt, reasoningAt } = unsaved;
  const text = stored === undefined ? '' : textOf(stored);
  const reasoning = stored === undefined ? '' : reasoningOf(stored);
  if (text.length < textAt || reasoning.length < reasoningAt) return undefined;
  return upgraded({
    ...message,
    text: text.slice(0, textAt) + message.text,
    reasoning: message.reasoning === undefined ? '' : reasoning.slice(0, reasoningAt) + message.reasoning,
  });
}

function upgraded({ text, reasoning, reasoningMs, ...message }: Omit<Message, 'parts'> & FormerContent): Message {
  return { ...message, parts: textParts(text, reasoning, reasoningMs) };
}

function isFormer(
  value: Record<string, unknown>,
): value is Record<string, unknown> & Omit<Message, 'parts'> & FormerContent {
  return typeof value['text'] === 'string';
}

function areParts(value: unknown): value is readonly MessagePart[] {
  return Array.isArray(value) && value.every(isPart);
}

/** Parts of unknown kinds are sound: a later version wrote them. */
function isPart(value: unknown): value is MessagePart {
  if (!isFields(value) || typeof value['type'] !== 'string') return false;
  return (value['type'] !== 'text' && value['type'] !== 'reasoning') || typeof value['text'] === 'string';
}
