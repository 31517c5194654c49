import type { PromptTurn } from '../../chat/prompt/prompt.ts';

/** For a model that cannot prefill its own answer. In English, which models follow best. */
const INSTRUCTION =
  'Your last message was cut off. Continue it from exactly where it stops. Repeat nothing of it, and add no introduction.';

/** The prompt that asks a model to continue the answer at the end of `turns`. */
export function continuePrompt(turns: readonly PromptTurn[]): PromptTurn[] {
  return [...turns, { role: 'user', content: INSTRUCTION }];
}

/** Last character of a word in scripts that separate words by spaces. */
const ENDS_WORD =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}.,;:!?)]$/u;
const BEGINS_WORD = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}\p{N}(]/u;

/** Whether a space is missing between an answer and its continuation, which the model starts as a new message. */
export function needsSpace(before: string, continuation: string): boolean {
  return ENDS_WORD.test(before) && BEGINS_WORD.test(continuation);
}
