import { type AlcoveError, isAbortError, toAlcoveError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';
import type { ChatMethods, MethodHost } from './chat-methods.ts';

export interface CallHost extends MethodHost {
  /** The session to call, with its end as a promise that rejects. */
  requireSession(): { readonly session: Session; readonly ended: Promise<never> };
  /** Called once the session has started, before the method runs. Resolves when the page receives its events. */
  onStarted(): Promise<unknown>;
}

/** When a method runs: `change` after all changes so far, and before those after it; `later` after all changes so far. */
type Order = 'change' | 'later' | 'now';

/**
 * Runs the methods of the element. Every call ends: in a result, an AlcoveError, or an AbortError if the element no longer
 * shows the session. A failure that the caller ignores is an `alcove-error`, never an unhandled rejection.
 */
export class MethodCalls {
  readonly #host: CallHost;
  readonly #report: (error: AlcoveError) => void;
  #changes: Promise<unknown> = Promise.resolve();

  /** @param report sends an error to the page */
  constructor(host: CallHost, report: (error: AlcoveError) => void) {
    this.#host = host;
    this.#report = report;
  }

  call<Result>(order: Order, run: (methods: ChatMethods) => Result): Promise<Awaited<Result>> {
    const result = this.#begin(order, run);
    result.catch((error: unknown) => {
      if (!isAbortError(error)) this.#report(toAlcoveError(error));
    });
    if (order === 'change') this.#changes = Promise.allSettled([result]);
    return result;
  }

  /** Async, so that the call rejects where no session can be made. */
  async #begin<Result>(order: Order, run: (methods: ChatMethods) => Result): Promise<Awaited<Result>> {
    const { session, ended } = this.#host.requireSession();
    return Promise.race([this.#run(session, order, run), ended]);
  }

  async #run<Result>(session: Session, order: Order, run: (methods: ChatMethods) => Result): Promise<Awaited<Result>> {
    try {
      const changes = order === 'now' ? undefined : this.#changes;
      const [{ ChatMethods }] = await Promise.all([import('./chat-methods.ts'), session.start(), changes]);
      if (session.state.startError !== undefined) throw session.state.startError;
      await this.#host.onStarted();
      return await run(new ChatMethods(session, this.#host));
    } catch (error) {
      throw isAbortError(error) ? error : toAlcoveError(error);
    }
  }
}
