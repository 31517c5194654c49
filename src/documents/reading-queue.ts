import type { BuiltFile } from '../platform/built-file.ts';
import { abortError } from '../platform/errors.ts';
import { type CallOptions, WorkerClient, type WorkerMethods } from '../platform/worker-rpc.ts';

/** The worker ends after this time without work, in ms: pdf.js takes some 30 MB. */
const IDLE_MS = 20_000;

/** A worker that reads one file at a time, so that a cancel can end it without loss to others. */
export class ReadingQueue<Methods extends WorkerMethods<Methods>> {
  readonly #worker: WorkerClient<Methods>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param script from `?worker-file` */
  constructor(script: BuiltFile, name: string) {
    this.#worker = new WorkerClient(script, name, { idleMs: IDLE_MS });
  }

  /** As WorkerClient.call, and when it is aborted, the work stops at once. */
  call<Name extends keyof Methods & string>(
    method: Name,
    input: Methods[Name]['input'],
    options: CallOptions<Methods[Name] extends { readonly progress: infer Progress } ? Progress : never> = {},
  ): Promise<Methods[Name]['output']> {
    const { signal } = options;
    const waiting = Promise.withResolvers<never>();
    const cancel = (): void => waiting.reject(abortError());
    signal?.addEventListener('abort', cancel, { once: true });
    const result = this.#last.then(async () => {
      if (signal?.aborted) throw abortError();
      try {
        return await this.#worker.call(method, input, options);
      } finally {
        if (signal?.aborted) this.#worker.end();
        signal?.removeEventListener('abort', cancel);
      }
    });
    this.#last = result.catch(() => {});
    return Promise.race([result, waiting.promise]);
  }
}
