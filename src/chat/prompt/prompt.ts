import type { Message } from '../conversation.ts';

/** A turn as an engine reads it. */
export interface PromptTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** In English: models read that best. */
const SUMMARY_HEADING = 'Summary of the conversation so far:';

/**
 * The prompt for an answer to the last message of a path: the system prompt, then what was said, without thinking and
 * without answers that failed before their first word. The newest summary stands, in the system turn, for what it sums
 * up. Two turns of one role that come to stand side by side are joined, since chat templates expect turns to alternate.
 *
 * The prompt of a longer path begins with that of a shorter one, until a summary is added: an engine that keeps its KV
 * cache prefills only what is new.
 */
export function promptFor(path: readonly Message[], systemPrompt = ''): PromptTurn[] {
  const at = path.findLastIndex(isUsableSummary);
  const summary = path[at];
  const through =
    summary === undefined ? -1 : path.findIndex(({ id }) => id === (summary.throughId ?? summary.parentId));
  const system = [
    ...(systemPrompt.trim() === '' ? [] : [systemPrompt]),
    ...(summary === undefined ? [] : [`${SUMMARY_HEADING}\n${summary.text}`]),
  ].join('\n\n');
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...turnsOf(path.slice(through + 1)),
  ];
}

/** One that was stopped or broke off lacks something: what it stands for is sent in full. */
function isUsableSummary({ role, status, text }: Message): boolean {
  return role === 'summary' && status === 'complete' && text !== '';
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
