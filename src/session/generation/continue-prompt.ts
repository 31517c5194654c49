import type { PromptTurn } from '../../chat/prompt/prompt.ts';

/** Asks a model to continue that cannot do so by itself. In English, which models read best. */
const INSTRUCTION =
  'Your last message was cut off. Continue it from exactly where it stops. Repeat nothing of it, and add no introduction.';

/** The prompt that asks a model to continue the answer at the end of `turns`. */
export function continuePrompt(turns: readonly PromptTurn[]): PromptTurn[] {
  return [...turns, { role: 'user', content: INSTRUCTION }];
}

/** Scripts that separate words by spaces end a word with one of these. */
const ENDS_WORD =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}.,;:!?)]$/u;
const BEGINS_WORD = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}(]/u;

/** Whether a space is missing where an answer continues: a model that is asked to continue begins a message of its own. */
export function needsSpace(before: string, continuation: string): boolean {
  return ENDS_WORD.test(before) && BEGINS_WORD.test(continuation);
}
