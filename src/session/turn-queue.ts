import { abortError } from '../platform/errors.ts';

/** Lets one caller at a time in, in the order in which they asked. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /**
   * Resolves when all earlier callers have ended their turns or have given up.
   * @returns ends the turn
   * @throws AbortError if the signal fires first; the next caller then does not wait for this one
   */
  async take(signal: AbortSignal): Promise<() => void> {
    const turn = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => turn.promise);
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(abortError());
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      await Promise.race([aborted.promise, before]);
    } catch (error) {
      turn.resolve();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return turn.resolve;
  }
}
