/** Where an element keeps its chats: what its properties `history` and `storage` mean. */
import type { Session, SessionOptions } from '../session/session.ts';

/** All pages of an origin share the default history with the site, if that is on the same origin. */
const DEFAULT_DATABASE = 'alcove-chats';

export interface HistoryScope extends Pick<SessionOptions, 'chatDatabaseName' | 'keepsChats'> {
  /** Whether the user finds earlier chats in the element. */
  readonly hasPastChats: boolean;
}

/**
 * @param history `none`, `page` (the address without its fragment), `path` (without the query too), `origin`, or a key
 * @param location at the time when the session starts
 */
export function historyScope(
  history: string | undefined,
  storage: 'kept' | 'memory' | undefined,
  { pathname, search }: Pick<Location, 'pathname' | 'search'> = location,
): HistoryScope {
  if (history === 'none') return { keepsChats: false, hasPastChats: false };
  const keepsChats = storage !== 'memory';
  if (history === undefined || history === 'origin') return { keepsChats, hasPastChats: true };
  const scopes: Readonly<Record<string, string>> = { page: `page:${pathname}${search}`, path: `path:${pathname}` };
  const scope = Object.hasOwn(scopes, history) ? scopes[history] : `key:${history}`;
  return { chatDatabaseName: `${DEFAULT_DATABASE}:${scope}`, keepsChats, hasPastChats: true };
}

/** The chat that is open in this tab, so that it is open again after a reload. */
export class OpenChat {
  readonly #key: string | undefined;

  /** Does nothing for a history that is not kept, and for the one that all pages share. */
  constructor({ chatDatabaseName, keepsChats }: HistoryScope) {
    this.#key = keepsChats && chatDatabaseName !== undefined ? `${chatDatabaseName} open` : undefined;
  }

  /** Remembers the open chat of a session. Returns its undo. */
  follow(session: Session): () => void {
    let before = session.state.chat?.id;
    return session.subscribe(() => {
      const { start, chat } = session.state;
      if (start !== 'ready' || chat?.id === before) return;
      before = chat?.id;
      this.#access((storage, key) => (before === undefined ? storage.removeItem(key) : storage.setItem(key, before)));
    });
  }

  read(): string | undefined {
    return this.#access((storage, key) => storage.getItem(key) ?? undefined);
  }

  #access<Result>(run: (storage: Storage, key: string) => Result): Result | undefined {
    try {
      return this.#key === undefined ? undefined : run(sessionStorage, this.#key);
    } catch {
      // The browser forbids storage, or it is full: the next visit starts with an empty chat.
      return undefined;
    }
  }
}
