import { WorkerClient } from '../../../platform/worker-rpc.ts';
import workerScript from '../worker/highlight-worker.ts?worker-file';
import type { HighlightMethods, HighlightRanges } from './highlight-protocol.ts';

/** Code that takes longer is not coloured, in ms: a pathological regular expression must not block the worker. */
const TIMEOUT_MS = 10_000;
/** The worker ends after this time without work, in ms. */
const IDLE_MS = 30_000;

const worker = new WorkerClient<HighlightMethods>(workerScript, 'alcove-highlight', { idleMs: IDLE_MS });

/** Ends with the call before: each has the worker, and its time, for itself. */
let last: Promise<unknown> = Promise.resolve();

/** The token ranges of the code; undefined where the worker cannot run, as on a host page whose policy forbids it. */
export function highlight(code: string, language: string): Promise<HighlightRanges | undefined> {
  const ranges = last.then(() => call(code, language));
  last = ranges;
  return ranges;
}

async function call(code: string, language: string): Promise<HighlightRanges | undefined> {
  const timer = setTimeout(() => worker.end(), TIMEOUT_MS);
  try {
    return await worker.call('highlight', { code, language });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
