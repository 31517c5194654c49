import type { SessionLike } from '../contract/session-like.ts';

export type ChatAction = 'open' | 'rename' | 'delete' | 'pin' | 'unpin' | 'archive' | 'unarchive' | 'tag';

export class ChatActionEvent extends Event {
  static readonly eventName = 'alcove-chat-action';
  readonly action: ChatAction;
  readonly chatId: string;
  /** For `rename` the new title, for `tag` the tags separated by commas, for `open` the search query. */
  readonly value: string;
  /** For `open`, the message to show; a promise while it is being looked up. */
  readonly messageId: string | undefined | Promise<string | undefined>;

  constructor(
    action: ChatAction,
    chatId: string,
    { value = '', messageId }: Partial<Pick<ChatActionEvent, 'value' | 'messageId'>> = {},
  ) {
    super(ChatActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.chatId = chatId;
    this.value = value;
    this.messageId = messageId;
  }
}

/** Pins, archives or tags a chat. @param value the tags, between commas of any script @throws AlcoveError */
export async function labelChat({ chats }: SessionLike, action: ChatAction, id: string, value: string): Promise<void> {
  if (action === 'tag') await chats.tag(id, value.split(/[,，、،]/));
  else if (action === 'pin' || action === 'unpin') await chats.pin(id, action === 'pin');
  else await chats.archive(id, action === 'archive');
}

declare global {
  interface HTMLElementEventMap {
    'alcove-chat-action': ChatActionEvent;
  }
}
