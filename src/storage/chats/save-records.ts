/** Writes a conversation's records beside what other tabs have written, within a transaction of the store. */
import type { IDBPObjectStore, StoreNames } from 'idb';
import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import { mergeMessages, mergeSummaries } from '../../chat/merge.ts';
import { hashesOf } from '../../chat/message-parts.ts';
import { isDeleted } from '../../chat/tree.ts';
import type { ChatSchema } from './chat-schema.ts';
import { isSummary, readMessage } from './stored-records.ts';

type Store<Name extends StoreNames<ChatSchema>> = IDBPObjectStore<
  ChatSchema,
  ArrayLike<StoreNames<ChatSchema>>,
  Name,
  'readwrite'
>;

export async function saveSummary(store: Store<'conversations'>, own: ConversationSummary): Promise<void> {
  const stored = await store.get(own.id);
  await store.put(isSummary(stored) ? mergeSummaries(stored, own) : own);
}

export async function saveMessages(
  store: Store<'messages'>,
  purges: Store<'purges'>,
  uses: Store<'attachmentUses'>,
  { id: chatId, messages }: Conversation,
  named: ReadonlySet<string>,
): Promise<void> {
  const write = async (message: Message): Promise<void> => {
    await store.put(message, [chatId, message.id]);
    if (isDeleted(message) && !message.purged) await purges.put(true, chatId);
    for (const sha256 of hashesOf(message)) await uses.put(true, [sha256, chatId, message.id]);
  };
  const merged = [...named]
    .flatMap((id) => messages.get(id) ?? [])
    .map(async (message) => {
      const stored = readMessage(await store.get([chatId, message.id]));
      await Promise.all((stored === undefined ? [message] : mergeMessages(stored, message)).map(write));
    });
  await Promise.all(merged);
  // Counting is quick; reading the keys of a long chat is not.
  if ((await store.count(messagesOf(chatId))) >= messages.size) return;
  const stored = new Set((await store.getAllKeys(messagesOf(chatId))).map(([, id]) => id));
  await Promise.all([...messages.values()].filter(({ id }) => !stored.has(id)).map(write));
}

/** The keys of a chat's messages, and of its unsaved changes. */
export function messagesOf(conversationId: string): IDBKeyRange {
  // An array sorts after every string, so [id, []] is past the last [id, messageId].
  return IDBKeyRange.bound([conversationId], [conversationId, []]);
}

/** The sound messages among records. */
export function readMessages(records: readonly unknown[]): Message[] {
  return records.map(readMessage).filter((message) => message !== undefined);
}

export function isTree(summary: ConversationSummary, messages: readonly Message[]): boolean {
  const ids = new Set(messages.map((message) => message.id));
  const parentsExist = messages.every((message) => message.parentId === undefined || ids.has(message.parentId));
  return parentsExist && (summary.activeLeafId === undefined || ids.has(summary.activeLeafId));
}
