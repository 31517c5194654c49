/** How long the host may take, ms. */
const LIMIT_MS = 60_000;

/**
 * A file that its host may change between two versions of the app, such as catalogue.json (stale-while-revalidate). A
 * request is answered from the cache, offline too; the host's current file is cached for the next request, if it is sound: a
 * network that asks for a sign-in answers any request with its own page.
 */
export class LiveFile {
  readonly url: string;
  readonly #cacheName: string;
  readonly #isSound: (text: string) => boolean;

  constructor(url: string, cacheName: string, isSound: (text: string) => boolean) {
    this.url = url;
    this.#cacheName = cacheName;
    this.#isSound = isSound;
  }

  async match(): Promise<Response | undefined> {
    const cache = await caches.open(this.#cacheName);
    // Earlier versions cached whatever came.
    return this.sound(await cache.match(this.url));
  }

  /** The response if its body is what the file should be. */
  async sound(response: Response | undefined): Promise<Response | undefined> {
    return response?.ok && this.#isSound(await response.clone().text()) ? response : undefined;
  }

  /** Fetches the file, and caches it if it is sound; returns it in any case. Rejects without a network. */
  async refresh(): Promise<Response> {
    const response = await fetch(this.url, { cache: 'no-cache', signal: AbortSignal.timeout(LIMIT_MS) });
    const sound = await this.sound(response);
    if (sound !== undefined) {
      const cache = await caches.open(this.#cacheName);
      await cache.put(this.url, sound.clone());
    }
    return response;
  }
}
