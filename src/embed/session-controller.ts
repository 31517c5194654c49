import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { abortError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';

export interface SessionSource {
  /** The session of the page; undefined if the element makes its own. */
  given(): Session | undefined;
  /** What the element's own session is made from. With another one, the element needs another session. */
  key(): string;
  create(): Session;
  /** The chat that was open before the page was loaded again. */
  recallChat(): string | undefined;
  /** Called when the element begins to show a session. Returns its undo. */
  follow(session: Session): () => void;
}

interface Shown {
  readonly session: Session;
  /** Rejects with an AbortError when the element no longer shows the session. */
  readonly ended: Promise<never>;
  readonly end: () => void;
}

/**
 * Decides which session the element shows: that of the page, or one of its own. An own session begins when it is first
 * needed, also before the element is in a page, and ends when the element is removed for good.
 */
export class SessionController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #source: SessionSource;
  #own: { readonly session: Session; readonly key: string } | undefined;
  #shown: Shown | undefined;
  /** The chat that was open when the own session ended; opened again if the element returns with the same key. */
  #last: { readonly key: string; readonly chatId: string | undefined } | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, source: SessionSource) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostDisconnected(): void {
    // A move removes and inserts the element synchronously, so check afterwards whether it was removed.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#detach();
      this.#endOwn();
    });
  }

  get session(): Session | undefined {
    return this.#shown?.session;
  }

  isOwn(session: Session): boolean {
    return session === this.#own?.session;
  }

  /** The session to show now; begins one if there is none. */
  require(): { readonly session: Session; readonly ended: Promise<never> } {
    const given = this.#source.given();
    if (given !== undefined || this.#own?.key !== this.#source.key()) this.#endOwn();
    return this.#show(given ?? this.#ownSession());
  }

  /** Shows none any more: the chat is elsewhere. */
  release(): void {
    this.#detach();
    this.#endOwn();
  }

  #ownSession(): Session {
    if (this.#own !== undefined) return this.#own.session;
    const session = this.#source.create();
    const key = this.#source.key();
    this.#own = { session, key };
    void this.#start(session, this.#last?.key === key ? this.#last.chatId : this.#source.recallChat());
    return session;
  }

  async #start(session: Session, chatId: string | undefined): Promise<void> {
    await session.start();
    // If the chat cannot be read any more, a new chat stays open.
    if (chatId !== undefined && this.isOwn(session)) await session.chats.open(chatId).catch(() => {});
  }

  #endOwn(): void {
    if (this.#own === undefined) return;
    const { session, key } = this.#own;
    this.#last = { key, chatId: session.state.chat?.id };
    if (this.#shown?.session === session) this.#detach();
    session.dispose();
    this.#own = undefined;
  }

  #show(session: Session): Shown {
    if (this.#shown?.session === session) return this.#shown;
    this.#detach();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => {});
    const undoSubscribe = session.subscribe(() => this.#host.requestUpdate());
    const undoFollow = this.#source.follow(session);
    const end = (): void => {
      undoSubscribe();
      undoFollow();
      reject(abortError());
    };
    this.#shown = { session, ended, end };
    return this.#shown;
  }

  #detach(): void {
    this.#shown?.end();
    this.#shown = undefined;
  }
}
