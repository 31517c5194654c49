import type { PromptTurn } from './prompt.ts';

/**
 * About how many tokens a text has, before anything is known of the model's tokenizer: what tokenizers of the common
 * kind (byte pairs, 32,000 to 256,000 of them) make of it. `calibrated` brings it to the model at hand.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at++) tokens += weightOf(text.charCodeAt(at));
  return tokens;
}

/** What a chat template puts around a turn: its role and two or three marks. */
const TOKENS_A_TURN = 4;

export function estimatePromptTokens(turns: readonly PromptTurn[]): number {
  return turns.reduce((sum, { content }) => sum + TOKENS_A_TURN + estimateTokens(content), 0);
}

/** So many tokens weigh as much as what was counted: a short prompt says little about a tokenizer. */
const PRIOR_TOKENS = 40;

/** The tokenizer against the rough count, from a prompt whose tokens the engine has counted. 1 = as roughly counted. */
export function calibration(countedTokens: number, turns: readonly PromptTurn[]): number {
  return (countedTokens + PRIOR_TOKENS) / (estimatePromptTokens(turns) + PRIOR_TOKENS);
}

/** Tokens that one UTF-16 unit of a script takes, on average. */
function weightOf(code: number): number {
  if (code < 0x80) return isLetter(code) ? 0.22 : code === 0x20 ? 0.05 : 0.5;
  // Chinese, Japanese, Korean: a character is a word or a syllable.
  if (code >= 0x2e80 && code < 0xd800) return 0.75;
  // Half of a pair: emoji and rare signs take two or three tokens.
  if (code >= 0xd800 && code < 0xe000) return 1.2;
  return 0.4;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
