import { observeRequests, REQUEST_CHANNEL, type RequestEntry } from '../platform/requests.ts';

export type { RequestEntry } from '../platform/requests.ts';

/** Entries kept, the newest; far more than a visit makes. */
const CAPACITY = 2_000;

/**
 * Lists the requests of this page, and of Alcove's workers in any tab, so that the user can check that nothing leaves the
 * device. The list comes from the browser, not from the code that sends the requests, so it shows unintended ones too.
 */
export class RequestLedger {
  #entries: readonly RequestEntry[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #stopObserving: () => void;
  readonly #channel = new BroadcastChannel(REQUEST_CHANNEL);

  constructor() {
    this.#stopObserving = observeRequests((entries) => this.#add(entries));
    this.#channel.onmessage = ({ data }: MessageEvent<readonly RequestEntry[]>) => this.#add(data);
  }

  /** Oldest first. */
  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#stopObserving();
    this.#channel.close();
    this.#listeners.clear();
  }

  #add(entries: readonly RequestEntry[]): void {
    this.#entries = [...this.#entries, ...entries].slice(-CAPACITY);
    for (const listener of this.#listeners) listener();
  }
}
