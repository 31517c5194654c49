import type { GenerateEvent, GenerateRequest } from '../engine/engine.ts';
import { profileOf } from '../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { RuntimeEvent } from '../session/runtime/runtime-event.ts';

/** Whether text of an answer may turn out to be reasoning: the model thinks, and its engine does not know the template. */
export function mayBeReasoning(record: ModelRecord, { thinking, continueLast, rawPrompt }: GenerateRequest): boolean {
  const isThinking = record.abilities?.includes('thinking') === true && thinking !== false;
  return isThinking && !continueLast && !rawPrompt && !profileOf(record).separatesReasoning;
}

/**
 * Holds the text at the beginning of an answer back until it is decided that it is text: a client of the API cannot take
 * back what it was sent. What turns out to be reasoning comes as such; an answer without any comes at its end.
 */
export async function* holdText(events: AsyncIterable<RuntimeEvent>): AsyncGenerator<RuntimeEvent> {
  let held: GenerateEvent[] = [];
  let isDecided = false;
  for await (const event of events) {
    if (event.type === 'load-progress') {
      yield event;
    } else if (event.type === 'restart') {
      // Nothing of it was sent.
      if (!isDecided) held = [];
      yield event;
    } else if (isDecided) {
      yield event;
    } else if (event.type === 'text-delta' || event.type === 'logprobs') {
      held.push(event);
    } else {
      isDecided = true;
      const isReasoning = event.type === 'text-was-reasoning';
      for (const one of held)
        yield isReasoning && one.type === 'text-delta' ? { type: 'reasoning-delta', text: one.text } : one;
      if (!isReasoning) yield event;
    }
  }
}
