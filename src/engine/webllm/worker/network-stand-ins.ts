import { type ModelFiles, missingFile } from './model-files.ts';

/**
 * Replaces the browser's `caches` and `fetch` by our own before web-llm is imported: they serve one stored
 * model and refuse everything else, so that this worker never makes a request. Checked with web-llm 0.2.86, which asks a cache
 * for `match`, `add`, `keys` and, on its own clean-up, `delete`.
 */
export function installNetworkStandIns(files: ModelFiles): void {
  const cache = {
    match: async (request: RequestInfo | URL): Promise<Response | undefined> => files.find(urlOf(request)),
    add: async (request: RequestInfo | URL): Promise<void> => {
      if (files.find(urlOf(request)) === undefined) throw missingFile(nameIn(urlOf(request)));
    },
    put: async (): Promise<void> => refuse('caches.put'),
    keys: async (): Promise<readonly Request[]> => [],
    delete: async (): Promise<boolean> => false,
  };
  const caches = {
    open: async () => cache,
    has: async (): Promise<boolean> => true,
    keys: async (): Promise<readonly string[]> => [],
    match: cache.match,
    delete: async (): Promise<boolean> => false,
  };
  const realFetch = globalThis.fetch.bind(globalThis);
  const fetch = async (request: RequestInfo | URL): Promise<Response> => {
    const url = urlOf(request);
    // Bytes in the runtime's own script: not a request.
    if (url.startsWith('data:')) return realFetch(url);
    return files.find(url) ?? refuse(url);
  };
  Object.defineProperty(globalThis, 'caches', { configurable: true, value: caches });
  Object.defineProperty(globalThis, 'fetch', { configurable: true, writable: true, value: fetch });
}

function refuse(what: string): never {
  throw new TypeError(`the engine's worker makes no request: ${what}`);
}

function urlOf(request: RequestInfo | URL): string {
  if (typeof request === 'string') return request;
  return request instanceof URL ? request.href : request.url;
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
