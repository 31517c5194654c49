import { SHELL_LOCK_PREFIX, type ShellMessage } from '../platform/shell-protocol.ts';
import { isStorageForbidden } from '../platform/storage-access.ts';
import { holdLock } from '../platform/web-locks.ts';

/**
 * Registers the service worker, reports a waiting new version, and activates it when the user agrees. Never throws: the app
 * also works without service workers, as over http and in some private windows.
 */
export class ServiceWorkerClient {
  /** Resolves when a newer version of the app is installed and waits. Never rejects; may never resolve. */
  readonly updateReady: Promise<void>;
  #waiting: ServiceWorker | undefined;

  /** @param scriptUrl of the built service worker; its folder is the scope */
  constructor(scriptUrl: string) {
    this.updateReady = new Promise((resolve) => {
      void this.#register(scriptUrl, resolve);
    });
  }

  /** Activates the waiting version, if there is one, and reloads this page. Other tabs keep theirs. */
  applyUpdate(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated') location.reload();
    });
    send(waiting, { type: 'alcove-apply-update' });
  }

  async #register(scriptUrl: string, updateReady: () => void): Promise<void> {
    // Refused in a sandboxed frame, where reading the property throws.
    if (isStorageForbidden() || !('serviceWorker' in navigator)) return;
    // Hold it until the page is gone: an update then keeps the files of this version. Continue without it if that fails.
    await holdLock(SHELL_LOCK_PREFIX + import.meta.url, { mode: 'shared' }).catch(() => {});
    const registration = await navigator.serviceWorker.register(scriptUrl).catch(() => undefined);
    if (registration === undefined) return;
    const offer = (worker: ServiceWorker): void => {
      this.#waiting = worker;
      updateReady();
    };
    if (registration.waiting !== null && registration.active !== null) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        // The first version has nothing to replace.
        if (worker.state === 'installed' && registration.active !== null) offer(worker);
      });
    });
    if (registration.active !== null) send(registration.active, { type: 'alcove-tidy' });
  }
}

function send(worker: ServiceWorker, message: ShellMessage): void {
  worker.postMessage(message);
}
