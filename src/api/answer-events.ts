import type { GenerateEvent, GenerateRequest } from '../engine/engine.ts';
import { EventQueue } from '../engine/stream/event-queue.ts';
import type { ModelSession } from '../session/model-session.ts';
import type { RuntimeEvent } from '../session/runtime/runtime-event.ts';
import { AlcoveApiError } from './api-error.ts';
import { holdText, mayBeReasoning } from './hold-text.ts';

export type AnswerEvent = Exclude<GenerateEvent, { readonly type: 'load-progress' }>;

/**
 * Starts an answer. Resolves with its events when the first one is there, so that what is wrong with a request rejects the
 * call itself and not the stream. The engine does not wait for a slow reader; a reader that leaves its loop cancels the
 * answer.
 * @throws AlcoveError, AbortError
 */
export async function startAnswer(
  session: ModelSession,
  model: string,
  request: GenerateRequest,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<AnswerEvent>> {
  await session.start();
  const left = new AbortController();
  const queue = new EventQueue<AnswerEvent>();
  const first = Promise.withResolvers<void>();
  const ended = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const { record } = session.find(model);
  const events = session.generate(model, request, ended);
  void pump(mayBeReasoning(record, request) ? holdText(events) : events, queue, first);
  await first.promise;
  return {
    [Symbol.asyncIterator]: () => {
      const events = queue[Symbol.asyncIterator]();
      const leave = async () => {
        left.abort();
        return { done: true, value: undefined } as const;
      };
      return { next: () => events.next(), return: leave };
    },
  };
}

async function pump(
  events: AsyncIterable<RuntimeEvent>,
  queue: EventQueue<AnswerEvent>,
  first: PromiseWithResolvers<void>,
): Promise<void> {
  let hasBegun = false;
  try {
    for await (const event of events) {
      if (event.type === 'load-progress') continue;
      if (event.type === 'restart') {
        // What was sent cannot be taken back.
        if (hasBegun) throw new AlcoveApiError(LOST, { status: 503, code: 'engine_crashed', isPassing: true });
        continue;
      }
      hasBegun = true;
      queue.push(event);
      first.resolve();
    }
    queue.end();
    first.resolve();
  } catch (error) {
    if (hasBegun) queue.fail(error instanceof Error ? error : new Error(String(error)));
    else first.reject(error);
  }
}

const LOST =
  'The engine was lost in the middle of the answer, which another one cannot continue. Send the request again.';
