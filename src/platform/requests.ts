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
}

/** The channel on which workers announce their requests, which the page cannot see. */
export const REQUEST_CHANNEL = 'alcove-requests';

/** Calls back with every request of this page or worker, those made before the call included. Returns its undo. */
export function observeRequests(onRequests: (entries: readonly RequestEntry[]) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries().flatMap(toRequestEntry);
    if (entries.length > 0) onRequests(entries);
  });
  for (const type of ['navigation', 'resource']) {
    if (PerformanceObserver.supportedEntryTypes.includes(type)) observer.observe({ type, buffered: true });
  }
  return () => observer.disconnect();
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
