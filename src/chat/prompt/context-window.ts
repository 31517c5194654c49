import type { Message } from '../conversation.ts';
import { type MessagePart, reasoningOf } from '../message-parts.ts';
import { type PromptTurn, promptFor, promptText } from './prompt.ts';
import { readTokens } from './read-passages.ts';
import { calibration, estimatePromptTokens, estimateTokens } from './token-estimate.ts';

/** How much of the context window a chat uses. */
export interface ContextUse {
  /** Tokens of the prompt that the next message is added to. */
  readonly usedTokens: number;
  /** False where the engine has counted them; an estimate is shown with ≈. */
  readonly isEstimated: boolean;
  /** The ratio of the model's tokenizer to the estimate: see `calibration`. */
  readonly factor: number;
}

/** The share of the window that is reserved for an answer, within these limits. */
const ANSWER_SHARE = 0.125;
const LEAST_ANSWER_TOKENS = 32;
/** More is not reserved: most answers are shorter. */
const MOST_ANSWER_TOKENS = 512;

/**
 * The engine's count of the last answer, and an estimate of what follows.
 * @param systemPrompt the current one
 * @param toolTokens estimate of what the descriptions of the current tools take
 * @param imageTokens estimate of what an image takes; 0 for a model that sees none
 */
export function contextUse(path: readonly Message[], systemPrompt = '', toolTokens = 0, imageTokens = 0): ContextUse {
  const estimate = (factor: number): ContextUse => {
    const turns = turnsOf(path, systemPrompt, imageTokens);
    const usedTokens = Math.round(
      (estimatePromptTokens(turns) + readTokens(path) + toolTokens) * factor + imageCount(turns) * imageTokens,
    );
    return { usedTokens, isEstimated: turns.length > 0, factor };
  };
  const at = path.findLastIndex(({ role, statistics }) => role === 'assistant' && statistics !== undefined);
  const answer = path[at];
  const { statistics } = answer ?? {};
  if (answer === undefined || statistics === undefined) return estimate(1);
  const asked = turnsOf(path.slice(0, at), answer.settings?.systemPrompt, imageTokens);
  const { toolTokens: toolTokensThen = 0 } = answer;
  const besideTurns = toolTokensThen + readTokens(path.slice(0, at + 1));
  // What images took is not known as well as a tokenizer's ratio should be.
  const factor = imageCount(asked) > 0 ? 1 : calibration(statistics.promptTokens, asked, besideTurns);
  const hasOtherBeginning =
    (answer.settings?.systemPrompt ?? '') !== systemPrompt ||
    path.slice(at + 1).some(({ role, status }) => role === 'summary' && status === 'complete');
  if (hasOtherBeginning) return estimate(factor);
  const after = path.slice(at + 1).filter(({ role }) => role !== 'summary');
  const reasoningTokens = estimateTokens(reasoningOf(answer)) * factor;
  const resultTokens = estimateTokens(toolResultsOf(answer));
  const turnsAfter = turnsOf(after, '', imageTokens);
  const otherTokens = estimatePromptTokens(turnsAfter) + readTokens(after) + resultTokens + toolTokens - toolTokensThen;
  return {
    // Reasoning is counted in the completion, and is not sent again.
    usedTokens: Math.max(
      0,
      Math.round(
        statistics.promptTokens +
          statistics.completionTokens -
          reasoningTokens +
          otherTokens * factor +
          imageCount(turnsAfter) * imageTokens,
      ),
    ),
    isEstimated: reasoningTokens > 0 || resultTokens > 0 || after.length > 0 || toolTokens !== toolTokensThen,
    factor,
  };
}

/** What tools have added to an answer; its statistics count what the model wrote. */
function toolResultsOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'tool-result' ? part.content : '')).join('');
}

function turnsOf(path: readonly Message[], systemPrompt: string | undefined, imageTokens: number): PromptTurn[] {
  return promptFor(path, systemPrompt, { images: imageTokens > 0 });
}

export function imageCount(turns: readonly PromptTurn[]): number {
  return turns.reduce((sum, { images = [] }) => sum + images.length, 0);
}

export function tokensOf(text: string, { factor }: ContextUse): number {
  return text === '' ? 0 : Math.ceil((estimateTokens(text) + 4) * factor);
}

/** Tokens of a message that is not sent yet. @param imageTokens as of `contextUse` */
export function tokensOfParts(parts: readonly MessagePart[], use: ContextUse, imageTokens: number): number {
  const images = parts.filter(({ type }) => type === 'image').length;
  return tokensOf(promptText({ parts }), use) + images * imageTokens;
}

/** Tokens that are reserved for the answer. */
export function answerReserve(windowTokens: number, maxTokens?: number): number {
  const share = Math.max(LEAST_ANSWER_TOKENS, Math.min(MOST_ANSWER_TOKENS, Math.floor(windowTokens * ANSWER_SHARE)));
  return Math.min(share, maxTokens ?? share);
}

/** Whether a prompt of this length leaves room for an answer. */
export function fits(promptTokens: number, windowTokens: number, maxTokens?: number): boolean {
  return promptTokens + answerReserve(windowTokens, maxTokens) <= windowTokens;
}
