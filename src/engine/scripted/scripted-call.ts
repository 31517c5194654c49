import { abortError } from '../../platform/errors.ts';

/** One open call of the scripted engine: waits that a cancel or an injected failure cuts short. */
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

  /** The call throws this at its next step, which comes at once. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#wake?.();
  }

  /** Waits, or gives a microtask's pause for 0 ms and less. Throws what ended the call. */
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
