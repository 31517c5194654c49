export type ChatAction = 'open' | 'rename' | 'delete' | 'pin' | 'unpin' | 'archive' | 'unarchive' | 'tag' | 'move';

export class ChatActionEvent extends Event {
  static readonly eventName = 'alcove-chat-action';
  readonly action: ChatAction;
  readonly chatId: string;
  /**
   * For `rename` the new title, for `tag` the tags separated by commas, for `open` the search query, for `move` the id of the
   * project, empty for none.
   */
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

declare global {
  interface HTMLElementEventMap {
    'alcove-chat-action': ChatActionEvent;
  }
}
