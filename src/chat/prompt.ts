import type { Message } from './conversation.ts';

/** A turn as an engine reads it. */
export interface PromptTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/**
 * The prompt for an answer to the last message of a path: what was said, without thinking and without answers that
 * failed before their first word. Two user turns that come to stand side by side are joined, since chat templates
 * expect turns to alternate.
 */
export function promptFor(path: readonly Message[]): PromptTurn[] {
  const turns: PromptTurn[] = [];
  for (const message of path) {
    if (message.role === 'assistant' && message.text === '') continue;
    const last = turns.at(-1);
    if (last !== undefined && last.role === message.role) {
      turns[turns.length - 1] = { role: last.role, content: `${last.content}\n\n${message.text}` };
    } else {
      turns.push({ role: message.role, content: message.text });
    }
  }
  return turns;
}
