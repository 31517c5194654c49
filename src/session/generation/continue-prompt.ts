import type { PromptTurn } from '../../chat/prompt/prompt.ts';
import type { RuntimeEvent } from '../runtime/runtime-event.ts';

/** What a model is told that cannot go on by itself. In English: models read that best. */
const GO_ON =
  'Your last message was cut off. Continue it from exactly where it stops. Repeat nothing of it, and add no introduction.';

/** The prompt that asks a model to go on with the answer that ends `turns`. */
export function continuePrompt(turns: readonly PromptTurn[]): PromptTurn[] {
  return [...turns, { role: 'user', content: GO_ON }];
}

/** The scripts that part words by spaces end a word with these. */
const ENDS_WORD =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}.,;:!?)]$/u;
const BEGINS_WORD = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}(]/u;

/** Joins what a model writes when it was asked to go on: a message of its own begins without the space. */
export async function* joinContinuation(
  before: string,
  events: AsyncIterable<RuntimeEvent>,
): AsyncGenerator<RuntimeEvent> {
  let isFirst = true;
  for await (const event of events) {
    const needsSpace = isFirst && event.type === 'text-delta' && ENDS_WORD.test(before) && BEGINS_WORD.test(event.text);
    if (event.type === 'text-delta') isFirst = false;
    yield needsSpace && event.type === 'text-delta' ? { ...event, text: ` ${event.text}` } : event;
  }
}
