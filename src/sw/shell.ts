import { PrecacheController } from 'workbox-precaching';
import { SHELL_LOCK_PREFIX } from '../platform/shell-protocol.ts';

export type PrecacheList = Parameters<PrecacheController['addToCacheList']>[0];

/**
 * The app's own files. Workbox installs them, and fetches only what has changed. The clean-up runs separately: it deletes
 * files that the new version does not list, which a page of the old version may still request.
 */
export class Shell {
  readonly #scope: string;
  readonly #files = new PrecacheController();

  constructor(scope: string, list: PrecacheList) {
    this.#scope = scope;
    this.#files.addToCacheList(list);
  }

  install(event: ExtendableEvent): void {
    this.#files.install(event);
  }

  /** The URL under which a request is cached; undefined for requests that are not for the shell. */
  addressOf(request: Request): string | undefined {
    if (request.method !== 'GET' || request.headers.has('Range') || !request.url.startsWith(this.#scope))
      return undefined;
    const { origin, pathname } = new URL(request.url);
    const address = origin + pathname;
    if (address === this.#scope) return `${this.#scope}index.html`;
    const isListed = this.#files.getCacheKeyForURL(address) !== undefined;
    return isListed || address.startsWith(`${this.#scope}assets/`) ? address : undefined;
  }

  /** The cached file: this version's, else an older version's hashed asset. */
  async match(address: string): Promise<Response | undefined> {
    const cache = await caches.open(this.#files.strategy.cacheName);
    return cache.match(this.#files.getCacheKeyForURL(address) ?? address);
  }

  /** Deletes files of older versions, unless a page of one is open or a newer version is being installed. */
  async tidy(event: ExtendableEvent, registration: ServiceWorkerRegistration): Promise<void> {
    if (registration.installing !== null || registration.waiting !== null) return;
    const { held = [] } = await navigator.locks.query();
    const scripts = held
      .map(({ name = '' }) => name)
      .filter((name) => name.startsWith(SHELL_LOCK_PREFIX + this.#scope))
      .map((name) => name.slice(SHELL_LOCK_PREFIX.length));
    const isOldPageOpen = scripts.some((script) => this.#files.getCacheKeyForURL(script) === undefined);
    if (!isOldPageOpen) await this.#files.activate(event);
  }
}
