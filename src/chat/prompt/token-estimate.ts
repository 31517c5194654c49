import type { PromptTurn } from './prompt.ts';

/** For common tokenizers (byte pairs, vocabularies of 32,000 to 256,000); `calibration` adapts it to a model. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at++) tokens += weightOf(text.charCodeAt(at));
  return tokens;
}

/** Tokens that a chat template adds to a turn: its role and two or three control tokens. */
const TOKENS_A_TURN = 4;

/** Of the text: how much an image takes, only its model says. */
export function estimatePromptTokens(turns: readonly PromptTurn[]): number {
  return turns.reduce((sum, { content }) => sum + TOKENS_A_TURN + estimateTokens(content), 0);
}

/** Weight of the assumption that the estimate is right, in tokens: a short prompt says little about a tokenizer. */
const PRIOR_TOKENS = 40;

/**
 * The ratio of a model's tokenizer to the estimate, from a prompt whose tokens the engine has counted. 1 = equal.
 * @param toolTokens estimate of what the prompt had besides the turns
 */
export function calibration(countedTokens: number, turns: readonly PromptTurn[], toolTokens = 0): number {
  return (countedTokens + PRIOR_TOKENS) / (estimatePromptTokens(turns) + toolTokens + PRIOR_TOKENS);
}

/** Tokens for one UTF-16 code unit, on average over texts of its script. */
function weightOf(code: number): number {
  if (code < 0x80) return isLetter(code) ? 0.22 : code === 0x20 ? 0.05 : 0.5;
  // Chinese, Japanese, Korean: a character is a word or a syllable.
  if (code >= 0x2e80 && code < 0xd800) return 0.75;
  // A surrogate: emoji and rare characters take two or three tokens.
  if (code >= 0xd800 && code < 0xe000) return 1.2;
  return 0.4;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** What a model reads of a tool. */
export interface DescribedTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What says how a call is written, whatever the tools are: about the same in Alcove's prompt and in chat templates. */
const FRAME_TOKENS = 80;
/** What separates the descriptions. */
const TOKENS_A_TOOL = 4;

/** The tokens that descriptions of tools add to a prompt; 0 without tools. */
export function estimateToolTokens(tools: readonly DescribedTool[]): number {
  if (tools.length === 0) return 0;
  const each = tools.map(({ name, description, parameters }) => {
    return TOKENS_A_TOOL + estimateTokens(JSON.stringify({ name, description, parameters }));
  });
  return Math.round(each.reduce((sum, tokens) => sum + tokens, FRAME_TOKENS));
}
