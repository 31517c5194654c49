import type { Conversation, Message } from './conversation.ts';
import { childrenOf, isDeleted, newestLeaf, pathTo, setFields, updateMessage } from './tree.ts';

/**
 * Deletes a message with all that follows it. They stay in the tree, hidden, so that the user can undo it and a copy in
 * another tab does not bring them back; `purgeDeleted` removes their content when the undo ends.
 */
export function deleteBranch(conversation: Conversation, id: string, now: number): Conversation {
  const message = conversation.messages.get(id);
  if (message === undefined || isDeleted(message)) return conversation;
  // Later than a restore at the same millisecond.
  const deletedAt = Math.max(now, (message.restoredAt ?? 0) + 1);
  return showVisible(updateMessage(conversation, id, { deletedAt }), now);
}

/** Undoes `deleteBranch`, and shows the restored branch. */
export function restoreBranch(conversation: Conversation, id: string, now: number): Conversation {
  const message = conversation.messages.get(id);
  if (message?.deletedAt === undefined || message.purged || !isDeleted(message)) return conversation;
  const restored = updateMessage(conversation, id, { restoredAt: Math.max(now, message.deletedAt) });
  const shown = setFields(restored, { activeLeafId: newestLeaf(restored, id) }, now);
  return isHidden(shown, id) ? conversation : shown;
}

/** Whether a message, or one of its ancestors, is deleted. */
export function isHidden(conversation: Conversation, id: string): boolean {
  return pathTo(conversation, id).some(isDeleted);
}

/** All messages but those that were deleted and their descendants. */
export function visibleMessages({ messages }: Pick<Conversation, 'messages'>): Message[] {
  const all = [...messages.values()];
  if (!all.some(isDeleted)) return all;
  const open = [...childrenOf({ messages }, undefined)];
  const visible: Message[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    visible.push(next);
    open.push(...childrenOf({ messages }, next.id));
  }
  return visible;
}

/** If the shown path was deleted in part, shows the newest sibling that is left, else ends the path at the parent. */
export function showVisible(conversation: Conversation, now: number): Conversation {
  const path = pathTo(conversation, conversation.activeLeafId);
  const at = path.findIndex(isDeleted);
  if (at === -1) return conversation;
  return setFields(conversation, { activeLeafId: newestLeaf(conversation, path[at - 1]?.id) }, now);
}

/**
 * Removes the content of deleted messages and of their descendants. The empty messages stay in the tree, because another tab
 * may hold a message that follows them.
 * @param undoable ids of messages whose deletion can still be undone; they and what follows them stay
 * @returns the same conversation where there was nothing to do
 */
export function purgeDeleted<Part extends Pick<Conversation, 'messages'>>(
  conversation: Part,
  undoable: ReadonlySet<string> = new Set(),
): Part {
  const isOver = (message: Message): boolean => isDeleted(message) && !undoable.has(message.id);
  if (![...conversation.messages.values()].some(isOver)) return conversation;
  // When the branch was deleted, by the messages of it that are gone. Parents come before their children.
  const gone = new Map<string, number>();
  const messages = new Map<string, Message>();
  let isChanged = false;
  for (const [id, message] of conversation.messages) {
    const deletedAt = isOver(message) ? (message.deletedAt ?? 0) : gone.get(message.parentId ?? '');
    if (deletedAt !== undefined) gone.set(id, deletedAt);
    const isPurged = deletedAt !== undefined && !message.purged;
    messages.set(id, isPurged ? emptied(message, deletedAt) : message);
    isChanged ||= isPurged;
  }
  return isChanged ? { ...conversation, messages } : conversation;
}

function emptied({ id, parentId, role, createdAt, deletedAt, restoredAt }: Message, branchDeletedAt: number): Message {
  return {
    id,
    parentId,
    role,
    parts: [],
    status: 'complete',
    createdAt,
    // A descendant of a deleted message cannot be restored by itself.
    deletedAt: deletedAt ?? branchDeletedAt,
    ...(restoredAt !== undefined && { restoredAt }),
    purged: true,
  };
}
