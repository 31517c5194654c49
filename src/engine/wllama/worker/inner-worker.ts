import type { Wllama } from '@wllama/wllama/esm/index.js';
import { decodeFile, type LoadedFile } from '../../../platform/built-file.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { ADAPT_THREADS } from '../../../platform/library-workers.ts';
import { whyNotStarted, workerNotStarted } from '../../../platform/module-worker.ts';
import { whenReleased } from '../../../platform/web-locks.ts';
import { PART_BYTES } from './window-reader.ts';

export interface InnerWorkerOptions {
  /** A script that the worker runs when it starts. */
  readonly prelude: LoadedFile;
  /** Its WebAssembly. Text is sent to the worker; a URL is wllama's affair. */
  readonly wasm: LoadedFile;
  /** Called with each buffer whose bytes the worker has copied. */
  readonly onReturned: (buffer: ArrayBuffer) => void;
  /** Called once, when the worker has crashed or has ended. */
  readonly onDeath: (error: AlcoveError) => void;
}

/** The function of wllama 3.13.0 with which llama.cpp reads a file: a tensor at a time, in one message. */
const READ = '_wllama_js_file_read';

const READ_IN_PARTS = `const readInParts = async (path, offset, size, target) => {
  let read = toSizeT(0);
  for (let at = offset; at < offset + size; ) {
    const end = Math.min(offset + size, (Math.floor(at / ${PART_BYTES}) + 1) * ${PART_BYTES});
    read += await ${READ}(path, at, end - at, target + at - offset);
    at = end;
  }
  return read;
};
`;

/** The URL that wllama's worker fetches for WebAssembly that comes in a message. */
export const WASM_MESSAGE_URL = 'alcove:llama.wasm';

/** Asks us for the WebAssembly, and answers the worker's own `fetch` with it: a policy may forbid to fetch a Blob's URL. */
const ASK_FOR_WASM = `
  postMessage({ type: 'wasm-wanted' });
  const wasm = new Promise((resolve) => addEventListener('message', ({ data }) => data.wasm && resolve(data.wasm)));
  const realFetch = fetch;
  globalThis.fetch = async (input, init) => input !== ${JSON.stringify(WASM_MESSAGE_URL)} ? realFetch(input, init)
    : new Response(await wasm, { headers: { 'Content-Type': 'application/wasm' } });
`;

/** True in the worker that wllama creates, false in its threads, which run the same script. */
const MAIN_ONLY = 'typeof RUN_OPTIONS !== "undefined"';

/**
 * Watches the worker that a Wllama creates for itself. wllama 3.13.0 only logs that worker's errors and never settles its
 * open calls then, and a worker that closes or is killed sends nothing at all.
 *
 * wllama has no hook for this. So two of its private fields are turned into properties that report when they are set,
 * Wllama's `proxy` and the `worker` in it, and `getModuleCode` gets more lines, which import our prelude and split large
 * reads. `isWatching` stays false after a load by a version that lacks these fields.
 */
export class InnerWorker {
  readonly #options: InnerWorkerOptions;
  readonly #closed = new AbortController();
  readonly #pings: (() => void)[] = [];
  #worker: Worker | undefined;

  /** @param wllama before its first load */
  constructor(wllama: Wllama, options: InnerWorkerOptions) {
    this.#options = options;
    whenSet(wllama, 'proxy', (proxy) => {
      if (typeof proxy !== 'object' || proxy === null) return;
      this.#addPrelude(proxy);
      whenSet(proxy, 'worker', (worker) => {
        if (worker instanceof Worker) this.#watch(worker);
      });
    });
  }

  get isWatching(): boolean {
    return this.#worker !== undefined;
  }

  /** Calls back at the worker's next message; at once while there is no worker. */
  ping(onAlive: () => void): void {
    if (this.#worker === undefined) {
      onAlive();
      return;
    }
    this.#pings.push(onAlive);
    // wllama's worker answers a message without `callbackId` with an error (isPingReply), without calling llama.cpp.
    this.#worker.postMessage({ verb: 'ping' });
  }

  #watch(worker: Worker): void {
    this.#worker = worker;
    const { signal } = this.#closed;
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#onMessage(data), { signal });
    worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault();
        const cause = whyNotStarted(event);
        if (cause === undefined) this.#crash(event.message);
        else this.#die(workerNotStarted('of llama.cpp', cause));
      },
      { signal },
    );
  }

  #onMessage(message: unknown): void {
    for (const onAlive of this.#pings.splice(0)) onAlive();
    if (typeof message !== 'object' || message === null) return;
    if ('buffer' in message && message.buffer instanceof ArrayBuffer) this.#options.onReturned(message.buffer);
    if ('type' in message && message.type === 'wasm-wanted') void this.#sendWasm();
    const lockName = 'lockName' in message ? message.lockName : undefined;
    if (typeof lockName !== 'string') return;
    whenReleased(lockName, this.#closed.signal)
      .then(() => this.#crash('llama.cpp’s worker is gone'))
      // The request is aborted when the watch ends.
      .catch(() => {});
  }

  #crash(message: string): void {
    this.#die(new AlcoveError('engine-crashed', message));
  }

  #die(error: AlcoveError): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#options.onDeath(error);
  }

  async #sendWasm(): Promise<void> {
    const { wasm } = this.#options;
    if ('url' in wasm) return;
    const bytes = await decodeFile(wasm.text);
    this.#worker?.postMessage({ wasm: bytes }, [bytes]);
  }

  #addPrelude(proxy: object): void {
    const getModuleCode: unknown = Reflect.get(proxy, 'getModuleCode');
    if (typeof getModuleCode !== 'function') return;
    const { prelude, wasm } = this.#options;
    const run = 'url' in prelude ? `import(${JSON.stringify(prelude.url)}).catch(() => {});` : prelude.text;
    const line = `if (${MAIN_ONLY}) {\n${'url' in wasm ? '' : ASK_FOR_WASM}${run}\n}\n`;
    Object.defineProperty(proxy, 'getModuleCode', {
      value: async (): Promise<string> => {
        const code = String(await getModuleCode.call(proxy));
        if (!code.includes(`${READ}(`))
          throw new AlcoveError('load-failed', 'this wllama has no known function that reads files');
        return ADAPT_THREADS + line + READ_IN_PARTS + code.replaceAll(`${READ}(`, 'readInParts(');
      },
    });
  }
}

/** Whether an error that wllama logs is only its worker's reply to our ping. */
export function isPingReply(message: unknown): boolean {
  return message === 'callbackId is required';
}

/** Turns a field into a property that calls back with each value it is set to. */
function whenSet(owner: object, name: string, onSet: (value: unknown) => void): void {
  let current: unknown = Reflect.get(owner, name);
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      current = value;
      onSet(value);
    },
  });
}
