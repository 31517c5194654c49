import { SHELL_LOCK_PREFIX, type ShellMessage } from '../platform/shell-protocol.ts';
import { holdLock } from '../platform/web-locks.ts';

/**
 * The page's side of the service worker: registers it, says when a new version waits, and lets it take over when the
 * user agrees. Where there are no service workers (http, some private windows) the app works without: nothing throws.
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

  /**
   * Lets the waiting version take over and loads this page again with it. Other tabs stay on theirs. Does nothing when
   * none waits.
   */
  applyUpdate(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated') location.reload();
    });
    send(waiting, { type: 'alcove-apply-update' });
  }

  async #register(scriptUrl: string, updateReady: () => void): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    // Held until the page is gone. Without it an update may remove files that this page still needs; it works on.
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
        // The very first version waits for nobody: there is nothing to offer.
        if (worker.state === 'installed' && registration.active !== null) offer(worker);
      });
    });
    if (registration.active !== null) send(registration.active, { type: 'alcove-tidy' });
  }
}

function send(worker: ServiceWorker, message: ShellMessage): void {
  worker.postMessage(message);
}
