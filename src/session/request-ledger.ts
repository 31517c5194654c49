import { observeRequests, REQUEST_CHANNEL, type RequestEntry } from '../platform/requests.ts';

export type { RequestEntry } from '../platform/requests.ts';

/** Entries kept, the newest; far more than a visit makes. */
const CAPACITY = 2_000;

/** Most ms by which the browser's start of a request lies before the meter's: clocks are coarse. */
const CLOCK_MS = 2;

/**
 * Lists the requests of this page, and of Alcove's workers in any tab, so that the user can check that nothing leaves the
 * device. The list comes from the browser, not from the code that sends the requests, so it shows unintended ones too. Only
 * the size of a request that ended early comes from the code that read it.
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

  #add(added: readonly RequestEntry[]): void {
    const entries = [...this.#entries];
    for (const entry of added) {
      const index = entries.findIndex((other) => isSameRequest(entry, other));
      const twin = entries[index];
      if (twin === undefined) entries.push(entry);
      else entries[index] = merged(entry, twin);
    }
    this.#entries = entries.slice(-CAPACITY);
    for (const listener of this.#listeners) listener();
  }
}

/** Whether one entry is a meter's and the other the browser's, of the same request. */
function isSameRequest(one: RequestEntry, other: RequestEntry): boolean {
  if (one.url !== other.url || (one.isMetered === true) === (other.isMetered === true)) return false;
  const [meter, browser] = one.isMetered === true ? [one, other] : [other, one];
  return browser.at >= meter.at - CLOCK_MS;
}

function merged(one: RequestEntry, other: RequestEntry): RequestEntry {
  const { isMetered: _, ...browser } = one.isMetered === true ? other : one;
  return { ...browser, bytes: Math.max(one.bytes ?? 0, other.bytes ?? 0) };
}
