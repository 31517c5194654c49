/**
 * A file that its host may change between two versions of the app, such as catalogue.json (stale-while-revalidate). A
 * request is answered from the cache, offline too; the host's current file is cached for the next request.
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

  /** Fetches and caches the file. An error response is returned but not cached. Rejects without a network. */
  async refresh(): Promise<Response> {
    const response = await fetch(this.url, { cache: 'no-cache' });
    if (response.ok) {
      const cache = await caches.open(this.#cacheName);
      await cache.put(this.url, response.clone());
    }
    return response;
  }
}
