import type { ChatMessage } from './public-types.ts';

/** What a form gets: the last answer, or the whole conversation as JSON. */
export type FormValueKind = 'answer' | 'conversation';

/** The value of the element in a form; null if there is none, as for an empty field without a name. */
export function formValue(messages: readonly ChatMessage[], kind: FormValueKind): string | null {
  if (kind === 'answer') {
    return messages.findLast(({ role, status }) => role === 'assistant' && status !== 'streaming')?.content ?? null;
  }
  if (messages.length === 0) return null;
  return JSON.stringify(messages.map(({ role, content }) => ({ role, content })));
}
