import type { Conversation, Message } from './conversation.ts';
import { childrenOf } from './tree.ts';

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
