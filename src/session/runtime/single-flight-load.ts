import { abortError } from '../../platform/errors.ts';

interface Loading<Result> {
  readonly id: string;
  readonly controller: AbortController;
  readonly done: Promise<Result>;
}

/** Runs one load at a time: a second load of the same model joins it, a load of another model cancels it first. */
export class SingleFlightLoad<Result> {
  #loading: Loading<Result> | undefined;

  /** An abort of any of the joined calls cancels the load. */
  async run(id: string, signal: AbortSignal, load: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.#loading?.id !== id) await this.cancel();
    if (signal.aborted) throw abortError();
    this.#loading ??= this.#begin(id, load);
    const { controller, done } = this.#loading;
    const cancel = (): void => controller.abort();
    signal.addEventListener('abort', cancel);
    try {
      return await done;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Resolves when the load has ended. */
  async cancel(): Promise<void> {
    const loading = this.#loading;
    loading?.controller.abort();
    await loading?.done.catch(() => {});
  }

  #begin(id: string, load: (signal: AbortSignal) => Promise<Result>): Loading<Result> {
    const controller = new AbortController();
    const done = load(controller.signal).finally(() => {
      this.#loading = undefined;
    });
    return { id, controller, done };
  }
}
