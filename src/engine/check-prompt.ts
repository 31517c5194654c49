import { AlcoveError } from '../errors.ts';
import type { GenerateRequest } from './engine.ts';

/** @throws AlcoveError `prompt-empty` if there is nothing to answer: no message, or a last one of white space alone */
export function checkPrompt({ messages }: GenerateRequest): void {
  const last = messages.at(-1);
  if (last === undefined || last.content.trim() === '') throw new AlcoveError('prompt-empty', 'nothing to answer');
}
