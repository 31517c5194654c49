export type ChatAction = 'open' | 'rename' | 'delete' | 'pin' | 'unpin' | 'archive' | 'unarchive' | 'tag';

/** Someone asks something of a chat in the list. */
export class ChatActionEvent extends Event {
  static readonly eventName = 'alcove-chat-action';
  readonly action: ChatAction;
  readonly chatId: string;
  /** The new title, for `rename`; the tags with commas between them, for `tag`; what was looked for, for `open`. */
  readonly words: string;
  /** The message to go to, for `open`: it may still be looked for. */
  readonly messageId: string | undefined | Promise<string | undefined>;

  constructor(
    action: ChatAction,
    chatId: string,
    { words = '', messageId }: Partial<Pick<ChatActionEvent, 'words' | 'messageId'>> = {},
  ) {
    super(ChatActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.chatId = chatId;
    this.words = words;
    this.messageId = messageId;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-chat-action': ChatActionEvent;
  }
}
