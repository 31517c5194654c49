import { Tokenizer, type Tokens } from 'marked';

/** Scripts that write without spaces, with their punctuation and full-width forms. */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\u3000-\u303f\u30fb\u30fc\uff00-\uffef`;
const IS_CJK = new RegExp(`^[${CJK}]`, 'u');
const HAS_CJK = new RegExp(`[${CJK}]`, 'u');
/** Punctuation of those scripts beside asterisks, and any punctuation there that has one of their characters behind them. */
const BEFORE_STARS = new RegExp(
  String.raw`[\u3000-\u303f\u30fb\uff00-\uffef](?=\*)|[\p{P}\p{S}](?=\*+[${CJK}])(?<!\*)`,
  'gu',
);
const AFTER_STARS = new RegExp(
  String.raw`(?<=\*)[\u3000-\u303f\u30fb\uff00-\uffef]|(?<=[${CJK}]\*+)[\p{P}\p{S}](?<!\*)`,
  'gu',
);

/** Punctuation, space or an invisible character that is no ASCII: an address that stands in a text ends before it. */
const ENDS_ADDRESS = /(?!\p{ASCII})[\p{P}\p{S}\p{Z}\p{C}]/u;

/** GitHub's Markdown where its rules fail people who chat. */
export class ChatTokenizer extends Tokenizer {
  /** Only `~~` strikes text through: a single one is an approximation or a range. */
  override del(source: string, masked: string, previous?: string): Tokens.Del | undefined {
    return /^~~(?!~)/.test(source) ? super.del(source, masked, previous) : undefined;
  }

  /**
   * Bold and italics beside Chinese, Japanese and Korean, which have no spaces around words: there, punctuation next to the
   * asterisks counts as a letter. https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md
   */
  override emStrong(source: string, masked: string, previous = ''): Tokens.Em | Tokens.Strong | undefined {
    if (!source.startsWith('*') || !HAS_CJK.test(masked)) return super.emStrong(source, masked, previous);
    const next = source.replace(/^\*+/, '');
    const isBeside = IS_CJK.test(previous) || IS_CJK.test(next);
    const lettered = masked.replace(BEFORE_STARS, asLetters).replace(AFTER_STARS, asLetters);
    return super.emStrong(source, lettered, isBeside ? '' : previous);
  }

  /** An address in a text, which ends before the punctuation of other scripts. */
  override url(source: string): Tokens.Link | undefined {
    const word = /^\S+/.exec(source)?.[0] ?? '';
    const end = word.search(ENDS_ADDRESS);
    return super.url(end === -1 ? source : source.slice(0, end));
  }
}

/** Of the same length, in UTF-16 code units. */
function asLetters(text: string): string {
  return 'a'.repeat(text.length);
}
