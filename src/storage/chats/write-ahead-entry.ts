import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import { summarize } from '../../chat/tree.ts';

/** What has changed in a conversation since it was last saved: written at once, without reading or merging anything. */
export interface WriteAheadEntry {
  readonly summary: ConversationSummary;
  readonly messages: readonly UnsavedMessage[];
}

/** A message whose text and thinking begin after what is stored of them: an answer's words are written down once. */
interface UnsavedMessage {
  readonly message: Message;
  /** Characters of the stored text, and of the stored thinking, that come before. */
  readonly textAt: number;
  readonly reasoningAt: number;
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
    const { text, reasoning } = message;
    const textAt = lengthOfBeginning(text, saved.get(id)?.text);
    const reasoningAt = lengthOfBeginning(reasoning, saved.get(id)?.reasoning);
    const rest = {
      text: text.slice(textAt),
      ...(reasoning !== undefined && { reasoning: reasoning.slice(reasoningAt) }),
    };
    return [{ message: { ...message, ...rest }, textAt, reasoningAt }];
  });
  return { summary: summarize(conversation), messages };
}

/**
 * The changed messages, whole again.
 * @param stored the messages of the conversation as they are stored
 * @returns undefined where something before them is gone: the conversation was deleted meanwhile
 */
export function applyChanges(
  { summary, messages }: WriteAheadEntry,
  stored: ReadonlyMap<string, Message>,
): Conversation | undefined {
  const whole = new Map<string, Message>();
  for (const { message, textAt, reasoningAt } of messages) {
    const { text = '', reasoning = '' } = stored.get(message.id) ?? {};
    if (text.length < textAt || reasoning.length < reasoningAt) return undefined;
    const begun = {
      text: text.slice(0, textAt) + message.text,
      ...(message.reasoning !== undefined && { reasoning: reasoning.slice(0, reasoningAt) + message.reasoning }),
    };
    whole.set(message.id, { ...message, ...begun });
  }
  const isThere = (id: string | undefined): boolean => id === undefined || whole.has(id) || stored.has(id);
  const isWhole = isThere(summary.activeLeafId) && [...whole.values()].every(({ parentId }) => isThere(parentId));
  return isWhole ? { ...summary, messages: whole } : undefined;
}

function lengthOfBeginning(text: string | undefined, beginning: string | undefined): number {
  return beginning !== undefined && text?.startsWith(beginning) ? beginning.length : 0;
}
