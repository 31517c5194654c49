import type { SessionLike } from '../contract/session-like.ts';

/** What commands call in the app. */
export interface CommandHost {
  readonly session: SessionLike | undefined;
  newChat(): void;
  /** Closes the open page and focuses the composer. */
  toComposer(): void;
  /** Shows or hides the chat list at the side. */
  toggleSidebar(): void;
  openChat(id: string): Promise<void>;
  /** @param hash of the page: `#models` */
  openPage(hash: string): void;
  /** Shows a message that disappears by itself. */
  say(message: string): void;
}
