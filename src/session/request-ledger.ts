import { observeRequests, REQUEST_CHANNEL, type RequestEntry } from '../platform/requests.ts';

export type { RequestEntry } from '../platform/requests.ts';

/** Entries kept, the newest; far more than a visit makes. */
const CAPACITY = 2_000;

/**
 * What the browser itself says was requested, by this page and by Alcove's workers in any tab: the proof of "nothing
 * leaves the device" that a person can look at. It is the browser's record, not our own code's, so that a request that
 * should not be there shows as well.
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
