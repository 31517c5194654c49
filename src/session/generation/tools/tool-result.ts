/** The share of the context window that one result may take. */
const SHARE = 0.25;
/** At about four characters a token. */
const CHARACTERS_PER_TOKEN = 4;

/** What a tool has returned, as the model reads it. */
export interface ResultText {
  readonly content: string;
  /** Characters that were cut off; undefined if none were. */
  readonly omittedCharacters?: number;
}

/** Cuts a result to the share of the context window that it may take. @param contextWindow of the model, tokens */
export function toResultText(text: string, contextWindow: number): ResultText {
  const most = Math.ceil(contextWindow * SHARE * CHARACTERS_PER_TOKEN);
  if (text.length <= most) return { content: text.toWellFormed() };
  return { content: text.slice(0, most).toWellFormed(), omittedCharacters: text.length - most };
}
