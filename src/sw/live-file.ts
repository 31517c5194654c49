/**
 * A file that its host may change between two versions of the app, as it does when it edits catalogue.json. What is
 * kept is answered at once, offline too; what the host has now is kept for the next time.
 */
export class LiveFile {
  readonly url: string;
  readonly #cacheName: string;

  constructor(url: string, cacheName: string) {
    this.url = url;
    this.#cacheName = cacheName;
  }

  async match(): Promise<Response | undefined> {
    const cache = await caches.open(this.#cacheName);
    return cache.match(this.url);
  }

  /** Rejects without a network. An error page is answered but never kept. */
  async refresh(): Promise<Response> {
    const response = await fetch(this.url, { cache: 'no-cache' });
    if (response.ok) {
      const cache = await caches.open(this.#cacheName);
      await cache.put(this.url, response.clone());
    }
    return response;
  }
}
