import { abortError } from '../platform/errors.ts';
import { type CallOptions, WorkerClient } from '../platform/worker-rpc.ts';
import type { DownloadMethods } from './download-protocol.ts';
import downloadWorker from './worker/download-worker.ts?worker-file';

/** How long a worker may take to stop. It loses what it has not stored by then; the stored data stays consistent. */
const STOP_TIMEOUT_MS = 1_500;

type TaskName = 'plan' | 'download' | 'import' | 'verify';

type ProgressOf<Method> = Method extends { readonly progress: infer Progress } ? Progress : never;

/** A plan, a download, an import or a verification in a worker of its own. */
export class WorkerTask<Name extends TaskName = TaskName> {
  /** Of a plan the hashes, else the total bytes. @throws AlcoveError, AbortError */
  readonly done: Promise<DownloadMethods[Name]['output']>;
  readonly #worker = new WorkerClient<DownloadMethods>(downloadWorker, 'alcove-download');
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    name: Name,
    input: DownloadMethods[Name]['input'],
    onProgress: (progress: ProgressOf<DownloadMethods[Name]>) => void,
  ) {
    const options = { onProgress } as CallOptions<ProgressOf<DownloadMethods[Name]>>;
    this.done = this.#worker.call(name, input, options).finally(() => {
      this.#worker.end();
      clearTimeout(this.#stopTimer);
    });
  }

  /** Lets the writes under way finish; `done` then throws AbortError. */
  stop(): void {
    if (this.#worker.isRunning) this.#worker.send('stop', undefined);
    this.#stopTimer ??= setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
  }

  wake(): void {
    if (this.#worker.isRunning) this.#worker.send('wake', undefined);
  }

  kill(): void {
    this.#worker.end(abortError());
  }
}
