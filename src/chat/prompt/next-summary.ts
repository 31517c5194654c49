import type { Message } from '../conversation.ts';
import { answerReserve, contextUse } from './context-window.ts';
import { type PromptTurn, promptFor, promptText } from './prompt.ts';
import { readTokens } from './read-passages.ts';
import { estimatePromptTokens } from './token-estimate.ts';

/** The share of the window that the newest turns may use after a summary. */
const KEPT_SHARE = 0.3;

/** In English: models read that best. */
const SUMMARISE =
  'Write notes about our conversation so far, from which you can continue it without reading it again. Keep what I want, facts, names, numbers, decisions, open questions, and wording or code that is still needed. Be brief. Use the language of the conversation. Write the notes alone, without an introduction.';

export interface SummaryStep {
  /** The last message that the summary will replace in the prompt. */
  readonly throughId: string;
  /** It begins like the chat's own prompt, so that the engine reuses its KV cache. */
  readonly prompt: readonly PromptTurn[];
  readonly maxTokens: number;
}

/**
 * The next step of summing up the oldest part of a path. The step is large, so that the prompt changes rarely. More than one
 * step is needed only where that part is longer than the window, as in an imported chat.
 * @param keepsNewest false to sum up the whole path, for a new chat
 * @returns undefined where no exchange can be summed up within the window
 */
export function nextSummary(
  path: readonly Message[],
  systemPrompt: string,
  windowTokens: number,
  keepsNewest = true,
): SummaryStep | undefined {
  const { factor } = contextUse(path, systemPrompt);
  const maxTokens = answerReserve(windowTokens);
  const ends = summaryEnds(path);
  const [first] = ends;
  if (first === undefined) return undefined;
  // Tokens up to and including each message; a summary is no turn.
  const upTo: number[] = [];
  for (const message of path) {
    const { role } = message;
    const tokens = role === 'summary' ? 0 : estimatePromptTokens([{ role, content: promptText(message) }]) * factor;
    upTo.push((upTo.at(-1) ?? 0) + tokens);
  }
  const tokensTo = (index: number): number => upTo[index] ?? 0;
  // The prompt of a summary has no documents: they are read again where they are needed.
  const keptFrom = (end: number): number =>
    tokensTo(path.length - 1) - tokensTo(end) + readTokens(path.slice(end + 1)) * factor;
  const wanted = keepsNewest
    ? (ends.find((end) => keptFrom(end) <= windowTokens * KEPT_SHARE) ?? first)
    : (ends.at(-1) ?? first);
  // The longest part up to that point whose summary prompt fits the window.
  const shortest = estimatePromptTokens(summaryPrompt(path, first, systemPrompt)) * factor;
  const room = windowTokens - maxTokens - shortest + tokensTo(first);
  const end = ends.findLast((one) => one <= wanted && tokensTo(one) <= room);
  const through = end === undefined ? undefined : path[end];
  if (end === undefined || through === undefined) return undefined;
  return { throughId: through.id, prompt: summaryPrompt(path, end, systemPrompt), maxTokens };
}

function summaryPrompt(path: readonly Message[], end: number, systemPrompt: string): PromptTurn[] {
  // An earlier summary is below the turns that it did not sum up.
  const part = path.filter(({ role }, index) => index <= end || role === 'summary');
  return [...promptFor(part, systemPrompt), { role: 'user', content: SUMMARISE }];
}

/** Indices at which a part can end: those of answers that no summary includes yet. */
function summaryEnds(path: readonly Message[]): number[] {
  const summary = path.findLast(({ role, status }) => role === 'summary' && status === 'complete');
  const done = summary === undefined ? -1 : path.findIndex(({ id }) => id === (summary.throughId ?? summary.parentId));
  return path.flatMap((message, index) =>
    index > done && message.role === 'assistant' && promptText(message) !== '' ? [index] : [],
  );
}
