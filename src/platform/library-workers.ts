import { trustedScriptUrl } from './trusted-types.ts';

/**
 * For a worker of ours whose library starts more workers by itself, from Blobs: they get addresses that Trusted Types accept
 * and, in a frame without an origin of its own, are no modules, because Chromium starts no module from a Blob there.
 */
export function adaptWorkersOfLibrary(): void {
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      super(trustedScriptUrl(String(url)), globalThis.origin === 'null' ? { ...options, type: 'classic' } : options);
    }
  };
}

/** The same for the threads of a worker that a library makes of text. They are never modules. */
export const ADAPT_THREADS = `try {
  const policy = self.trustedTypes?.createPolicy("alcove", { createScriptURL: (url) => url });
  if (policy) {
    self.Worker = class extends Worker {
      constructor(url, options) {
        super(policy.createScriptURL(url), options);
      }
    };
  }
} catch {}
`;
