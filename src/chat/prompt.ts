import type { Message } from './conversation.ts';

/** A turn as an engine reads it. */
export interface PromptTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * The prompt for an answer to the last message of a path: what was said, without thinking and without answers that
 * failed before their first word. The newest summary stands, as a system turn, for what it sums up. Two turns of one
 * role that come to stand side by side are joined, since chat templates expect turns to alternate.
 */
export function promptFor(path: readonly Message[]): PromptTurn[] {
  const at = path.findLastIndex(({ role }) => role === 'summary');
  const summary = path[at];
  if (summary === undefined) return turnsOf(path);
  const through = path.findIndex(({ id }) => id === (summary.throughId ?? summary.parentId));
  return [{ role: 'system', content: summary.text }, ...turnsOf(path.slice(through + 1))];
}

function turnsOf(path: readonly Message[]): PromptTurn[] {
  const turns: PromptTurn[] = [];
  for (const { role, text } of path) {
    if (role === 'summary' || (role === 'assistant' && text === '')) continue;
    const last = turns.at(-1);
    if (last !== undefined && last.role === role) {
      turns[turns.length - 1] = { role: last.role, content: `${last.content}\n\n${text}` };
    } else {
      turns.push({ role, content: text });
    }
  }
  return turns;
}
