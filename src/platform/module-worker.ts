import type { BuiltFile } from './built-file.ts';
import { AlcoveError } from './errors.ts';
import { trustedScriptUrl } from './trusted-types.ts';

/** Blob URLs of the wrappers below, one for each foreign script and never revoked: a few bytes, no race with its start. */
const wrapperUrls = new Map<string, string>();

/** What Alcove uses of a Worker. */
export interface WorkerHandle {
  readonly addEventListener: Worker['addEventListener'];
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
}

/**
 * Starts a module worker from a script of this build (`?worker-file`).
 *
 * A script on another origin, as when a host page embeds the element from a CDN, starts from a Blob that imports it: browsers
 * refuse `new Worker(foreignUrl)`. That host must send CORS headers, and the page's content security policy must allow
 * `worker-src blob:` and that origin's scripts. On a page with a policy in a meta tag every worker starts so, because only then the
 * policy holds in it too. A wrapped worker's `location` is a blob: URL, so its code resolves other files against
 * `import.meta.url` only.
 *
 * A script that is text starts from a Blob of that text, which needs `worker-src blob:` alone. It is a classic script, because
 * in a frame without an origin of its own Chromium starts no module from a Blob.
 *
 * @param name shown in developer tools
 * @throws AlcoveError `worker-failed` where the browser refuses at once; else the worker has an error event (`whyNotStarted`)
 */
export function createModuleWorker(file: BuiltFile, name: string): WorkerHandle {
  if ('load' in file) return new WorkerFromText(file.load, name);
  const { url } = file;
  try {
    if (isForeign(url) || hasMetaPolicy()) return new Worker(trustedScriptUrl(wrap(url)), { name });
    return new Worker(trustedScriptUrl(url), { type: 'module', name });
  } catch (cause) {
    throw workerNotStarted(name, String(cause));
  }
}

/** Begins the message of the error event of a worker whose script was not loaded. */
const NOT_LOADED = 'its script did not load';

/** Why a worker did not start, of its error event; undefined if a running script failed. */
export function whyNotStarted({ message }: { readonly message?: string }): string | undefined {
  // A script that cannot be fetched, and one that a policy blocks, give a plain Event, without a message.
  if (!message) return 'its script is missing, or the page’s content security policy blocks it';
  const start = message.indexOf(NOT_LOADED);
  return start === -1 ? undefined : message.slice(start);
}

/** The error of a worker that did not start, and a line in the console for the developer of the page. */
export function workerNotStarted(name: string, cause: string): AlcoveError {
  const error = new AlcoveError('worker-failed', `the worker ${name} did not start: ${cause}`, {
    data: { worker: name },
  });
  console.error(`Alcove: ${error.message}`);
  return error;
}

/** A worker whose script may still be loading; it gets what was posted meanwhile when it starts. */
class WorkerFromText extends EventTarget implements WorkerHandle {
  #worker: Worker | undefined;
  #waiting: (readonly [message: unknown, transfer: Transferable[]])[] = [];
  #isEnded = false;

  constructor(load: () => Promise<string>, name: string) {
    super();
    load()
      .then((text) => this.#start(text, name))
      .catch((error: unknown) => this.dispatchEvent(new ErrorEvent('error', { message: `${NOT_LOADED}: ${error}` })));
  }

  #start(text: string, name: string): void {
    if (this.#isEnded) return;
    // Modules are strict; the text was one before it was bundled.
    const url = URL.createObjectURL(new Blob(['"use strict";', text], { type: 'text/javascript' }));
    const worker = new Worker(trustedScriptUrl(url), { name });
    worker.onmessage = ({ data, ports }) =>
      this.dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
    worker.onmessageerror = () => this.dispatchEvent(new MessageEvent('messageerror'));
    worker.onerror = (event) => {
      const { message, filename, lineno, colno } = event;
      const copy = new ErrorEvent('error', { cancelable: true, message, filename, lineno, colno });
      if (!this.dispatchEvent(copy)) event.preventDefault();
    };
    for (const message of this.#waiting) worker.postMessage(...message);
    this.#waiting = [];
    this.#worker = worker;
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (this.#worker !== undefined) this.#worker.postMessage(message, transfer);
    else this.#waiting.push([message, transfer]);
  }

  terminate(): void {
    this.#isEnded = true;
    this.#waiting = [];
    this.#worker?.terminate();
  }
}

/**
 * Whether the page has a content security policy in a meta tag. Such a policy does not bind a worker that comes from
 * the network, only one from a Blob, which inherits it: https://www.w3.org/TR/CSP3/#security-inherit-csp
 */
function hasMetaPolicy(): boolean {
  const { document } = globalThis as { readonly document?: { querySelector(selector: string): unknown } };
  return document !== undefined && document.querySelector('meta[http-equiv="content-security-policy" i]') !== null;
}

function isForeign(url: string): boolean {
  const { protocol, origin } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && origin !== globalThis.origin;
}

/**
 * A classic script that imports the module: in a frame without an origin of its own Chromium starts no module from a Blob. A
 * failed import becomes an error event that says so. Messages that arrive before the module is there are kept for it.
 */
function wrap(url: string): string {
  let wrapperUrl = wrapperUrls.get(url);
  if (wrapperUrl === undefined) {
    const script = `const early = [];
const keep = (event) => {
  event.stopImmediatePropagation();
  early.push(event);
};
addEventListener("message", keep);
import(${JSON.stringify(url)}).then(
  () => {
    removeEventListener("message", keep);
    for (const { data, ports } of early) dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
  },
  (error) => setTimeout(() => { throw new Error("${NOT_LOADED}: " + error); }),
);`;
    wrapperUrl = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    wrapperUrls.set(url, wrapperUrl);
  }
  return wrapperUrl;
}
