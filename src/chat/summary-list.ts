import type { ConversationSummary } from './conversation.ts';

/** Compares chats for the list: newest first. */
export function byAge(one: ConversationSummary, other: ConversationSummary): number {
  return other.updatedAt - one.updatedAt;
}

/** The list with one summary replaced or added, newest first. */
export function withSummary(
  chats: readonly ConversationSummary[],
  summary: ConversationSummary,
): ConversationSummary[] {
  const others = chats.filter((chat) => chat.id !== summary.id);
  const at = others.findIndex(({ updatedAt }) => updatedAt <= summary.updatedAt);
  return others.toSpliced(at === -1 ? others.length : at, 0, summary);
}
