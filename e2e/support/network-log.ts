import type { BrowserContext } from '@playwright/test';

/** Every request that pages and workers make, and every error that nobody caught, from the moment of `watch`. */
export class NetworkLog {
  readonly #home: string;
  readonly #allowed = new Set<string>();
  readonly #urls: string[] = [];
  readonly #uncaught: string[] = [];

  /** @param home the one origin that may be asked */
  constructor(home: string) {
    this.#home = home;
  }

  watch(context: BrowserContext): void {
    context.on('request', (request) => this.#urls.push(request.url()));
    context.on('weberror', (error) => this.#uncaught.push(String(error.error())));
  }

  /** Allows these origins too from now on. */
  allow(...origins: string[]): void {
    for (const origin of origins) this.#allowed.add(origin);
  }

  /** What was asked since a mark, and what the mark is now. */
  get count(): number {
    return this.#urls.length;
  }

  since(mark: number): readonly string[] {
    return this.#urls.slice(mark).filter(isOnNetwork);
  }

  /** Requests that left the site's origin without the test's leave. */
  get strays(): readonly string[] {
    return this.#urls.filter((url) => {
      const { origin } = new URL(url);
      return isOnNetwork(url) && origin !== this.#home && !this.#allowed.has(origin);
    });
  }

  get uncaught(): readonly string[] {
    return this.#uncaught;
  }
}

function isOnNetwork(url: string): boolean {
  return /^(https?|wss?):/.test(url);
}
