import type { DocumentText } from '../document-text.ts';

/** A piece of a page that is found, sent to a model and quoted as one. */
export interface Passage {
  /** Index of its page in the document. */
  readonly page: number;
  /** The page's. */
  readonly label: string;
  /** Where it stands in the page's text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A passage that a search has found. */
export interface FoundPassage {
  readonly sha256: string;
  readonly passage: Passage;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
}

/** Of a passage, in words. It ends with the paragraph after the first, and with the sentence before the second. */
const LEAST_WORDS = 200;
const MOST_WORDS = 300;

/** At the end of a passage, in words: sentences that the next one begins with too, so that both can be understood. */
const OVERLAP_WORDS = 40;

/** Characters of a word with the space behind it, and of one in a script without spaces. */
const WORD_LENGTH = 6;
const UNSPACED_WORD_LENGTH = 1.7;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/g;

interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly words: number;
  readonly endsParagraph: boolean;
}

/** The passages of a document, in its order. None crosses a page, so that each has one label. */
export function passagesOf({ pages }: DocumentText): Passage[] {
  return pages.flatMap(({ text }, page) => passagesOfPage(pages, page, text));
}

function passagesOfPage(pages: DocumentText['pages'], page: number, text: string): Passage[] {
  const label = pages[page]?.label ?? '';
  const sentences = sentencesOf(text);
  const passages: Passage[] = [];
  let first = 0;
  let words = 0;
  for (const [index, sentence] of sentences.entries()) {
    words += sentence.words;
    const next = sentences[index + 1];
    const isFull =
      next !== undefined && ((words >= LEAST_WORDS && sentence.endsParagraph) || words + next.words > MOST_WORDS);
    if (next !== undefined && !isFull) continue;
    const start = sentences[first]?.start ?? 0;
    const passage = text.slice(start, sentence.end).trimEnd();
    if (passage !== '') passages.push({ page, label, start, end: start + passage.length, text: passage });
    // At least one sentence of a passage is new.
    ({ first, words } = overlap(sentences, Math.max(first + 1, 1), index));
  }
  return passages;
}

/** Where the passage after `last` begins, and the words that it repeats. */
function overlap(sentences: readonly Sentence[], least: number, last: number): { first: number; words: number } {
  let first = last + 1;
  let words = 0;
  for (let at = last; at >= least; at -= 1) {
    const more = sentences[at]?.words ?? 0;
    if (words + more > OVERLAP_WORDS) break;
    words += more;
    first = at;
  }
  return { first, words };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Sentences without the space before them. A line of a table or of code is one; one that is too long is cut. */
function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    const start = index + (segment.length - segment.trimStart().length);
    const end = index + segment.trimEnd().length;
    if (end <= start) continue;
    const endsParagraph = /^\s*\n\s*\n/.test(text.slice(end, end + 20));
    for (const [from, to] of cut(text, start, end)) {
      sentences.push({
        start: from,
        end: to,
        words: wordsOf(text.slice(from, to)),
        endsParagraph: endsParagraph && to === end,
      });
    }
  }
  return sentences;
}

/** At spaces where there are some, never within a character. */
function* cut(text: string, start: number, end: number): Generator<readonly [from: number, to: number]> {
  let from = start;
  while (wordsOf(text.slice(from, end)) > MOST_WORDS) {
    const isUnspaced = wordsOf(text.slice(from, from + MOST_WORDS)) > MOST_WORDS / 2;
    const length = Math.floor(LEAST_WORDS * (isUnspaced ? UNSPACED_WORD_LENGTH : WORD_LENGTH));
    const space = text.lastIndexOf(' ', from + length);
    const to = space > from + length / 2 ? space + 1 : from + length;
    const isWithin = /[\ud800-\udbff]/.test(text.charAt(to - 1));
    yield [from, isWithin ? to - 1 : to];
    from = isWithin ? to - 1 : to;
  }
  if (from < end) yield [from, end];
}

/** Counted by length, which is enough here and quick. */
function wordsOf(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  return unspaced / UNSPACED_WORD_LENGTH + (text.length - unspaced) / WORD_LENGTH;
}
