import { Lexer, Marked, type MarkedOptions, type MarkedToken, type Token, type TokenizerExtension } from 'marked';
import { ChatTokenizer } from './chat-tokenizer.ts';
import { blockFormula, blockFormulaStart, type FormulaToken, formulaStart, inlineFormula } from './formula-tokens.ts';
import { blockNote, type NoteReferenceToken, type NoteToken, noteReference, noteStart } from './note-tokens.ts';
import type { LinkTarget } from './references.ts';

/** Lexer for GitHub's Markdown with our extensions: formulas and footnotes. */
export type BlockToken = MarkedToken | FormulaToken | NoteToken | NoteReferenceToken;

const EXTENSIONS: readonly TokenizerExtension[] = [
  { name: 'formula', level: 'block', start: blockFormulaStart, tokenizer: blockFormula },
  { name: 'formula-inline', level: 'inline', start: formulaStart, tokenizer: inlineFormula },
  {
    name: 'note',
    level: 'block',
    start: noteStart,
    tokenizer(source) {
      return blockNote(source, (text) => this.lexer.blockTokens(text));
    },
  },
  { name: 'note-reference', level: 'inline', start: (source) => source.indexOf('[^'), tokenizer: noteReference },
];

/** Chats are no CommonMark documents: a line that was written as a line is shown as one. */
const PLAIN: MarkedOptions = { gfm: true, breaks: true };

const extended = new Marked({ ...PLAIN, extensions: [...EXTENSIONS] });

/** Most blocks have neither formulas nor footnotes, and are lexed without those extensions. */
const HAS_EXTENSION = /\$|\\[([]|\[\^/;

/**
 * Lexes one block of Markdown, which may refer to link definitions of other blocks, and returns its own definitions too.
 * Linear in the length of a block from the splitter, at most 5,120 characters.
 */
export function lexBlock(
  source: string,
  targets: Readonly<Record<string, LinkTarget>>,
): { readonly tokens: readonly BlockToken[]; readonly targets: Readonly<Record<string, LinkTarget>> } {
  const options = HAS_EXTENSION.test(source) ? extended.defaults : PLAIN;
  const lexer = new Lexer({ ...options, tokenizer: new ChatTokenizer() });
  Object.assign(lexer.tokens.links, targets);
  const tokens = ours(lexer.lex(source));
  return { tokens, targets: lexer.tokens.links };
}

/** marked's token type is open-ended; these are all tokens that its lexer and our extensions create. */
export function ours(tokens: readonly Token[]): readonly BlockToken[] {
  return tokens as readonly BlockToken[];
}
