import type { SessionLike } from '../contract/session-like.ts';

/** What commands need of the app. */
export interface CommandHost {
  readonly session: SessionLike | undefined;
  newChat(): void;
  /** Leaves the places and puts the cursor where a message is written. */
  toComposer(): void;
  /** Shows or hides the chats at the side. */
  toggleSide(): void;
  openChat(id: string): Promise<void>;
  /** `#models` and the like. */
  openPage(hash: string): void;
  /** Says in passing that something was done. */
  say(message: string): void;
}
