import { AlcoveError, abortError, fromWireError } from '../platform/errors.ts';
import { createModuleWorker } from '../platform/module-worker.ts';
import type { DownloadCommand, DownloadReport } from './download-protocol.ts';
import downloadWorkerUrl from './worker/download-worker.ts?worker&url';

/** How long a worker that was told to stop may take; what it has not stored by then is lost, nothing is broken. */
const STOP_TIMEOUT_MS = 1_500;

/** A download or verification in a worker of its own. */
export class WorkerTask {
  /** @throws AlcoveError, AbortError */
  readonly done: Promise<{ totalBytes: number }>;
  readonly #worker: Worker;
  readonly #end = Promise.withResolvers<{ totalBytes: number }>();
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(command: DownloadCommand, onReport: (report: DownloadReport) => void) {
    this.#worker = createModuleWorker(downloadWorkerUrl, 'alcove-download');
    this.#worker.addEventListener('message', ({ data }: MessageEvent<DownloadReport>) => {
      if (data.type !== 'end') return onReport(data);
      if (data.error === undefined) this.#end.resolve(data);
      else this.#end.reject(fromWireError(data.error));
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end.reject(new AlcoveError('internal', `the download worker failed: ${event.message}`));
    });
    this.done = this.#end.promise.finally(() => {
      this.#worker.terminate();
      clearTimeout(this.#stopTimer);
    });
    this.#worker.postMessage(command);
  }

  /** Lets the writes that are under way end; `done` throws AbortError then. */
  stop(): void {
    this.#post({ type: 'stop' });
    this.#stopTimer ??= setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
  }

  wake(): void {
    this.#post({ type: 'wake' });
  }

  kill(): void {
    this.#end.reject(abortError());
  }

  #post(command: DownloadCommand): void {
    this.#worker.postMessage(command);
  }
}
