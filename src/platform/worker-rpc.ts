import type { BuiltFile } from './built-file.ts';
import { AlcoveError, abortError, type ErrorCode, fromWireError, toWireError, type WireError } from './errors.ts';
import { createModuleWorker, type WorkerHandle, whyNotStarted, workerNotStarted } from './module-worker.ts';

/**
 * Calls of a page (or a worker) to the methods of a worker: arguments and results as structured clones, progress on the
 * way, failures as AlcoveErrors. Every call ends, also when the worker fails or is ended.
 */

/** What a worker's methods take, report and return, by their names. */
export type WorkerMethods<Methods> = { readonly [Name in keyof Methods]: WorkerMethod };

interface WorkerMethod {
  readonly input: unknown;
  readonly output: unknown;
  /** What it reports while it runs, if it does. */
  readonly progress?: unknown;
}

type ProgressOf<Method> = Method extends { readonly progress: infer Progress } ? Progress : never;

/** Without an id no reply is wanted. */
interface CallMessage {
  readonly callId: number | undefined;
  readonly method: string;
  readonly input: unknown;
}

type ReplyMessage = { readonly callId: number | undefined } & (
  | { readonly type: 'progress'; readonly value: unknown }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: WireError }
);

export interface WorkerClientOptions {
  /** Of the calls that were open when the worker failed outside of them. Default: `internal`. */
  readonly failureCode?: ErrorCode;
  /** The worker ends after this time without an open call, in ms, and starts again with the next. Default: it stays. */
  readonly idleMs?: number;
}

export interface CallOptions<Progress = never> {
  /** Given away with the input. */
  readonly transfer?: readonly Transferable[];
  readonly onProgress?: (progress: Progress) => void;
  /** Rejects the call with an AbortError. The worker is not told: end it, or give it a method that stops the other. */
  readonly signal?: AbortSignal | undefined;
}

interface OpenCall extends PromiseWithResolvers<unknown> {
  readonly onProgress: ((progress: never) => void) | undefined;
}

/** A worker that starts with the first call, and again with the first one after it failed or was ended. */
export class WorkerClient<Methods extends WorkerMethods<Methods>> {
  readonly #script: BuiltFile;
  readonly #name: string;
  readonly #failureCode: ErrorCode;
  readonly #idleMs: number | undefined;
  readonly #calls = new Map<number, OpenCall>();
  #worker: WorkerHandle | undefined;
  #nextId = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param script from `?worker-file`
   * @param name shown in developer tools
   */
  constructor(script: BuiltFile, name: string, { failureCode = 'internal', idleMs }: WorkerClientOptions = {}) {
    this.#script = script;
    this.#name = name;
    this.#failureCode = failureCode;
    this.#idleMs = idleMs;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * @throws AlcoveError of the method; `worker-failed` when the worker does not start, `failureCode` when it fails later; the
   *   reason of `end`; AbortError
   */
  async call<Name extends keyof Methods & string>(
    method: Name,
    input: Methods[Name]['input'],
    options: CallOptions<ProgressOf<Methods[Name]>> = {},
  ): Promise<Methods[Name]['output']> {
    const { signal, transfer, onProgress } = options;
    if (signal?.aborted) throw abortError();
    const callId = this.#nextId++;
    const call: OpenCall = { ...Promise.withResolvers<unknown>(), onProgress };
    const cancel = (): void => call.reject(abortError());
    signal?.addEventListener('abort', cancel);
    clearTimeout(this.#idleTimer);
    this.#calls.set(callId, call);
    try {
      this.#post({ callId, method, input }, transfer);
      return await call.promise;
    } finally {
      this.#calls.delete(callId);
      signal?.removeEventListener('abort', cancel);
      if (this.#calls.size === 0 && this.#idleMs !== undefined) {
        clearTimeout(this.#idleTimer);
        this.#idleTimer = setTimeout(() => this.end(), this.#idleMs);
      }
    }
  }

  /** A call whose end nobody waits for. */
  send<Name extends keyof Methods & string>(method: Name, input: Methods[Name]['input']): void {
    this.#post({ callId: undefined, method, input });
  }

  /** Ends the worker. Open calls reject with the reason. */
  end(reason: Error = abortError()): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const call of this.#calls.values()) call.reject(reason);
    this.#calls.clear();
  }

  #post(message: CallMessage, transfer: readonly Transferable[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, [...transfer]);
  }

  #start(): WorkerHandle {
    const worker = createModuleWorker(this.#script, this.#name);
    worker.addEventListener('message', ({ data }: MessageEvent<ReplyMessage>) => this.#receive(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      const cause = whyNotStarted(event);
      const error =
        cause === undefined
          ? workerFailure(this.#failureCode, this.#name, event.message)
          : workerNotStarted(this.#name, cause);
      this.end(error);
    });
    return worker;
  }

  #receive(reply: ReplyMessage): void {
    const call = reply.callId === undefined ? undefined : this.#calls.get(reply.callId);
    // A call that was cancelled is no longer known.
    if (call === undefined) return;
    if (reply.type === 'progress') call.onProgress?.(reply.value as never);
    else if (reply.type === 'error') call.reject(fromWireError(reply.error));
    else call.resolve(reply.value);
  }
}

/** The error of a running worker that failed outside of a call, and a line in the console for the developer of the page. */
function workerFailure(code: ErrorCode, name: string, message: string): AlcoveError {
  const error = new AlcoveError(code, `the worker ${name} failed: ${message}`);
  console.error(`Alcove: ${error.message}`);
  return error;
}

/** What a method of a worker can do besides returning. */
export interface WorkerCall<Progress = never> {
  report(progress: Progress): void;
  /** Gives objects away with the result. */
  transfer(...objects: Transferable[]): void;
}

export type WorkerHandlers<Methods extends WorkerMethods<Methods>> = {
  readonly [Name in keyof Methods]: (
    input: Methods[Name]['input'],
    call: WorkerCall<ProgressOf<Methods[Name]>>,
  ) => Methods[Name]['output'] | Promise<Methods[Name]['output']>;
};

/** In the worker: answers the calls of a WorkerClient. Calls run side by side: a method that needs an order keeps it. */
export function serveCalls<Methods extends WorkerMethods<Methods>>(handlers: WorkerHandlers<Methods>): void {
  const methods = new Map<string, (input: never, call: WorkerCall<never>) => unknown>(Object.entries(handlers));
  addEventListener('message', ({ data }: MessageEvent<CallMessage>) => void answer(data, methods.get(data.method)));
}

async function answer(
  { callId, input }: CallMessage,
  method: ((input: never, call: WorkerCall<never>) => unknown) | undefined,
): Promise<void> {
  const transfer: Transferable[] = [];
  try {
    const value = await method?.(input as never, {
      report: (progress) => reply({ callId, type: 'progress', value: progress }),
      transfer: (...objects) => void transfer.push(...objects),
    });
    reply({ callId, type: 'result', value }, transfer);
  } catch (error) {
    reply({ callId, type: 'error', error: toWireError(error) });
  }
}

function reply(message: ReplyMessage, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}
