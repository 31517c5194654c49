import type { Conversation, Message } from './conversation.ts';
import { activePath, childrenOf } from './tree.ts';

/** A run of messages without a fork. */
export interface Stretch {
  readonly first: Message;
  /** A leaf, or the message below which the conversation forks. */
  readonly last: Message;
  readonly messageCount: number;
  /** Number of forks before it. */
  readonly depth: number;
  /** It is on the shown path. */
  readonly isShown: boolean;
}

/** The whole tree as a list of its stretches, each before those that fork off its end, oldest first. */
export function outline(conversation: Conversation): Stretch[] {
  const shown = new Set(activePath(conversation).map(({ id }) => id));
  const stretches: Stretch[] = [];
  // A list in place of recursion: a chat may fork thousands of times.
  const open = childrenOf(conversation, undefined).map((first) => ({ first, depth: 0 }));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { first, depth } = next;
    let last = first;
    let messageCount = 1;
    let children = childrenOf(conversation, last.id);
    for (let only = children[0]; only !== undefined && children.length === 1; only = children[0]) {
      last = only;
      messageCount += 1;
      children = childrenOf(conversation, last.id);
    }
    stretches.push({ first, last, messageCount, depth, isShown: shown.has(first.id) });
    open.unshift(...children.map((child) => ({ first: child, depth: depth + 1 })));
  }
  return stretches;
}
