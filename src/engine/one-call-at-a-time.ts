import { AlcoveError, abortError } from '../platform/errors.ts';

/** Keeps the open call of an engine, and refuses a second one. */
export class OneCallAtATime<Call> {
  #current: Call | undefined;
  #isDisposed = false;

  get current(): Call | undefined {
    return this.#current;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** @throws AbortError if the signal has fired or the engine was disposed; AlcoveError `engine-busy` */
  open(call: Call, signal: AbortSignal): Call {
    if (this.#isDisposed || signal.aborted) throw abortError();
    if (this.#current !== undefined) throw new AlcoveError('engine-busy', 'another call is open');
    this.#current = call;
    return call;
  }

  /** No effect on a call that was opened after this one was given up. */
  close(call: Call): void {
    if (this.#current === call) this.#current = undefined;
  }

  /** Frees the engine before the open call has ended. @returns that call */
  giveUp(): Call | undefined {
    const call = this.#current;
    this.#current = undefined;
    return call;
  }

  /** Every later call is refused as cancelled. */
  dispose(): void {
    this.#isDisposed = true;
  }
}
