import type { SessionLike } from '../contract/session-like.ts';

export interface CommandHost {
  readonly session: SessionLike | undefined;
  newChat(): void;
  toComposer(): void;
  toggleSidebar(): void;
  openChat(id: string): Promise<void>;
  /** Opens a question of the open chat for editing, or generates another answer as a sibling of this one. */
  actOnMessage(action: 'edit' | 'regenerate', messageId: string): Promise<void>;
  /** @param hash of the page: `#/models` */
  openPage(hash: string): void;
  /** Shows a message that disappears by itself. */
  say(message: string): void;
}
