/** One request that this page or one of its workers made, as the browser's resource timing has it. */
export interface RequestEntry {
  /** Host and port; never empty. */
  readonly host: string;
  readonly url: string;
  /** The browser's initiatorType: `script`, `fetch`, `link`, `navigation` … */
  readonly kind: string;
  /** Bytes over the network, headers included, 0 from a cache; undefined where the host does not let the browser tell (Timing-Allow-Origin). */
  readonly bytes: number | undefined;
  /** ms since the epoch */
  readonly at: number;
  /** From a BodyMeter: `bytes` are those of the body so far; the browser's entry of the same request comes too. */
  readonly isMetered?: true;
}

type RequestObserver = (entries: readonly RequestEntry[]) => void;

/** Those of this page or worker. */
const observers = new Set<RequestObserver>();

/** The channel on which workers announce their requests, which the page cannot see. */
export const REQUEST_CHANNEL = 'alcove-requests';

/** Calls back with every request of this page or worker, those made before the call included. Returns its undo. */
export function observeRequests(onRequests: RequestObserver): () => void {
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries().flatMap(toRequestEntry);
    if (entries.length > 0) onRequests(entries);
  });
  for (const type of ['navigation', 'resource']) {
    if (PerformanceObserver.supportedEntryTypes.includes(type)) observer.observe({ type, buffered: true });
  }
  observers.add(onRequests);
  return () => {
    observers.delete(onRequests);
    observer.disconnect();
  };
}

/**
 * Counts the bytes of a response's body for a request that may end early: of such a request browsers report the size of
 * the headers only (Chromium 300 bytes), whatever has arrived.
 */
export class BodyMeter {
  readonly #url: string;
  readonly #at = performance.timeOrigin + performance.now();
  #bytes = 0;

  /** Create it just before the request. @param url as it is requested, absolute or relative */
  constructor(url: string) {
    this.#url = url;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Reports what has arrived. Call it when the request ends before its body does. */
  report(): void {
    const { host, href } = new URL(this.#url, location.href);
    if (host === '' || this.#bytes === 0) return;
    const entry = { host, url: href, kind: 'fetch', bytes: this.#bytes, at: this.#at, isMetered: true } as const;
    for (const observer of observers) observer([entry]);
  }
}

/** For a worker: announces its requests to the pages of this origin for as long as it lives. */
export function announceRequests(): void {
  const channel = new BroadcastChannel(REQUEST_CHANNEL);
  observeRequests((entries) => channel.postMessage(entries));
}

/** None for a blob or data address: these are no requests. */
function toRequestEntry(entry: PerformanceEntry): RequestEntry[] {
  const url = new URL(entry.name, location.href);
  if (url.host === '' || !(entry instanceof PerformanceResourceTiming)) return [];
  const isHidden = entry.transferSize === 0 && entry.decodedBodySize === 0;
  return [
    {
      host: url.host,
      url: url.href,
      kind: entry.initiatorType,
      bytes: isHidden ? undefined : entry.transferSize,
      at: performance.timeOrigin + entry.startTime,
    },
  ];
}
