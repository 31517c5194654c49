import { AlcoveError, isAbortError } from '../../platform/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../engine.ts';

export function ask(content: string): GenerateRequest {
  return { messages: [{ role: 'user', content }], sampling: { temperature: 0 } };
}

export async function drain<Item>(items: AsyncIterable<Item>, onItem?: (item: Item) => void): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
    onItem?.(item);
  }
  return all;
}

/** What a call throws; fails if it returns. */
export async function failure<Item>(items: AsyncIterable<Item>, onItem?: (item: Item) => void): Promise<Error> {
  try {
    await drain(items, onItem);
  } catch (error) {
    if (AlcoveError.isInstance(error) || isAbortError(error)) return error as Error;
    throw error;
  }
  throw new Error('the call returned where it had to throw');
}

export function textOf(
  events: readonly GenerateEvent[],
  type: 'text-delta' | 'reasoning-delta' = 'text-delta',
): string {
  return events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
}

export function usageOf(events: readonly GenerateEvent[]) {
  const found = events.find((event) => event.type === 'usage');
  if (found === undefined) throw new Error('an answer without usage');
  return found.usage;
}

/** A step of `within`: what takes longer than this at once is the machine's doing. */
const STEP_MS = 50;

/**
 * Rejects if the promise takes longer than the contract allows. Counts the time in which this page runs, so that a machine that
 * stalls for seconds fails nothing.
 */
export async function within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  let leftMs = limitMs;
  let timer = setTimeout(function step() {
    leftMs -= STEP_MS;
    if (leftMs <= 0) late.reject(new Error(`took longer than ${limitMs} ms`));
    else timer = setTimeout(step, STEP_MS);
  }, STEP_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A signal that does not fire. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
