/** How texts and queries are compared: without case and marks, word by word. */

/**
 * Scripts that write without spaces. By script extensions, so that marks which several scripts share, such as `ー`, belong to
 * the characters around them.
 */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}`;
const UNSPACED_START = new RegExp(`^(?=[\\p{L}\\p{N}])[${UNSPACED}]`, 'u');
/** Letters of a script with spaces end where one without begins: `Python入門` is `python` and `入門`. */
const RUNS = new RegExp(
  `(?:(?=[\\p{L}\\p{N}])[${UNSPACED}]\\p{M}*)+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}]\\p{M}*)+`,
  'gu',
);

/** Most texts need only their case folded, which is many times faster. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII.
const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORDS = /[a-z0-9]+/g;

/** Characters. Longer words are cut: no user types them into a search, and a pasted file may be one word. */
const LONGEST_WORD = 40;

/** Words of a query that are looked up; the user may paste a book into the search. */
const MOST_WORDS = 32;

/** What a text is searched for. */
export interface FoldedText {
  /** Of scripts with spaces: `Ärger` is found by `arg`, `straße` by `strasse`. */
  readonly words: readonly string[];
  /** Of scripts without: each passage of the text, with a space between them. */
  readonly unspaced: string;
}

export function foldText(text: string): FoldedText {
  if (ASCII.test(text)) return { words: (text.toLowerCase().match(ASCII_WORDS) ?? []).map(cut), unspaced: '' };
  const words: string[] = [];
  const passages: string[] = [];
  for (const [run] of folded(text).matchAll(RUNS)) {
    if (isUnspaced(run)) passages.push(run);
    else words.push(cut(run));
  }
  return { words, unspaced: passages.join(' ') };
}

/**
 * The words of a query, each once. What is written without spaces is split by the browser's dictionary: the words of
 * `データ分析` are also found in `データの分析`. Texts are not split: a dictionary takes `研究生` for a word, and splits
 * `研究生命` behind its second character.
 */
export function queryWords(query: string): string[] {
  const words = new Set<string>();
  for (const [run] of query.normalize('NFC').matchAll(RUNS)) {
    for (const word of isUnspaced(run) ? split(run) : [run]) {
      // One character may fold into several words.
      const { words: spaced, unspaced } = foldText(word);
      for (const part of [...spaced, ...unspaced.split(' ')]) if (part !== '') words.add(part);
    }
    if (words.size >= MOST_WORDS) break;
  }
  return [...words];
}

/** Whether a text has a word that begins with a word of a query or, without spaces, has it anywhere. */
export function hasWord({ words, unspaced }: FoldedText, word: string): boolean {
  return isUnspaced(word) ? unspaced.includes(word) : words.some((one) => one.startsWith(word));
}

/** Whether a word, or a passage, is of a script without spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED_START.test(word);
}

/** Words, and passages without spaces, as they are written, with their marks. */
export function writtenRuns(text: string): IterableIterator<RegExpExecArray> {
  return text.matchAll(RUNS);
}

function split(run: string): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(run), ({ segment }) => segment);
}

function cut(word: string): string {
  return word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word;
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ı', 'i');
}
