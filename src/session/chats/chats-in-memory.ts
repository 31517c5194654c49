import type { Conversation } from '../../chat/conversation.ts';
import { isHidden } from '../../chat/deletion.ts';
import { pathTo } from '../../chat/tree.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/** The chats that this tab has in memory with their messages: the open one, those that are being changed, and the deleted. */
export class ChatsInMemory {
  readonly #state: StateStore<SessionState>;
  readonly #unsaved: WriteAheadLog;
  /** Chats that any tab has deleted since this one was opened: nothing may show or store them again. */
  readonly #deleted = new Set<string>();
  /** Conversations with a running or queued generation, shown or not, and the number of their holders. */
  readonly #held = new Map<string, { conversation: Conversation; count: number }>();
  readonly #deletionListeners = new Set<(id: string) => void>();

  constructor(state: StateStore<SessionState>, unsaved: WriteAheadLog) {
    this.#state = state;
    this.#unsaved = unsaved;
  }

  /** The newest state of a conversation, stored or not. Undefined for one that must be read first. */
  get(id: string): Conversation | undefined {
    const open = this.#state.state.chat;
    if (open?.id === id) return open;
    return this.#held.get(id)?.conversation ?? this.#unsaved.get(id);
  }

  get ids(): string[] {
    const { chat } = this.#state.state;
    return [...new Set([...(chat === undefined ? [] : [chat.id]), ...this.#held.keys(), ...this.#unsaved.ids])];
  }

  /** Whether this tab generates in a chat, or has changes of it to store. */
  isChanging(id: string): boolean {
    return this.#held.has(id) || this.#unsaved.get(id) !== undefined;
  }

  /** Keeps a conversation during a generation, also while another chat is shown. Returns its undo. */
  hold(conversation: Conversation): () => void {
    const { id } = conversation;
    this.#held.set(id, { conversation, count: (this.#held.get(id)?.count ?? 0) + 1 });
    return () => {
      const held = this.#held.get(id);
      if (held === undefined) return;
      if (held.count === 1) this.#held.delete(id);
      else this.#held.set(id, { ...held, count: held.count - 1 });
    };
  }

  /** Takes the newest state of a conversation for those who hold it. */
  update(conversation: Conversation): void {
    const held = this.#held.get(conversation.id);
    if (held !== undefined) this.#held.set(conversation.id, { ...held, conversation });
  }

  /** Takes over a chat that another tab has changed. Keeps the branch shown here unless the other tab has continued it. */
  take(theirs: Conversation, ours: Conversation): void {
    const isContinued = pathTo(theirs, theirs.activeLeafId).some(({ id }) => id === ours.activeLeafId);
    const canStay = ours.activeLeafId !== undefined && pathTo(theirs, ours.activeLeafId).length > 0;
    const isGone = canStay && isHidden(theirs, ours.activeLeafId);
    const conversation = isContinued || !canStay || isGone ? theirs : { ...theirs, activeLeafId: ours.activeLeafId };
    this.update(conversation);
    this.#unsaved.replace(conversation);
    if (this.#state.state.chat?.id === theirs.id) this.#state.set({ chat: conversation });
  }

  /** Whether any tab has deleted a chat since this one was opened. */
  isDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  get deletedIds(): ReadonlySet<string> {
    return this.#deleted;
  }

  /** Lets a chat that was deleted be shown and stored again. */
  readmit(id: string): void {
    this.#deleted.delete(id);
  }

  /** Calls `listener` with the id of each chat that this tab or another has deleted. Returns its undo. */
  onDeleted(listener: (id: string) => void): () => void {
    this.#deletionListeners.add(listener);
    return () => this.#deletionListeners.delete(listener);
  }

  /** Ends everything that this tab has of chats which were deleted, here or in another tab. */
  drop(ids: Iterable<string>): void {
    const gone = new Set(ids);
    for (const id of gone) {
      this.#deleted.add(id);
      this.#held.delete(id);
      this.#unsaved.forget(id);
    }
    const { chats, chat, brokenChatIds, unreadChatIds } = this.#state.state;
    this.#state.set({
      chats: chats.filter(({ id }) => !gone.has(id)),
      brokenChatIds: brokenChatIds.filter((id) => !gone.has(id)),
      unreadChatIds: unreadChatIds.filter((id) => !gone.has(id)),
      ...(chat !== undefined && gone.has(chat.id) && { chat: undefined }),
    });
    for (const id of gone) for (const listener of this.#deletionListeners) listener(id);
  }
}
