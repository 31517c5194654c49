import { AlcoveError } from '../platform/errors.ts';
import type { GenerateRequest } from './engine.ts';
import { hasImages, promptText } from './prompt-text.ts';

/**
 * @throws AlcoveError `prompt-empty` if there is nothing to answer (no message, or only white space in the last one), or
 *   nothing to continue: the last one is not the assistant's
 */
export function checkPrompt({
  messages,
  continueLast = false,
}: Pick<GenerateRequest, 'messages' | 'continueLast'>): void {
  const last = messages.at(-1);
  if (last === undefined || (promptText(last.content).trim() === '' && !hasImages(last))) {
    throw new AlcoveError('prompt-empty', 'nothing to answer');
  }
  if ((last.role === 'assistant') !== continueLast) {
    throw new AlcoveError('prompt-empty', `the last message is from ${last.role}, continueLast is ${continueLast}`);
  }
}
