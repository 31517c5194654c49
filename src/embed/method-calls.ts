import { type AlcoveError, abortError, isAbortError, toAlcoveError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';
import type { ElementMethods, MethodHost } from './chat-methods.ts';

/** The session of an element, once it is needed. */
export interface Callee extends MethodHost {
  /** The session to call, with its end as a promise that rejects. */
  requireSession(): { readonly session: Session; readonly ended: Promise<never> };
  /** Called once the session has started, before the method runs. Resolves when the page receives its events. */
  onStarted(): Promise<unknown>;
}

export interface CallHost {
  readonly element: HTMLElement;
  /** Loads what the methods need. */
  use(): Promise<Callee>;
  /** Sends an error to the page. */
  report(error: AlcoveError): void;
  /** The methods of the hub that has the chat; undefined if the chat is in the page. */
  hubMethods(): Promise<ElementMethods> | undefined;
}

/** When a method runs: `change` after all changes so far, and before those after it; `later` after all changes so far. */
type Order = 'change' | 'later' | 'now';

/**
 * Runs the methods of the element. Every call ends: in a result, an AlcoveError, or an AbortError if the element no longer
 * shows the session. A failure that the caller ignores is an `alcove-error`, never an unhandled rejection.
 */
export class MethodCalls {
  readonly #host: CallHost;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(host: CallHost) {
    this.#host = host;
  }

  call<Result>(order: Order, run: (methods: ElementMethods) => Result): Promise<Awaited<Result>> {
    const result = this.report(this.#begin(order === 'now' ? undefined : this.#changes, run));
    if (order === 'change') this.#changes = Promise.allSettled([result]);
    return result;
  }

  /** Sends a failure of a call that needs no session to the page. */
  report<Result>(result: Promise<Result>): Promise<Result> {
    result.catch((error: unknown) => {
      if (!isAbortError(error)) this.#host.report(toAlcoveError(error));
    });
    return result;
  }

  async #begin<Result>(
    changes: Promise<unknown> | undefined,
    run: (methods: ElementMethods) => Result,
  ): Promise<Awaited<Result>> {
    const hub = this.#host.hubMethods();
    if (hub !== undefined) return await run(await hub);
    const { element } = this.#host;
    const wasConnected = element.isConnected;
    const callee = await this.#host.use().catch((error: unknown) => {
      throw toAlcoveError(error);
    });
    if (wasConnected && !element.isConnected) throw abortError();
    const { session, ended } = callee.requireSession();
    return Promise.race([this.#run(callee, session, changes, run), ended]);
  }

  async #run<Result>(
    callee: Callee,
    session: Session,
    changes: Promise<unknown> | undefined,
    run: (methods: ElementMethods) => Result,
  ): Promise<Awaited<Result>> {
    try {
      const [{ ChatMethods }] = await Promise.all([import('./chat-methods.ts'), session.start(), changes]);
      if (session.state.startError !== undefined) throw session.state.startError;
      await callee.onStarted();
      return await run(new ChatMethods(session, callee));
    } catch (error) {
      throw isAbortError(error) ? error : toAlcoveError(error);
    }
  }
}
