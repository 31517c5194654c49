import { TabChannel } from '../../platform/tab-channel.ts';

/** Of the messages below. */
const VERSION = 1;

/** Sent to the other tabs after each save and each deletion. */
export interface ChatChange {
  readonly ids: readonly string[];
  readonly change: 'saved' | 'deleted' | 'all-deleted';
}

/** Tells this tab's listeners and the other tabs which chats have changed. */
export class ChatChannel {
  readonly #channel: TabChannel<ChatChange>;
  readonly #listeners = new Set<(id: string) => void>();

  /** @param follow is called with each change that another tab has made, before the listeners */
  constructor(name: string, follow: (change: ChatChange) => void) {
    this.#channel = new TabChannel(name, VERSION, (change) => {
      follow(change);
      this.#tellListeners(change.ids);
    });
  }

  /** Calls `listener` with the id of each chat that this tab or another has changed. Returns its undo. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(ids: readonly string[], change: ChatChange['change'] = 'saved'): void {
    this.#channel.post({ ids, change });
    this.#tellListeners(ids);
  }

  close(): void {
    this.#channel.close();
  }

  #tellListeners(ids: readonly string[]): void {
    for (const id of ids) for (const listener of this.#listeners) listener(id);
  }
}
