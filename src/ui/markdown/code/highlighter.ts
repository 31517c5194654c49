import { createModuleWorker } from '../../../platform/module-worker.ts';
import workerUrl from '../worker/highlight-worker.ts?worker&url';
import type { HighlightReply, HighlightRequest } from './highlight-protocol.ts';

/** Code that takes longer stays plain: a pattern that runs wild must not keep a processor busy. */
const TIMEOUT_MS = 5_000;
/** The worker ends after so long without work. */
const IDLE_MS = 30_000;

type Ranges = HighlightReply['ranges'];

let worker: Worker | undefined;
let idleTimer: ReturnType<typeof setTimeout> | undefined;
let nextId = 1;
const open = new Map<number, (ranges: Ranges | undefined) => void>();

/** What is what in the code, worked out in a worker; undefined where that cannot be had. */
export async function highlight(code: string, language: string): Promise<Ranges | undefined> {
  const id = nextId++;
  const { promise, resolve } = Promise.withResolvers<Ranges | undefined>();
  clearTimeout(idleTimer);
  open.set(id, resolve);
  try {
    worker ??= start();
  } catch {
    // The host page's policy allows no worker of ours.
    open.delete(id);
    return undefined;
  }
  const request: HighlightRequest = { id, code, language };
  worker.postMessage(request);
  const timer = setTimeout(end, TIMEOUT_MS);
  const ranges = await promise;
  clearTimeout(timer);
  if (open.size === 0) idleTimer = setTimeout(end, IDLE_MS);
  return ranges;
}

function start(): Worker {
  const started = createModuleWorker(workerUrl, 'alcove-highlight');
  started.onmessage = ({ data }: MessageEvent<HighlightReply>) => {
    open.get(data.id)?.(data.ranges);
    open.delete(data.id);
  };
  started.onerror = end;
  return started;
}

function end(): void {
  worker?.terminate();
  worker = undefined;
  for (const resolve of open.values()) resolve(undefined);
  open.clear();
}
