import type { Conversation, Message } from './conversation.ts';
import { childrenOf, selectBranch, setFields } from './tree.ts';

/**
 * The answers of several models to the last message, to be shown side by side: siblings, the shown one among them. Undefined
 * once the user has kept one, and where the chat has gone on or shows another branch.
 */
export function comparedAnswers(chat: Conversation): readonly Message[] | undefined {
  const { comparison, activeLeafId, messages } = chat;
  if (comparison === undefined || activeLeafId === undefined || !comparison.includes(activeLeafId)) return undefined;
  const answers = childrenOf(chat, messages.get(activeLeafId)?.parentId).filter(({ id }) => comparison.includes(id));
  return answers.length > 1 ? answers : undefined;
}

/** Shows answers side by side. @param ids of siblings, the first of which the chat goes on from if the user keeps none */
export function beginComparison(chat: Conversation, ids: readonly string[], now: number): Conversation {
  return setFields(chat, { comparison: ids, activeLeafId: ids[0] }, now);
}

/** Goes on from one of the answers; the others stay as its siblings. */
export function keepAnswer(chat: Conversation, id: string, now: number): Conversation {
  return setFields(selectBranch(chat, id, now), { comparison: undefined }, now);
}
