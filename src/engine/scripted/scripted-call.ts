import { abortError } from '../../platform/errors.ts';

/** One open call of the scripted engine. A cancel or an injected failure ends its pauses. */
export class ScriptedCall {
  readonly #signal: AbortSignal;
  readonly #cancel = () => this.fail(abortError());
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#cancel);
    if (signal.aborted) this.#cancel();
  }

  /** Ends the current pause; the call then throws `failure`. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#wake?.();
  }

  /** Waits, for 0 ms and less one microtask. Throws what ended the call. */
  async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0 && this.#failure === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, milliseconds);
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    } else {
      await Promise.resolve();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#cancel);
  }
}
