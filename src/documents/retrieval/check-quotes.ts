import type { NumberedPassage } from './quoted-documents.ts';

/** `[2]` in an answer. */
export interface QuoteReference {
  readonly number: number;
  /** Where it stands in the answer, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Undefined: no passage has that number. */
  readonly passage: NumberedPassage | undefined;
}

/** Words in quotation marks in an answer. */
export interface QuotedWords {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The passage that has these words; undefined: none of them, so the quote is the model's own. */
  readonly passage: NumberedPassage | undefined;
}

export interface CheckedQuotes {
  readonly references: readonly QuoteReference[];
  readonly quotes: readonly QuotedWords[];
}

/** Also `[1, 3]` and `[1-3]`; not a link's or a footnote's brackets. */
const REFERENCE = /(?<![\w\]\\])\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\](?![(:])|(?<=\])\[(\d{1,3})\](?![(:])/g;

const QUOTE = /"([^"\n]+)"|“([^”\n]+)”|„([^“”\n]+)[“”]|«([^»\n]+)»|「([^」\n]+)」|『([^』\n]+)』/g;

/** Shorter ones are words that are only named: “tide”. */
const LEAST_QUOTE_WORDS = 3;
const LEAST_QUOTE_CHARACTERS = 6;

/** Finds what an answer refers to and quotes, and whether the passages have it. Code is left out. */
export function checkQuotes(answer: string, passages: readonly NumberedPassage[]): CheckedQuotes {
  const text = withoutCode(answer);
  const byNumber = new Map(passages.map((passage) => [passage.number, passage]));
  const references = [...text.matchAll(REFERENCE)].flatMap(({ 0: whole, 1: list, 2: single, index }) =>
    numbersIn(list ?? single ?? '').map((number) => ({
      number,
      start: index,
      end: index + whole.length,
      passage: byNumber.get(number),
    })),
  );
  const comparable = passages.map((passage) => ({ passage, text: comparableText(passage.passage.text) }));
  const quotes = [...text.matchAll(QUOTE)].flatMap(({ 0: whole, index, ...groups }) => {
    const words = Object.values(groups).find(
      (group) => typeof group === 'string' && group !== '' && whole.includes(group),
    );
    if (typeof words !== 'string' || !isLong(words)) return [];
    // A model leaves out with an ellipsis, and ends a quote with a stop of its own.
    const pieces = words
      .split(/\s*(?:\[?(?:…|\.{3})\]?)\s*/)
      .map(comparableText)
      .filter((piece) => piece !== '');
    const found = comparable.find((one) => pieces.every((piece) => one.text.includes(piece)));
    return [{ text: words, start: index, end: index + whole.length, passage: found?.passage }];
  });
  return { references, quotes };
}

/** The same length, so that places stay; inside a quote it is words that were left out. */
function withoutCode(answer: string): string {
  return answer.replace(/^(`{3,})[\s\S]*?(?:^\1|$(?![\s\S]))|`[^`\n]*`/gm, (code) => '…'.padEnd(code.length));
}

/** @param list as `1, 3-5` */
function numbersIn(list: string): number[] {
  return list.split(/[,;]/).flatMap((part) => {
    const [from = 0, to = from] = part.split(/[–-]/).map(Number);
    return Array.from({ length: Math.min(Math.max(to - from, 0), 20) + 1 }, (_, index) => from + index);
  });
}

function isLong(words: string): boolean {
  return (
    words.length >= LEAST_QUOTE_CHARACTERS &&
    (words.trim().split(/\s+/).length >= LEAST_QUOTE_WORDS || /[\u3040-\u9fff]/.test(words))
  );
}

/** Letters and digits alone: line ends, dashes, marks of Markdown and kinds of quotation marks do not matter. */
function comparableText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
