import { createModuleWorker } from '../../../platform/module-worker.ts';
import workerUrl from '../worker/highlight-worker.ts?worker&url';
import type { HighlightReply, HighlightRequest } from './highlight-protocol.ts';

/** Code that takes longer is not coloured, in ms: a pathological regular expression must not block the worker. */
const TIMEOUT_MS = 5_000;
/** The worker ends after this time without work, in ms. */
const IDLE_MS = 30_000;

type Ranges = HighlightReply['ranges'];

let worker: Worker | undefined;
let idleTimer: ReturnType<typeof setTimeout> | undefined;
let nextId = 1;
const open = new Map<number, (ranges: Ranges | undefined) => void>();

/** Highlights code in a worker; undefined where that fails. */
export async function highlight(code: string, language: string): Promise<Ranges | undefined> {
  const id = nextId++;
  const { promise, resolve } = Promise.withResolvers<Ranges | undefined>();
  clearTimeout(idleTimer);
  open.set(id, resolve);
  try {
    worker ??= start();
  } catch {
    // The host page's policy forbids the worker.
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
