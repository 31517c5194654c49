import { msg } from '@lit/localize';
import type { SessionLike } from '../contract/session-like.ts';
import type { ChatActionEvent } from './chat-action-event.ts';

/** What was done and can be undone, once. */
export interface UndoOffer {
  readonly message: string;
  readonly undo: () => Promise<void>;
}

/**
 * Performs what the user asks for in the list of chats, except to open one.
 * @param reopen opens a restored chat that was open when it was deleted
 * @throws AlcoveError of the store
 */
export async function performChatAction(
  { state, chats }: SessionLike,
  { action, chatId, value }: ChatActionEvent,
  reopen: (chatId: string) => Promise<void>,
): Promise<UndoOffer | undefined> {
  switch (action) {
    case 'open':
      return undefined;
    case 'rename':
      await chats.rename(chatId, value);
      return undefined;
    case 'delete': {
      const wasOpen = state.chat?.id === chatId;
      await chats.delete(chatId);
      const undo = async (): Promise<void> => {
        await chats.restore(chatId);
        if (wasOpen) await reopen(chatId);
      };
      return { message: msg('Chat deleted.'), undo };
    }
    case 'tag':
      // Between commas of any script.
      await chats.tag(chatId, value.split(/[,，、،]/));
      return undefined;
    case 'move':
      await chats.move(chatId, value || undefined);
      return undefined;
    case 'pin':
    case 'unpin':
      await chats.pin(chatId, action === 'pin');
      return undefined;
    case 'archive':
    case 'unarchive':
      await chats.archive(chatId, action === 'archive');
      if (action === 'unarchive') return undefined;
      return { message: msg('Chat archived.'), undo: () => chats.archive(chatId, false) };
  }
}
