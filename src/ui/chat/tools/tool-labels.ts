import { msg, str } from '@lit/localize';

/** Asks whether a tool may run. */
export function toolQuestionLabel(name: string): string {
  return msg(str`The model wants to use a tool of this page: ${name}. Allow it?`);
}
